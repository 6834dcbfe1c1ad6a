using System.Buffers.Text;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace BlazorAuth.Providers;

/// <summary>Reads from a provider's answer who the person is.</summary>
internal static class ProviderIdentity
{
    /// <summary>
    /// The person's id in this app: never random, so that the same account is the same person at every sign-in. The formula is kept forever:
    /// the first 22 characters of base64url(SHA-256(UTF-8(issuer + "\n" + subject))).
    /// </summary>
    public static string UserId(string issuer, string subject) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer}\n{subject}")))[..22];

    /// <summary>The claim that names the person at the provider; null when the answer has none.</summary>
    public static Claim? Subject(ClaimsPrincipal principal) =>
        new[] { principal.FindFirst(AuthClaims.Subject), principal.FindFirst(ClaimTypes.NameIdentifier) }
            .FirstOrDefault(claim => !string.IsNullOrWhiteSpace(claim?.Value));

    public static SessionUser User(string id, ClaimsPrincipal principal, JsonObject profile)
    {
        var verified = Verified(principal, profile);
        var email = Claim(principal, AuthClaims.Email, ClaimTypes.Email);
        return new SessionUser
        {
            Id = id,
            Name = Text(profile, "name") ?? Claim(principal, AuthClaims.Name, ClaimTypes.Name) ?? Text(profile, "login") ?? Text(profile, "preferred_username"),
            // An address that the provider calls unverified is anybody's.
            Email = verified == false ? null : email?.ToLowerInvariant(),
            EmailVerified = verified == true && email is not null,
            Image = WebAddress(Claim(principal, AuthClaims.Picture) ?? Text(profile, "picture") ?? Text(profile, "avatar_url")),
        };
    }

    private static bool? Verified(ClaimsPrincipal principal, JsonObject profile)
    {
        var text = Claim(principal, AuthClaims.EmailVerified) ?? profile[AuthClaims.EmailVerified]?.ToString();
        return bool.TryParse(text, out var verified) ? verified : null;
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

    // A picture is shown by browsers: nothing but a web address.
    private static string? WebAddress(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp) ? text : null;
}
