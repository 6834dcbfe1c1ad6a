namespace BlazorAuth.Accounts;

/// <summary>Who decides on users' ids: exactly one for an app. Every way to a session asks it.</summary>
internal interface IAccountAuthority
{
    /// <summary>Says whose account it is, or who its new user would be. Writes nothing.</summary>
    ValueTask<AccountOwner> FindAsync(WayIn way, CancellationToken cancellationToken);

    /// <summary>Writes down what <see cref="FindAsync"/> said. False when it is not true any more: ask again.</summary>
    ValueTask<bool> SettleAsync(WayIn way, AccountOwner owner, CancellationToken cancellationToken);

    /// <summary>Gives a signed-in user one more way in, which is theirs from then on.</summary>
    /// <returns>Why it cannot be theirs; null when it is.</returns>
    ValueTask<AuthErrorReason?> LinkAsync(WayIn way, string userId, CancellationToken cancellationToken);

    /// <summary>
    /// Asks once more after the session's row is written and before its cookie is. A ban is written first, and the user's sessions are ended after that: a session
    /// whose row was written after the ban is refused here, and one whose row was written before it is ended with the others.
    /// </summary>
    /// <returns>Why the user may not have the session; null when they may.</returns>
    ValueTask<AuthErrorReason?> ConfirmAsync(WayIn way, string userId, CancellationToken cancellationToken);
}
