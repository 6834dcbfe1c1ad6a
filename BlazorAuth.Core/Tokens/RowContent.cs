using System.Text.Json;
using System.Text.Json.Nodes;

namespace BlazorAuth.Tokens;

/// <summary>What a session grants, as its row keeps it.</summary>
/// <param name="Provider">The provider that signed the person in.</param>
/// <param name="ProviderAccountId">The person's id at the provider; null when it is not known.</param>
/// <param name="AuthenticatedAt">When the person last showed who they are; null when nobody knows.</param>
/// <param name="Claims">The app's and the profile's claims.</param>
internal sealed record RowContent(string Provider, string? ProviderAccountId, DateTimeOffset? AuthenticatedAt, JsonObject Claims)
{
    /// <summary>The hash of the cookie of the browser in which it began; null where nobody knows it.</summary>
    public string? Browser { get; init; }

    private const string ProviderName = "provider";
    private const string AccountName = "account";
    private const string AuthenticatedName = "authenticated";
    private const string ClaimsName = "claims";
    private const string BrowserName = "browser";

    public byte[] ToJson()
    {
        var json = new JsonObject { [ProviderName] = Provider, [ClaimsName] = Claims.DeepClone() };
        if (ProviderAccountId is not null)
        {
            json[AccountName] = ProviderAccountId;
        }

        if (AuthenticatedAt is { } time)
        {
            json[AuthenticatedName] = time.ToUnixTimeSeconds();
        }

        if (Browser is not null)
        {
            json[BrowserName] = Browser;
        }

        return JsonSerializer.SerializeToUtf8Bytes(json, BlazorAuth.Http.AuthJson.Compact);
    }

    public static RowContent FromJson(ReadOnlySpan<byte> text)
    {
        var json = JsonNode.Parse(text)!.AsObject();
        var claims = json[ClaimsName]!.AsObject();
        json.Remove(ClaimsName);
        return new RowContent(
            json[ProviderName]!.GetValue<string>(),
            json[AccountName]?.GetValue<string>(),
            json[AuthenticatedName]?.GetValue<long>() is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null,
            claims)
        {
            Browser = json[BrowserName]?.GetValue<string>(),
        };
    }
}
