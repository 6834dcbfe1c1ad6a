using System.Security.Cryptography;
using System.Text;

namespace BlazorAuth.Http.Cookies;

/// <summary>The double-submit token <c>T|H</c> of Auth.js (<c>docs/contract/endpoints.md</c> §5): <c>T</c> random, <c>H</c> = SHA-256 of <c>T</c> and the secrets.</summary>
internal sealed record CsrfToken(string Value, string CookieValue, bool IsNew)
{
    private const int TokenLength = 64;

    /// <summary>The token in the cookie if it is one of ours, otherwise a new one.</summary>
    public static CsrfToken FromCookie(string? cookie, string joinedSecrets)
    {
        if (cookie?.Split('|') is [{ Length: TokenLength } token, var hash, ..]
            && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash(token, joinedSecrets)), Encoding.UTF8.GetBytes(hash)))
        {
            return new CsrfToken(token, cookie, IsNew: false);
        }

        return Create(joinedSecrets);
    }

    public static CsrfToken Create(string joinedSecrets)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenLength / 2));
        return new CsrfToken(token, $"{token}|{Hash(token, joinedSecrets)}", IsNew: true);
    }

    /// <summary>Whether a submitted token is this one. A token made just now was in no form yet.</summary>
    public bool Matches(string? submitted) => !IsNew && submitted is not null
        && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Value), Encoding.UTF8.GetBytes(submitted));

    private static string Hash(string token, string joinedSecrets) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token + joinedSecrets)));
}
