namespace BlazorAuth;

/// <summary>
/// <c>HttpContext.SignInAsync</c> did not sign anyone in: the user is banned or deleted, or the account callback denied it. Catch it where the app
/// signs people in itself; sign-ins with a provider end on the error page.
/// </summary>
public sealed class SignInRefusedException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="reason">Why.</param>
    public SignInRefusedException(AuthErrorReason reason)
        : base($"The user may not sign in ({reason}).") => Reason = reason;

    /// <summary>Why the user may not sign in.</summary>
    public AuthErrorReason Reason { get; }
}
