using System.Text.Json;
using System.Text.Json.Nodes;

namespace BlazorAuth;

/// <summary>The account at the provider that a person signed in with; Auth.js's <c>account</c>.</summary>
public sealed record AuthAccount
{
    /// <summary>The provider's ID, such as <c>github</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The kind of provider.</summary>
    public required AuthProviderType Type { get; init; }

    /// <summary>The person's ID at the provider, as the provider sent it.</summary>
    public required string ProviderAccountId { get; init; }

    /// <summary>The provider's access token, for the app to use or store; BlazorAuth does not keep it. <see langword="null"/> when there is none.</summary>
    public string? AccessToken { get; init; }

    /// <summary>The provider's refresh token, if it issued one; BlazorAuth does not keep it.</summary>
    public string? RefreshToken { get; init; }

    /// <summary>The ID token of an OpenID Connect provider; BlazorAuth does not keep it.</summary>
    public string? IdToken { get; init; }

    /// <summary>The type of the access token, usually <c>Bearer</c>.</summary>
    public string? TokenType { get; init; }

    /// <summary>When the access token expires, if the provider said so.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The scopes that were granted, if the provider said so.</summary>
    public string? Scope { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"{nameof(AuthAccount)} {{ Provider = {Provider} }}";
}

/// <summary>The input of a sign-in callback.</summary>
public sealed class SignInContext
{
    /// <summary>The person who wants to sign in, with the ID that they have in this app, or will have.</summary>
    public required SessionUser User { get; init; }

    /// <summary>Whether this is a new user. Nothing is stored about a person who is denied. False if BlazorAuth keeps no users, unless <see cref="AuthCallbacks.OnAccount"/> says so.</summary>
    public bool IsNewUser { get; init; }

    /// <summary>The account at the provider.</summary>
    public required AuthAccount Account { get; init; }

    /// <summary>The provider's claims about the person, as it sent them; empty for credentials.</summary>
    public required JsonObject Profile { get; init; }

    /// <summary>Whether the provider says that the e-mail address is verified. Only base decisions on a verified address.</summary>
    public bool EmailVerified => User.EmailVerified;

    /// <summary>The services of the request.</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>Cancelled when the request is.</summary>
    public CancellationToken CancellationToken { get; init; }
}

/// <summary>The decision of a sign-in callback.</summary>
public sealed class SignInDecision
{
    private SignInDecision(bool allowed, string? target)
    {
        IsAllowed = allowed;
        Target = target;
    }

    /// <summary>The person may sign in.</summary>
    public static SignInDecision Allow { get; } = new(true, null);

    /// <summary>The person may not sign in: the error page says so (<see cref="AuthError.AccessDenied"/>).</summary>
    public static SignInDecision Deny { get; } = new(false, null);

    /// <summary>The person may not sign in yet and is sent to another address, which is checked like every return address.</summary>
    /// <param name="target">A path of the app, or an address on an allowed origin.</param>
    public static SignInDecision RedirectTo(string target)
    {
        ArgumentException.ThrowIfNullOrEmpty(target);
        return new(false, target);
    }

    /// <summary>Whether the person may sign in.</summary>
    public bool IsAllowed { get; }

    /// <summary>Where a person who may not sign in yet is sent; <see langword="null"/> unless the decision came from <see cref="RedirectTo"/>.</summary>
    public string? Target { get; }
}

/// <summary>Why a token callback runs.</summary>
public enum TokenTrigger
{
    /// <summary>A session is read.</summary>
    Read,

    /// <summary>A person signs in.</summary>
    SignIn,

    /// <summary>A client asks for an update: <c>POST /session</c>, the client's <c>update(data)</c>.</summary>
    Update,
}

/// <summary>The input of a token callback.</summary>
public sealed class TokenContext
{
    /// <summary>
    /// The claims of the token, to be changed in place. Those that identify the session (<c>sub</c>, <c>iat</c>, <c>exp</c>, <c>jti</c>,
    /// <c>blazorauth.…</c>) are restored afterwards.
    /// </summary>
    public required JsonObject Claims { get; init; }

    /// <summary>Why the callback runs.</summary>
    public required TokenTrigger Trigger { get; init; }

    /// <summary>The person, at sign-in only.</summary>
    public SessionUser? User { get; init; }

    /// <summary>Whether this is the user's first sign-in: <see cref="SignInContext.IsNewUser"/>.</summary>
    public bool IsNewUser { get; init; }

    /// <summary>The account at the provider, at sign-in only.</summary>
    public AuthAccount? Account { get; init; }

    /// <summary>The provider's claims about the person, at sign-in only.</summary>
    public JsonObject? Profile { get; init; }

    /// <summary>What the client sent, on updates only. It comes from the browser, so check it before copying it into the claims.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>The services of the request.</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>Cancelled when the request is.</summary>
    public CancellationToken CancellationToken { get; init; }
}

/// <summary>The input of a session callback.</summary>
public sealed class SessionContext
{
    /// <summary>The session.</summary>
    public required Session Session { get; init; }

    /// <summary>What the browser gets, to be changed in place: <c>{"user":{"name","email","image"},"expires"}</c>.</summary>
    public required JsonObject Body { get; init; }

    /// <summary>The services of the request.</summary>
    public required IServiceProvider Services { get; init; }

    /// <summary>Cancelled when the request is.</summary>
    public CancellationToken CancellationToken { get; init; }
}

/// <summary>The input of a redirect callback.</summary>
public sealed class ReturnUrlContext
{
    /// <summary>The requested address as received, unchecked.</summary>
    public required string Url { get; init; }

    /// <summary>The app's own address, without a trailing slash.</summary>
    public required string BaseUrl { get; init; }

    /// <summary>Where the person goes unless the callback says otherwise.</summary>
    public required string Default { get; init; }

    /// <summary>The services of the request.</summary>
    public required IServiceProvider Services { get; init; }
}
