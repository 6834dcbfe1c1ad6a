using BlazorAuth.Providers;

namespace BlazorAuth;

/// <summary>
/// The codes that may reach a browser as <c>?error=</c> (<c>docs/contract/endpoints.md</c> §9). They are kept forever. Everything else that goes
/// wrong is shown as <see cref="Configuration"/>; the cause is in the log.
/// </summary>
public static class AuthError
{
    /// <summary>Anything without a code of its own; its <see cref="AuthErrorReason"/> has the details.</summary>
    public const string Configuration = "Configuration";

    /// <summary>The app's sign-in callback denied the sign-in.</summary>
    public const string AccessDenied = "AccessDenied";

    /// <summary>The link in an e-mail is unknown, used or expired.</summary>
    public const string Verification = "Verification";

    /// <summary>The provider answered with an error, for instance because consent was refused.</summary>
    public const string OAuthCallbackError = "OAuthCallbackError";

    /// <summary>The form's CSRF token is missing or does not match the cookie.</summary>
    public const string MissingCsrf = "MissingCSRF";

    /// <summary>User name or password was wrong.</summary>
    public const string CredentialsSignIn = "CredentialsSignin";

    /// <summary>The account is not linked to the user. The reason says why.</summary>
    public const string OAuthAccountNotLinked = "OAuthAccountNotLinked";

    /// <summary>A page of the app requires a session.</summary>
    public const string SessionRequired = "SessionRequired";

    /// <summary>
    /// The reason in an address, next to its code. Anyone can write an address, so only known reasons count, and only next to a known code.
    /// </summary>
    internal static AuthErrorReason ReasonOf(string? code, string? text) =>
        IsOurs(code) && Enum.TryParse<AuthErrorReason>(text, out var reason) && Enum.GetName(reason) == text ? reason : AuthErrorReason.None;

    /// <summary>Whether the code is a known one; anything else is text that anyone could have written.</summary>
    internal static bool IsOurs(string? code) =>
        code is Configuration or AccessDenied or Verification or OAuthCallbackError or MissingCsrf or CredentialsSignIn or SessionRequired or OAuthAccountNotLinked;

    /// <summary>Whether the code belongs on the sign-in page; the others belong on the error page.</summary>
    internal static bool IsSignInKind(string code) => code is OAuthCallbackError or MissingCsrf or CredentialsSignIn or SessionRequired
        or OAuthAccountNotLinked or "AccountNotLinked" or "Signin" or "OAuthSignin" or "OAuthCallback" or "OAuthCreateAccount"
        or "EmailCreateAccount" or "Callback" or "EmailSignin";
}

/// <summary>Why a sign-in failed, in more detail than the code: the <c>reason</c> parameter. Values are never changed or removed, like the codes.</summary>
public enum AuthErrorReason
{
    /// <summary>No specific reason.</summary>
    None,

    /// <summary>The person cancelled at the provider.</summary>
    Cancelled,

    /// <summary>The provider responded with an error other than a cancellation by the person.</summary>
    ProviderRefused,

    /// <summary>The sign-in took too long.</summary>
    Expired,

    /// <summary>The browser did not send the cookie of this sign-in.</summary>
    CookieLost,

    /// <summary>This sign-in was already completed, for instance when someone goes back in the browser.</summary>
    AlreadyUsed,

    /// <summary>The provider could not be reached or failed.</summary>
    ProviderUnavailable,

    /// <summary>The provider's response could not be read, or was not meant for this app.</summary>
    ProviderAnswer,

    /// <summary>The response came from a different provider than the request was sent to (RFC 9207).</summary>
    IssuerMismatch,

    /// <summary>The session store could not be reached.</summary>
    StoreUnavailable,

    /// <summary>The app denied a person without a verified e-mail address.</summary>
    EmailNotVerified,

    /// <summary>Too many attempts from one address.</summary>
    TooManyAttempts,

    /// <summary>A signed-in person was asked to sign in again, and someone else did.</summary>
    OtherPerson,

    /// <summary>A signed-in person was asked to sign in again, and the provider let them through without prompting.</summary>
    NotAskedAgain,

    /// <summary>Another site on the same domain has set one of this app's cookies, and there is no way to tell which one is right.</summary>
    CookieConflict,

    /// <summary>The key that protected this sign-in is no longer available: the session store lost it, or another node has a different secret.</summary>
    KeyLost,

    /// <summary>The user was banned.</summary>
    Banned,

    /// <summary>An existing user has verified the account's address: they have to sign in the way they did before, and confirm the link.</summary>
    ConfirmToLink,

    /// <summary>The account that was to be linked belongs to another user.</summary>
    AccountOfSomebodyElse,
}
