namespace BlazorAuth.Pages;

/// <summary>What sort of thing happened: it decides a page's mark.</summary>
public enum OutcomeKind
{
    /// <summary>Something went wrong.</summary>
    Fault,

    /// <summary>Nothing went wrong; there is something to do first.</summary>
    Neutral,

    /// <summary>The person changed their mind.</summary>
    Cancelled,

    /// <summary>It works again after a while, or with a new start.</summary>
    Wait,

    /// <summary>The account may not do it.</summary>
    NoAccess,

    /// <summary>It is done.</summary>
    Good,
}

internal static class OutcomeKinds
{
    public static OutcomeKind Of(string code, AuthErrorReason reason) => reason switch
    {
        AuthErrorReason.Cancelled => OutcomeKind.Cancelled,
        AuthErrorReason.AlreadyUsed => OutcomeKind.Neutral,
        AuthErrorReason.Expired or AuthErrorReason.StoreUnavailable or AuthErrorReason.TooManyAttempts => OutcomeKind.Wait,
        AuthErrorReason.EmailNotVerified or AuthErrorReason.OtherPerson => OutcomeKind.NoAccess,
        AuthErrorReason.None => OfCode(code),
        _ => OutcomeKind.Fault,
    };

    private static OutcomeKind OfCode(string code) => code switch
    {
        AuthError.AccessDenied or "OAuthAccountNotLinked" => OutcomeKind.NoAccess,
        AuthError.Verification => OutcomeKind.Wait,
        AuthError.MissingCsrf or AuthError.SessionRequired => OutcomeKind.Neutral,
        _ => OutcomeKind.Fault,
    };
}
