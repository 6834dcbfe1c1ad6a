using BlazorAuth.Sessions;

namespace BlazorAuth;

/// <summary>The names of the claims in a token. BlazorAuth's own have a prefix, so that Auth.js passes them through and they cannot clash with an app's claims.</summary>
public static class AuthClaims
{
    /// <summary>The person's ID in this app.</summary>
    public const string Subject = "sub";

    /// <summary>The person's name.</summary>
    public const string Name = "name";

    /// <summary>The person's e-mail address.</summary>
    public const string Email = "email";

    /// <summary>Whether the provider says that the address is verified.</summary>
    public const string EmailVerified = "email_verified";

    /// <summary>The address of the person's picture.</summary>
    public const string Picture = "picture";

    /// <summary>The person's roles: a string or an array of strings. <c>IsInRole</c> and <c>[Authorize(Roles = …)]</c> read them.</summary>
    public const string Roles = "roles";

    /// <summary>The session's ID. (Plain <c>sid</c> belongs to OpenID Connect.)</summary>
    public const string SessionId = "blazorauth.sid";

    /// <summary>The version of the session's claims.</summary>
    public const string Version = "blazorauth.ver";

    /// <summary>The provider's ID.</summary>
    public const string Provider = "blazorauth.provider";

    /// <summary>When the person signed in, in seconds since 1970.</summary>
    public const string SignedInAt = "blazorauth.signed_in_at";

    /// <summary>When the person last authenticated, in seconds since 1970; missing if unknown.</summary>
    public const string AuthenticatedAt = "blazorauth.auth_at";

    /// <summary>The store that holds the session's row, and the number of the write that the token was created from.</summary>
    public const string Store = "blazorauth.store";

    /// <summary>When BlazorAuth wrote the token, in seconds since 1970. Auth.js changes <c>iat</c> and <c>exp</c> when it reissues a token, but not this claim.</summary>
    public const string WrittenAt = "blazorauth.issued_at";

    internal const string IssuedAt = "iat";
    internal const string ExpiresAt = "exp";
    internal const string TokenId = "jti";
    internal const string AuthTime = "auth_time";

    /// <summary>The claims that identify a session; no callback can change them.</summary>
    internal static bool IsReserved(string name) =>
        name is Subject or IssuedAt or ExpiresAt or TokenId or "nbf" || name.StartsWith("blazorauth.", StringComparison.Ordinal);

    internal static bool IsProfile(string name) => name is Name or Email or EmailVerified or Picture;
}
