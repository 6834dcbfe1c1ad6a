using System.Text.Json;
using System.Text.Json.Nodes;
using BlazorAuth.Http;

namespace BlazorAuth.Tokens;

/// <summary>What a session grants, as its row keeps it.</summary>
/// <param name="Provider">The provider that signed the person in.</param>
/// <param name="ProviderAccountId">The person's id at the provider; null when it is not known.</param>
/// <param name="AuthenticatedAt">When the person last authenticated; null if unknown.</param>
/// <param name="Claims">The app's and the profile's claims.</param>
internal sealed record RowContent(string Provider, string? ProviderAccountId, DateTimeOffset? AuthenticatedAt, JsonObject Claims)
{
    /// <summary>The hash of the cookie of the browser in which it began; null if unknown.</summary>
    public string? Browser { get; init; }

    /// <summary>Whether the session is to end with the browser: the person did not want to be remembered.</summary>
    public bool IsTransient { get; init; }

    /// <summary>What ASP.NET Core Identity knew of the user when it signed them in; null for a session that it did not begin.</summary>
    public UserStamp? Stamp { get; init; }

    private const string ProviderName = "provider";
    private const string AccountName = "account";
    private const string AuthenticatedName = "authenticated";
    private const string ClaimsName = "claims";
    private const string BrowserName = "browser";
    private const string TransientName = "transient";
    private const string StampName = "stamp";
    private const string StampedName = "stamped";

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

        if (IsTransient)
        {
            json[TransientName] = true;
        }

        if (Stamp is { } stamp)
        {
            json[StampName] = stamp.Value;
            json[StampedName] = new JsonArray([.. stamp.Claims.Select(name => (JsonNode)name)]);
        }

        return JsonSerializer.SerializeToUtf8Bytes(json, AuthJson.Compact);
    }

    public static RowContent FromJson(ReadOnlySpan<byte> text)
    {
        var json = JsonCopy.Parse(text)!.AsObject();
        var claims = json[ClaimsName]!.AsObject();
        json.Remove(ClaimsName);
        return new RowContent(
            json[ProviderName]!.GetValue<string>(),
            json[AccountName]?.GetValue<string>(),
            json[AuthenticatedName]?.GetValue<long>() is { } seconds ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null,
            claims)
        {
            Browser = json[BrowserName]?.GetValue<string>(),
            IsTransient = json[TransientName]?.GetValue<bool>() ?? false,
            Stamp = json[StampName]?.GetValue<string>() is { } stamp ? new UserStamp(stamp, [.. json[StampedName]!.AsArray().Select(name => name!.GetValue<string>())]) : null,
        };
    }
}

/// <summary>A user's security stamp, as ASP.NET Core Identity has it, and the claims that came from there.</summary>
/// <param name="Value">The stamp: it changes with the password and with everything else that is to end sessions.</param>
/// <param name="Claims">The names of the session's claims that Identity knows and may take away again.</param>
internal sealed record UserStamp(string Value, IReadOnlyList<string> Claims);
