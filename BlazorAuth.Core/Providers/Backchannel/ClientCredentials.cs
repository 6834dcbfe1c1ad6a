using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Providers.Backchannel;

/// <summary>
/// Shows a provider who this client is, in the way that it wants (RFC 6749 §2.3, RFC 7523). The platform's handlers only know the secret in the
/// form. What a provider offers is what it knows, not what this client was registered for: a refusal is tried once the other way.
/// </summary>
internal sealed class ClientCredentials(ProviderClient client, HttpMessageHandler inner, ILogger<ClientCredentials> logger) : DelegatingHandler(inner)
{
    private ClientAuthentication? _worked;
    private volatile bool _wasAccepted;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (await FormAsync(request, cancellationToken) is not { } form)
        {
            return await base.SendAsync(request, cancellationToken);
        }

        var hasSecret = !string.IsNullOrEmpty(form.GetValueOrDefault("client_secret"));
        var way = client.Chosen ?? _worked ?? await client.OfferedAsync(hasSecret, cancellationToken);
        var response = await base.SendAsync(await RequestAsync(request, form, way, cancellationToken), cancellationToken);
        if (client.Chosen is not null || way is not (ClientAuthentication.Basic or ClientAuthentication.Post) || !hasSecret
            || !await IsRefusedAsync(response, form, way, cancellationToken))
        {
            _wasAccepted |= response.IsSuccessStatusCode;
            return response;
        }

        var other = way == ClientAuthentication.Basic ? ClientAuthentication.Post : ClientAuthentication.Basic;
        ProviderExchange.Current?.Forgive();
        var second = await base.SendAsync(await RequestAsync(request, form, other, cancellationToken), cancellationToken);
        if (await IsRefusedAsync(second, form, other, cancellationToken))
        {
            return second;
        }

        response.Dispose();
        if (second.IsSuccessStatusCode)
        {
            (_worked, _wasAccepted) = (other, true);
            logger.ClientAuthenticationLearnt(client.Id, Word(way), Word(other), $"{client.Variable("CLIENT_AUTH")}={Word(other)}");
        }

        return second;
    }

    /// <summary>The form in which the client says who it is; null for any other request, and where the app shows it by itself.</summary>
    private async ValueTask<Dictionary<string, string>?> FormAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Method != HttpMethod.Post || request.Content is not FormUrlEncodedContent content || request.Headers.Authorization is not null
            || !await client.ReceivesCredentialsAsync(request.RequestUri, cancellationToken))
        {
            return null;
        }

        var form = QueryHelpers.ParseQuery(await content.ReadAsStringAsync(cancellationToken)).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        return form.ContainsKey("client_id") && !form.ContainsKey("client_assertion") ? form : null;
    }

    private async ValueTask<HttpRequestMessage> RequestAsync(
        HttpRequestMessage request, Dictionary<string, string> form, ClientAuthentication way, CancellationToken cancellationToken)
    {
        var sent = new HttpRequestMessage(request.Method, request.RequestUri) { Version = request.Version, VersionPolicy = request.VersionPolicy };
        foreach (var (name, values) in request.Headers)
        {
            sent.Headers.TryAddWithoutValidation(name, values);
        }

        var fields = new Dictionary<string, string>(form);
        if (way != ClientAuthentication.Post)
        {
            fields.Remove("client_secret");
        }

        switch (way)
        {
            case ClientAuthentication.Basic:
                // The id is in the header; only a request that is itself about a client (RFC 9126) contains it twice.
                if (!IsPush(form))
                {
                    fields.Remove("client_id");
                }

                var pair = $"{Encode(form["client_id"])}:{Encode(form.GetValueOrDefault("client_secret", ""))}";
                sent.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(pair)));
                break;
            case ClientAuthentication.PrivateKeyJwt:
                fields["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
                fields["client_assertion"] = await client.AssertionAsync(form["client_id"], cancellationToken);
                break;
        }

        sent.Content = new FormUrlEncodedContent(fields);
        return sent;
    }

    // RFC 6749 §5.2, and how providers deviate from it: 200 (GitHub), 401 without a body, and, if a provider only reads the form, the error for a missing
    // parameter (LinkedIn). Once the client has been accepted, such an error of a push is about the request, which a visitor may have spoiled.
    private async Task<bool> IsRefusedAsync(
        HttpResponseMessage response, Dictionary<string, string> form, ClientAuthentication way, CancellationToken cancellationToken)
    {
        if (response.StatusCode == HttpStatusCode.Unauthorized)
        {
            return true;
        }

        if (response.StatusCode is not (HttpStatusCode.OK or HttpStatusCode.BadRequest or HttpStatusCode.Forbidden))
        {
            return false;
        }

        try
        {
            using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
            return answer.RootElement.ValueKind == JsonValueKind.Object && answer.RootElement.TryGetProperty("error", out var error)
                && error.ValueKind == JsonValueKind.String
                && (error.GetString() == "invalid_client" || (!(_wasAccepted && IsPush(form))
                    && (error.GetString() == "unauthorized_client" || (way == ClientAuthentication.Basic && error.GetString() == "invalid_request"))));
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsPush(Dictionary<string, string> form) => !form.ContainsKey("grant_type");

    // RFC 6749 §2.3.1: both are form-encoded before they are joined.
    private static string Encode(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    private static string Word(ClientAuthentication way) => way == ClientAuthentication.Basic ? "basic" : "post";
}
