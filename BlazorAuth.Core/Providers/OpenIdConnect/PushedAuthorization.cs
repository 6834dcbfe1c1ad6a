using System.Collections.Concurrent;
using System.Text.Json;
using BlazorAuth.Http;
using BlazorAuth.Providers.Backchannel;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Providers.OpenIdConnect;

/// <summary>
/// Pushes an authorization request (RFC 9126) where the provider offers it. Where it is merely offered, a sign-in whose push is refused goes on without one, and the
/// provider itself says what it dislikes; <see cref="PushRefusal"/> knows for whom else, and how long, pushes are left out. One that is required is not left out.
/// </summary>
internal sealed class PushedAuthorization(string provider, SignInRateLimit limit, TimeProvider clock, ILogger<PushedAuthorization> logger)
{
    private const int MostRemembered = 64;

    // Somebody waits, and can go on without it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // By redirect address; an empty one stands for all.
    private readonly ConcurrentDictionary<string, LeftOut> _leftOut = new(StringComparer.Ordinal);

    public async Task PushAsync(PushedAuthorizationContext context)
    {
        if (context.HandledPush || context.SkippedPush || context.HandledClientAuthentication)
        {
            return;
        }

        var cancellationToken = context.HttpContext.RequestAborted;
        var discovery = await context.Options.ConfigurationManager!.GetConfigurationAsync(cancellationToken);
        var isRequired = RequiredPushes.AreRequired(context.Options, discovery);
        if (!isRequired && (IsLeftOut("") || IsLeftOut(context.ProtocolMessage.RedirectUri) || IsTooOften(context.HttpContext)))
        {
            context.SkipPush();
            return;
        }

        var answer = await AskAsync(context, discovery.PushedAuthorizationRequestEndpoint, isRequired ? Timeout.InfiniteTimeSpan : Patience, cancellationToken);
        if (answer.RequestUri is not null)
        {
            context.HandlePush(answer.RequestUri);
            return;
        }

        if (isRequired)
        {
            throw new ProviderAnswerException($"The provider requires pushed authorization requests and rejected this one: {answer.Problem}.");
        }

        ProviderExchange.Current?.Forgive();
        Remember(answer, context.ProtocolMessage.RedirectUri);
        context.SkipPush();
    }

    private void Remember(Answer answer, string redirectUri)
    {
        if (answer.Refusal is not { } refusal)
        {
            logger.PushedRequestRefused(provider, answer.Problem);
            return;
        }

        // Each of them only saves a request.
        if (_leftOut.Count >= MostRemembered)
        {
            _leftOut.Clear();
        }

        _leftOut[refusal.OfAddressOnly ? redirectUri : ""] = new LeftOut(clock.GetTimestamp(), refusal.For);
        logger.PushedAuthorizationLeftOut(provider, answer.Problem, (int)refusal.For.TotalMinutes);
    }

    private bool IsLeftOut(string redirectUri) => _leftOut.TryGetValue(redirectUri, out var left) && clock.GetElapsedTime(left.Since) < left.For;

    // Our endpoints have counted; what a page of the app starts with [Authorize] and a scheme, nobody has.
    private bool IsTooOften(HttpContext http) => http.Features.Get<AuthRequest>() is null && limit.Refuses(http, SignInStep.Push, out _);

    private async Task<Answer> AskAsync(PushedAuthorizationContext context, string endpoint, TimeSpan patience, CancellationToken cancellationToken)
    {
        var fields = context.ProtocolMessage.Parameters.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
        fields["client_id"] = context.Options.ClientId!;
        if (context.Options.ClientSecret is { Length: > 0 } secret)
        {
            fields["client_secret"] = secret;
        }

        using var timer = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timer.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new FormUrlEncodedContent(fields) };
            using var response = await context.Options.Backchannel.SendAsync(request, either.Token);
            var text = await response.Content.ReadAsStringAsync(either.Token);
            if (!response.IsSuccessStatusCode)
            {
                var error = Text(text, "error");
                return new(null, $"it responded with {(int)response.StatusCode}{(error is null ? "" : $" {CauseFinder.Error(error)}")}", PushRefusal.Of(response.StatusCode, error, context));
            }

            return Text(text, "request_uri") is { } found ? new(found, "") : new(null, "its response contains no request_uri");
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new(null, "it is not responding", PushRefusal.Down);
        }
    }

    /// <summary>A text of an answer; null where it has none, or is no JSON object.</summary>
    private static string? Text(string answer, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var value)
                && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } found ? found : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record LeftOut(long Since, TimeSpan For);

    /// <param name="RequestUri">What takes the place of the request; null when it was not accepted.</param>
    /// <param name="Problem">Why not.</param>
    /// <param name="Refusal">What that says about other requests; null for nothing.</param>
    private sealed record Answer(string? RequestUri, string Problem, PushRefusal? Refusal = null);
}
