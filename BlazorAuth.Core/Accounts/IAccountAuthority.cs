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
    /// Asks once more when the session's row is written, before its cookie is. Who bans writes the ban first and ends the sessions then: a row that comes after
    /// the one is seen here, and a row that comes before the other is ended by it.
    /// </summary>
    /// <returns>Why the user may not have the session; null when they may.</returns>
    ValueTask<AuthErrorReason?> ConfirmAsync(WayIn way, string userId, CancellationToken cancellationToken);
}
