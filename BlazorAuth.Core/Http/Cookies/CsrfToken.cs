using System.Security.Cryptography;
using System.Text;

namespace BlazorAuth.Http.Cookies;

/// <summary>The double-submit token <c>T|H</c> of Auth.js (<c>docs/contract/endpoints.md</c> §5): <c>T</c> random, <c>H</c> = SHA-256 of <c>T</c> and the secrets.</summary>
internal sealed record CsrfToken(string Value, string CookieValue, bool IsNew)
{
    private const int TokenLength = 64;

    /// <summary>The tokens of further cookies of the same name.</summary>
    private IReadOnlyList<CsrfToken> Others { get; init; } = [];

    /// <summary>
    /// The token of the first cookie that BlazorAuth wrote, otherwise a new one. Any further valid one is remembered: what a neighbour set beside the
    /// browser's own must not make its forms worthless.
    /// </summary>
    public static CsrfToken FromCookies(IReadOnlyList<string> cookies, string joinedSecrets)
    {
        var known = cookies.Select(cookie => FromCookie(cookie, joinedSecrets)).OfType<CsrfToken>().ToList();
        return known.Count == 0 ? Create(joinedSecrets) : known[0] with { Others = known[1..] };
    }

    /// <summary>The token in the cookie; null if BlazorAuth did not write it.</summary>
    public static CsrfToken? FromCookie(string? cookie, string joinedSecrets) =>
        cookie?.Split('|') is [{ Length: TokenLength } token, var hash, ..]
        && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(Hash(token, joinedSecrets)), Encoding.UTF8.GetBytes(hash))
            ? new CsrfToken(token, cookie, IsNew: false)
            : null;

    public static CsrfToken Create(string joinedSecrets)
    {
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(TokenLength / 2));
        return new CsrfToken(token, $"{token}|{Hash(token, joinedSecrets)}", IsNew: true);
    }

    /// <summary>Whether a submitted token is that of a cookie. A token made just now was in no form yet.</summary>
    public bool Matches(string? submitted) => !IsNew && submitted is not null
        && (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Value), Encoding.UTF8.GetBytes(submitted)) || Others.Any(other => other.Matches(submitted)));

    private static string Hash(string token, string joinedSecrets) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token + joinedSecrets)));
}
