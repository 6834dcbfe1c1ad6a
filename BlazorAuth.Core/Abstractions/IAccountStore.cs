namespace BlazorAuth;

/// <summary>
/// Where users and their accounts at providers are remembered. Every implementation passes the same contract tests. Members throw
/// <see cref="SessionStoreException"/> when the store cannot be used. Ids, issuers and subjects are compared exactly, times are kept to the millisecond,
/// texts may take 1,024 characters, pictures 8,192; NUL and halves of surrogate pairs are refused (<see cref="ArgumentException"/>). Nothing here decides
/// who may sign in.
/// </summary>
public interface IAccountStore
{
    /// <summary>The most users or accounts that a call returns.</summary>
    const int MostAtOnce = 1000;

    /// <summary>Creates the schema, or upgrades it. Safe when several nodes start together, harmless when repeated.</summary>
    Task InitializeAsync(CancellationToken cancellationToken = default);

    /// <summary>Whether the store has ever had a user: one that lost its rows has not.</summary>
    Task<bool> IsEmptyAsync(CancellationToken cancellationToken = default);

    /// <summary>Returns an account with its user; <see langword="null"/> when nobody has it. One indexed read: every sign-in asks.</summary>
    Task<AccountMatch?> FindAsync(string issuer, string subject, CancellationToken cancellationToken = default);

    /// <summary>Returns a user, or what is left of a deleted one (<see cref="UserRecord.DeletedAt"/>); <see langword="null"/> when the id was never used.</summary>
    Task<UserRecord?> FindUserAsync(string userId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Creates a user together with their first account, or writes nothing. Of several calls at once for one account, on all nodes, exactly one is
    /// <see cref="UserCreation.Created"/>.
    /// </summary>
    Task<UserCreation> CreateAsync(UserRecord user, AccountRecord account, CancellationToken cancellationToken = default);

    /// <summary>Gives a user one more account. An account of somebody else is not touched.</summary>
    Task<LinkResult> LinkAsync(AccountRecord account, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes an account from a user, and gives up <see cref="AccountRecord.DefaultUserId"/> of it for good, so that nobody who comes this way later becomes
    /// somebody who was here before. Of two calls at once that would take the last two accounts, one is <see cref="UnlinkResult.LastOne"/>.
    /// </summary>
    Task<UnlinkResult> UnlinkAsync(string userId, string issuer, string subject, CancellationToken cancellationToken = default);

    /// <summary>Returns the accounts of a user, the oldest first, at most <see cref="MostAtOnce"/>.</summary>
    Task<IReadOnlyList<AccountRecord>> ListAccountsAsync(string userId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Returns users whose name or e-mail address begins with <paramref name="prefix"/>, whatever the case, ordered by their id, without deleted ones.
    /// </summary>
    /// <param name="prefix">How the name or the address begins; empty for all users.</param>
    /// <param name="count">The most to return: 1 to <see cref="MostAtOnce"/>.</param>
    /// <param name="afterUserId">The last user of the page before; <see langword="null"/> for the first page.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<UserRecord>> SearchAsync(string prefix, int count, string? afterUserId = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Returns up to two users who have this very e-mail address (<paramref name="email"/>, in lower case) and have had it verified: enough to know whether one is
    /// meant.
    /// </summary>
    Task<IReadOnlyList<UserRecord>> FindVerifiedAsync(string email, CancellationToken cancellationToken = default);

    /// <summary>Remembers a link that is to be confirmed, in place of the one that its browser had, and forgets those that have expired.</summary>
    Task KeepPendingAsync(PendingLink link, CancellationToken cancellationToken = default);

    /// <summary>Returns the link that a browser is to confirm; <see langword="null"/> when there is none, or it has expired.</summary>
    Task<PendingLink?> FindPendingAsync(string browser, CancellationToken cancellationToken = default);

    /// <summary>Forgets the link of a browser. Of several calls at once one returns true.</summary>
    Task<bool> RemovePendingAsync(string browser, CancellationToken cancellationToken = default);

    /// <summary>Replaces name, e-mail address, when that was verified, and picture of a user, and nothing else. Returns whether there is such a user.</summary>
    Task<bool> UpdateProfileAsync(UserRecord user, CancellationToken cancellationToken = default);

    /// <summary>Bans a user until a moment, or lifts the ban (<see langword="null"/>). Returns whether there is such a user.</summary>
    Task<bool> BanAsync(string userId, DateTimeOffset? until, string? reason, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes a user and all their accounts in one transaction. Only ids are left: the user's, and <see cref="AccountRecord.DefaultUserId"/> of each account.
    /// Returns whether there was such a user; harmless when repeated.
    /// </summary>
    Task<bool> DeleteAsync(string userId, CancellationToken cancellationToken = default);

    /// <summary>Moves the times at which users and accounts were last used forward, never back. Ids that are not there are skipped.</summary>
    Task TouchAsync(IReadOnlyCollection<AccountUse> uses, CancellationToken cancellationToken = default);
}

/// <summary>What became of a new user.</summary>
public enum UserCreation
{
    /// <summary>User and account are there now.</summary>
    Created,

    /// <summary>Somebody has this account already: <see cref="IAccountStore.FindAsync"/> says who.</summary>
    AccountExists,

    /// <summary>The id belongs to somebody, or did once: choose another.</summary>
    IdWasUsed,
}

/// <summary>What became of an account that a user was to get.</summary>
public enum LinkResult
{
    /// <summary>The account is the user's now.</summary>
    Linked,

    /// <summary>It was the user's before.</summary>
    AlreadyLinked,

    /// <summary>It is somebody else's.</summary>
    OfSomebodyElse,

    /// <summary>There is no such user.</summary>
    UserNotFound,
}

/// <summary>What became of an account that was to be taken from a user.</summary>
public enum UnlinkResult
{
    /// <summary>It is nobody's now.</summary>
    Unlinked,

    /// <summary>The user has no such account.</summary>
    NotFound,

    /// <summary>It is the user's only account, and stays.</summary>
    LastOne,
}
