using System.Text.Json;
using BlazorAuth.Providers.Backchannel;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Providers.OpenIdConnect;

/// <summary>
/// Pushes an authorization request (RFC 9126) where the provider offers it. One that is offered but not open to this client, which discovery cannot
/// tell, is left out from then on; one that is required is not.
/// </summary>
internal sealed class PushedAuthorization(string provider, TimeProvider clock, ILogger<PushedAuthorization> logger)
{
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromHours(1);

    private long? _leftOutAt;

    public async Task PushAsync(PushedAuthorizationContext context)
    {
        if (context.HandledPush || context.SkippedPush || context.HandledClientAuthentication)
        {
            return;
        }

        var cancellationToken = context.HttpContext.RequestAborted;
        var discovery = await context.Options.ConfigurationManager!.GetConfigurationAsync(cancellationToken);
        var isRequired = discovery.RequirePushedAuthorizationRequests || context.Options.PushedAuthorizationBehavior == PushedAuthorizationBehavior.Require;
        if (!isRequired && _leftOutAt is { } at && clock.GetElapsedTime(at) < TryAgainAfter)
        {
            context.SkipPush();
            return;
        }

        var (requestUri, problem) = await AskAsync(context, discovery.PushedAuthorizationRequestEndpoint, cancellationToken);
        if (requestUri is not null)
        {
            context.HandlePush(requestUri);
            return;
        }

        if (isRequired)
        {
            throw new ProviderAnswerException($"The provider requires pushed authorization requests and rejected this one: {problem}.");
        }

        ProviderExchange.Current?.Forgive();
        _leftOutAt = clock.GetTimestamp();
        logger.PushedAuthorizationLeftOut(provider, problem);
        context.SkipPush();
    }

    private static async Task<(string? RequestUri, string Problem)> AskAsync(PushedAuthorizationContext context, string endpoint, CancellationToken cancellationToken)
    {
        var fields = context.ProtocolMessage.Parameters.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
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
                return (null, $"it responded with {(int)response.StatusCode}");
            }

            using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            return answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty("request_uri", out var uri)
                && uri.ValueKind == JsonValueKind.String && uri.GetString() is { Length: > 0 } found
                    ? (found, "")
                    : (null, "its response contains no request_uri");
        }
        catch (JsonException)
        {
            return (null, "its response is not JSON");
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (null, "it is not responding");
        }
    }
}
