using System.Text;
using System.Text.Json;
using BlazorAuth.Http;
using BlazorAuth.Providers.Backchannel;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;

namespace BlazorAuth.Providers.OpenIdConnect;

/// <summary>
/// Lets a sign-in go on with what the id token says when the user info endpoint refuses or answers oddly: who the person is, is known by then. An answer that
/// names another person reaches the handler, which refuses it; one that names nobody is ignored.
/// </summary>
internal sealed class OptionalUserInfo(OpenIdConnectOptions options, HttpMessageHandler inner) : DelegatingHandler(inner)
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (ProviderExchange.Current is not { Subject: { Length: > 0 } subject } exchange || !await IsUserInfoAsync(request, cancellationToken)
            || (int)response.StatusCode >= 500 || response.StatusCode == System.Net.HttpStatusCode.TooManyRequests)
        {
            return response;
        }

        var isToken = response.Content.Headers.ContentType?.MediaType?.EndsWith("jwt", StringComparison.OrdinalIgnoreCase) == true;
        if (isToken && response.IsSuccessStatusCode)
        {
            return response;
        }

        if (await MissingAsync(response, cancellationToken) is not { } missing)
        {
            // Anything that can be parsed as JSON is JSON, regardless of its content type.
            response.Content.Headers.ContentType = new("application/json", "utf-8");
        }
        else
        {
            exchange.Forgive(missing);
            response.StatusCode = System.Net.HttpStatusCode.OK;
            response.Content = new StringContent(JsonSerializer.Serialize(new { sub = subject }), Encoding.UTF8, "application/json");
        }

        return response;
    }

    // Calls without an access token are not UserInfo requests. One of them reads the discovery document, and must not wait for itself.
    private async ValueTask<bool> IsUserInfoAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        request.Method == HttpMethod.Get && request.Headers.Authorization is not null && options.ConfigurationManager is { } manager
        && WebUri.TryParse((await manager.GetConfigurationAsync(cancellationToken)).UserInfoEndpoint, out var endpoint) && endpoint == request.RequestUri;

    /// <summary>What the answer lacks; null when the handler can use it.</summary>
    private static async ValueTask<string?> MissingAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            return $"user info: HTTP {(int)response.StatusCode}";
        }

        try
        {
            using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            return answer.RootElement.ValueKind != JsonValueKind.Object ? "user info: not a JSON object"
                : !answer.RootElement.TryGetProperty("sub", out var sub) || sub.ValueKind is JsonValueKind.Null ? "user info: no sub"
                : null;
        }
        catch (JsonException)
        {
            return "user info: not JSON";
        }
    }
}
