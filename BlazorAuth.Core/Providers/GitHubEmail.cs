using System.Net.Http.Headers;
using System.Text.Json;
using BlazorAuth.Providers.Backchannel;

namespace BlazorAuth.Providers;

/// <summary>The one address that GitHub has verified and the person made the primary one; whichever GitHub handler is built in.</summary>
internal static class GitHubEmail
{
    /// <summary>The address in GitHub's list; null when the primary one is not verified.</summary>
    public static string? Find(JsonElement addresses)
    {
        if (addresses.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        var primary = addresses.EnumerateArray().FirstOrDefault(address => Is(address, "primary"));
        return primary.ValueKind == JsonValueKind.Object && Is(primary, "verified") && primary.TryGetProperty("email", out var email) && email.ValueKind == JsonValueKind.String
            ? email.GetString()
            : null;
    }

    /// <summary>
    /// GitHub's list; null when GitHub refuses it, as it does to an app without the permission "Email addresses" or to a token without the scope. Who the person is, is
    /// known all the same.
    /// </summary>
    public static async Task<JsonDocument?> ListAsync(HttpClient backchannel, string address, string? token, CancellationToken cancellationToken)
    {
        try
        {
            return await GetAsync(backchannel, address, token, cancellationToken);
        }
        catch (HttpRequestException exception) when (exception.StatusCode is { } status && (int)status is >= 400 and < 500 and not 429)
        {
            ProviderExchange.Current?.Forgive($"e-mail addresses: HTTP {(int)status}");
            return null;
        }
    }

    public static async Task<JsonDocument> GetAsync(HttpClient backchannel, string address, string? token, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.UserAgent.ParseAdd("BlazorAuth");
        using var response = await backchannel.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new HttpRequestException($"GitHub responded with {(int)response.StatusCode} to the request for the user.", null, response.StatusCode);
        }

        return await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(cancellationToken), default, cancellationToken);
    }

    private static bool Is(JsonElement address, string flag) =>
        address.ValueKind == JsonValueKind.Object && address.TryGetProperty(flag, out var value) && value.ValueKind == JsonValueKind.True;
}
