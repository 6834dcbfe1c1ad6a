using System.Text.Json;
using BlazorAuth.Providers.Backchannel;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Providers.OpenIdConnect;

/// <summary>
/// Pushes an authorization request (RFC 9126) where the provider offers it. One that is offered but not open to this client, which discovery cannot
/// tell, is left out for an hour, a server that is down for a minute; one that is required is not. What a visitor's own hints cause counts for nobody else.
/// </summary>
internal sealed class PushedAuthorization(string provider, TimeProvider clock, ILogger<PushedAuthorization> logger)
{
    private static readonly TimeSpan AnHour = TimeSpan.FromHours(1);
    private static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);

    private volatile LeftOut? _leftOut;

    public async Task PushAsync(PushedAuthorizationContext context)
    {
        if (context.HandledPush || context.SkippedPush || context.HandledClientAuthentication)
        {
            return;
        }

        var cancellationToken = context.HttpContext.RequestAborted;
        var discovery = await context.Options.ConfigurationManager!.GetConfigurationAsync(cancellationToken);
        var isRequired = discovery.RequirePushedAuthorizationRequests || context.Options.PushedAuthorizationBehavior == PushedAuthorizationBehavior.Require;
        if (!isRequired && _leftOut is { } left && clock.GetElapsedTime(left.Since) < left.For)
        {
            context.SkipPush();
            return;
        }

        var answer = await AskAsync(context, discovery.PushedAuthorizationRequestEndpoint, without: [], cancellationToken);
        if (answer.RequestUri is not null)
        {
            context.HandlePush(answer.RequestUri);
            return;
        }

        if (isRequired)
        {
            throw new ProviderAnswerException($"The provider requires pushed authorization requests and rejected this one: {answer.Problem}.");
        }

        // Anyone can send hints that a provider rejects. Whether it takes requests at all, one without them tells.
        var hints = AuthorizationParameters.HintsOf(context.Properties);
        if (hints.Count > 0)
        {
            answer = await AskAsync(context, discovery.PushedAuthorizationRequestEndpoint, hints, cancellationToken);
        }

        ProviderExchange.Current?.Forgive();
        if (answer.RequestUri is null)
        {
            _leftOut = new LeftOut(clock.GetTimestamp(), answer.IsBrief ? AMinute : AnHour);
            logger.PushedAuthorizationLeftOut(provider, answer.Problem, (int)_leftOut.For.TotalMinutes);
        }

        context.SkipPush();
    }

    private static async Task<Answer> AskAsync(
        PushedAuthorizationContext context, string endpoint, IReadOnlyCollection<string> without, CancellationToken cancellationToken)
    {
        var fields = context.ProtocolMessage.Parameters.Where(pair => !without.Contains(pair.Key)).ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        fields["scope"] = without.Contains("scope") ? string.Join(' ', context.Options.Scope) : context.ProtocolMessage.Scope;
        fields["client_id"] = context.Options.ClientId!;
        if (context.Options.ClientSecret is { Length: > 0 } secret)
        {
            fields["client_secret"] = secret;
        }

        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new FormUrlEncodedContent(fields) };
            using var response = await context.Options.Backchannel.SendAsync(request, cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                return new(null, $"it responded with {(int)response.StatusCode}", (int)response.StatusCode is >= 500 or 408 or 429);
            }

            using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("request_uri", out var uri)
                && uri.ValueKind == JsonValueKind.String && uri.GetString() is { Length: > 0 } found
                    ? new(found, "")
                    : new(null, "its response contains no request_uri");
        }
        catch (JsonException)
        {
            return new(null, "its response is not JSON");
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new(null, "it is not responding", IsBrief: true);
        }
    }

    private sealed record LeftOut(long Since, TimeSpan For);

    /// <param name="RequestUri">What takes the place of the request; null when it was not accepted.</param>
    /// <param name="Problem">Why not.</param>
    /// <param name="IsBrief">Whether that may be over in a moment.</param>
    private sealed record Answer(string? RequestUri, string Problem, bool IsBrief = false);
}
