using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BlazorAuth.Providers;

/// <summary>Reads from a provider's answer who the person is.</summary>
internal static class ProviderIdentity
{
    /// <summary>The claim that names the person at the provider; null when the answer has none.</summary>
    public static Claim? Subject(ClaimsPrincipal principal) =>
        new[] { principal.FindFirst(AuthClaims.Subject), principal.FindFirst(ClaimTypes.NameIdentifier) }
            .FirstOrDefault(claim => !string.IsNullOrWhiteSpace(claim?.Value));

    /// <summary>A claim that holds the address of an answer and the flag beside it, for handlers whose response is not visible here.</summary>
    public const string VouchedClaim = "blazorauth.vouched";

    /// <summary>The value of <see cref="VouchedClaim"/>; null when the answer has no flag.</summary>
    public static string? Vouched(JsonElement user) => user.ValueKind == JsonValueKind.Object && user.TryGetProperty(AuthClaims.EmailVerified, out var flag)
        ? $"{flag} {(user.TryGetProperty(AuthClaims.Email, out var email) ? email.ToString() : "")}"
        : null;

    public static SessionUser User(string id, ClaimsPrincipal principal, ProviderAnswer answer)
    {
        var name = Name(principal, answer.Profile);
        var email = ProviderText.Email(Claim(principal, AuthClaims.Email, ClaimTypes.Email));
        var verified = Verified(email, principal, answer);

        // An address that the provider marks as unverified could be anyone's.
        email = verified == false ? null : email;
        var picture = ProviderText.Picture(Claim(principal, AuthClaims.Picture) ?? Text(answer.Profile, "picture") ?? Text(answer.Profile, "avatar_url"));
        return new SessionUser
        {
            Id = id,
            Name = name,
            Email = email,
            EmailVerified = verified == true && email is not null && !answer.IsOfOtherIssuer,
            Image = ProviderText.Fits(name, email, picture) ? picture : null,
        };
    }

    private static string? Name(ClaimsPrincipal principal, JsonObject profile) =>
        ProviderText.Name(Text(profile, "name"))
        ?? ProviderText.Name(Claim(principal, AuthClaims.Name, ClaimTypes.Name))
        ?? ProviderText.Name($"{ProviderText.Name(Text(profile, "given_name"))} {ProviderText.Name(Text(profile, "family_name"))}")
        ?? ProviderText.Name($"{ProviderText.Name(Claim(principal, ClaimTypes.GivenName))} {ProviderText.Name(Claim(principal, ClaimTypes.Surname))}")
        ?? ProviderText.Name(Text(profile, "nickname"))
        ?? ProviderText.Name(Text(profile, "login"))
        ?? ProviderText.Name(Text(profile, "preferred_username"));

    /// <summary>
    /// What the provider says about this very address. A flag counts for the address next to it in the same response; one that a handler or the app
    /// turned into a claim counts if no response has a flag.
    /// </summary>
    private static bool? Verified(string? email, ClaimsPrincipal principal, ProviderAnswer answer)
    {
        var flags = answer.Sources
            .Where(source => source[AuthClaims.EmailVerified] is not null)
            .Select(source => (Flag: source[AuthClaims.EmailVerified]!.ToString(), Email: Text(source, AuthClaims.Email)))
            .Concat(principal.FindAll(VouchedClaim).Select(claim => claim.Value.Split(' ', 2)).Select(parts => (Flag: parts[0], Email: (string?)parts[^1])))
            .ToList();
        if (flags.Count == 0)
        {
            return ProviderText.Flag(Claim(principal, AuthClaims.EmailVerified));
        }

        var said = flags
            .Where(source => ProviderText.Email(source.Email) == email)
            .Select(source => ProviderText.Flag(source.Flag))
            .ToList();
        return said.Contains(false) ? false : said.Contains(true) ? true : null;
    }

    private static string? Claim(ClaimsPrincipal principal, params ReadOnlySpan<string> types)
    {
        foreach (var type in types)
        {
            if (principal.FindFirstValue(type) is { Length: > 0 } value)
            {
                return value;
            }
        }

        return null;
    }

    private static string? Text(JsonObject profile, string name) =>
        profile[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() is { Length: > 0 } text ? text : null;
}
