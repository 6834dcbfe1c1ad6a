namespace BlazorAuth.Pages;

/// <summary>What sort of thing a failure is, by its code and reason.</summary>
internal static class FailureKind
{
    public static OutcomeKind Of(string code, AuthErrorReason reason) => reason switch
    {
        AuthErrorReason.Cancelled => OutcomeKind.Cancelled,
        AuthErrorReason.AlreadyUsed or AuthErrorReason.ConfirmToLink => OutcomeKind.Neutral,
        AuthErrorReason.Expired or AuthErrorReason.StoreUnavailable or AuthErrorReason.TooManyAttempts => OutcomeKind.Wait,
        AuthErrorReason.EmailNotVerified or AuthErrorReason.OtherPerson or AuthErrorReason.Banned or AuthErrorReason.AccountOfSomebodyElse => OutcomeKind.NoAccess,
        AuthErrorReason.None => OfCode(code),
        _ => OutcomeKind.Fault,
    };

    private static OutcomeKind OfCode(string code) => code switch
    {
        AuthError.AccessDenied or AuthError.OAuthAccountNotLinked => OutcomeKind.NoAccess,
        AuthError.Verification => OutcomeKind.Wait,
        AuthError.MissingCsrf or AuthError.SessionRequired => OutcomeKind.Neutral,
        _ => OutcomeKind.Fault,
    };
}
