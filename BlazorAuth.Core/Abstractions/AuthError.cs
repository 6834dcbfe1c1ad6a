using BlazorAuth.Providers;

namespace BlazorAuth;

/// <summary>
/// The codes that may reach a browser as <c>?error=</c> (<c>docs/contract/endpoints.md</c> §9). They are kept forever. Everything else that goes
/// wrong is shown as <see cref="Configuration"/>; the cause is in the log.
/// </summary>
public static class AuthError
{
    /// <summary>Anything that no other code names; its <see cref="AuthErrorReason"/> says more.</summary>
    public const string Configuration = "Configuration";

    /// <summary>The app's sign-in callback said no.</summary>
    public const string AccessDenied = "AccessDenied";

    /// <summary>The link of an e-mail is unknown, used or expired.</summary>
    public const string Verification = "Verification";

    /// <summary>The provider answered with an error, for instance because consent was refused.</summary>
    public const string OAuthCallbackError = "OAuthCallbackError";

    /// <summary>The form's CSRF token is missing or does not fit the cookie.</summary>
    public const string MissingCsrf = "MissingCSRF";

    /// <summary>User name or password were not accepted.</summary>
    public const string CredentialsSignIn = "CredentialsSignin";

    /// <summary>The account is not linked to the user: its reason says whose it is, or how to link it.</summary>
    public const string OAuthAccountNotLinked = "OAuthAccountNotLinked";

    /// <summary>A page of the app needs a session.</summary>
    public const string SessionRequired = "SessionRequired";

    /// <summary>
    /// The reason that an address names beside its code. Anybody may write an address: only our words count, and only beside a code that we give.
    /// </summary>
    internal static AuthErrorReason ReasonOf(string? code, string? text) =>
        IsOurs(code) && Enum.TryParse<AuthErrorReason>(text, out var reason) && Enum.GetName(reason) == text ? reason : AuthErrorReason.None;

    /// <summary>Whether the code is one that we give; others are anybody's text.</summary>
    internal static bool IsOurs(string? code) =>
        code is Configuration or AccessDenied or Verification or OAuthCallbackError or MissingCsrf or CredentialsSignIn or SessionRequired or OAuthAccountNotLinked;

    /// <summary>Whether the code belongs on the sign-in page; the others belong on the error page.</summary>
    internal static bool IsSignInKind(string code) => code is OAuthCallbackError or MissingCsrf or CredentialsSignIn or SessionRequired
        or OAuthAccountNotLinked or "AccountNotLinked" or "Signin" or "OAuthSignin" or "OAuthCallback" or "OAuthCreateAccount"
        or "EmailCreateAccount" or "Callback" or "EmailSignin";
}

/// <summary>Why a sign-in failed, finer than the code: the <c>reason</c> parameter. Kept forever, like the codes.</summary>
public enum AuthErrorReason
{
    /// <summary>No finer reason.</summary>
    None,

    /// <summary>The person said no at the provider.</summary>
    Cancelled,

    /// <summary>The provider answered with an error other than a refusal by the person.</summary>
    ProviderRefused,

    /// <summary>The sign-in took too long.</summary>
    Expired,

    /// <summary>The browser did not send the cookie of this sign-in.</summary>
    CookieLost,

    /// <summary>This sign-in had been completed before, for instance when Back was pressed.</summary>
    AlreadyUsed,

    /// <summary>The provider could not be reached or failed.</summary>
    ProviderUnavailable,

    /// <summary>The provider's answer could not be understood or was not meant for this app.</summary>
    ProviderAnswer,

    /// <summary>The answer did not come from the provider that was asked (RFC 9207).</summary>
    IssuerMismatch,

    /// <summary>The session store could not be reached.</summary>
    StoreUnavailable,

    /// <summary>The app said no to a person whose provider confirmed no e-mail address.</summary>
    EmailNotVerified,

    /// <summary>Too many attempts from one address.</summary>
    TooManyAttempts,

    /// <summary>A signed-in person was asked to sign in once more, and somebody else did.</summary>
    OtherPerson,

    /// <summary>A signed-in person was asked to sign in once more, and the provider let them pass without asking.</summary>
    NotAskedAgain,

    /// <summary>Another site of the same domain has set a cookie of this app's, so that nobody can tell which is the right one.</summary>
    CookieConflict,

    /// <summary>The user was banned.</summary>
    Banned,

    /// <summary>A user here has verified the address that came with this account: they sign in the way they did before, and link the two.</summary>
    ConfirmToLink,

    /// <summary>The account that was to be linked belongs to another user.</summary>
    AccountOfSomebodyElse,
}
