using System.Security.Claims;

namespace BlazorAuth.Circuits;

/// <summary>
/// How a circuit knows which browser it is in: no request reaches it, only the principal of its connection, so the hash of the browser's cookie
/// travels as a claim of an identity beside it that authenticates nobody.
/// </summary>
internal static class CircuitBrowser
{
    private const string HashClaim = "blazorauth.browser";

    public static ClaimsPrincipal Add(ClaimsPrincipal user, string hash) =>
        new(user.Identities.Append(new ClaimsIdentity([new Claim(HashClaim, hash)])));

    /// <summary>The hash that came with the connection; null when none did. What a session's claims say does not count.</summary>
    public static string? Of(ClaimsPrincipal user) => user.Identities.FirstOrDefault(IsBrowser)?.FindFirst(HashClaim)?.Value;

    public static ClaimsPrincipal Remove(ClaimsPrincipal user) => new(user.Identities.Where(identity => !IsBrowser(identity)));

    private static bool IsBrowser(ClaimsIdentity identity) => identity.AuthenticationType is null && identity.HasClaim(claim => claim.Type == HashClaim);
}
