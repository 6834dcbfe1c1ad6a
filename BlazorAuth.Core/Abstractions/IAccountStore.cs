namespace BlazorAuth;

/// <summary>
/// Stores users and their accounts at providers. Every implementation passes the same contract tests. Members throw
/// <see cref="SessionStoreException"/> when the store cannot be used. IDs, issuers and subjects are compared exactly, times are stored to the
/// millisecond, strings can have up to 1,024 characters, picture addresses up to 8,192; NUL and unpaired surrogates are rejected
/// (<see cref="ArgumentException"/>). The store does not decide who may sign in.
/// </summary>
public interface IAccountStore
{
    /// <summary>The maximum number of users or accounts that a call returns.</summary>
    const int MostAtOnce = 1000;

    /// <summary>Creates the schema, or upgrades it. Safe to call from several nodes at once, and more than once.</summary>
    Task InitializeAsync(CancellationToken cancellationToken = default);

    /// <summary>Whether the store has no users: it never had any, or lost all of them.</summary>
    Task<bool> IsEmptyAsync(CancellationToken cancellationToken = default);

    /// <summary>Returns an account with its user; <see langword="null"/> if there is none. Must be one indexed read, since every sign-in needs it.</summary>
    Task<AccountMatch?> FindAsync(string issuer, string subject, CancellationToken cancellationToken = default);

    /// <summary>Returns a user, or the record that remains of a deleted one (<see cref="UserRecord.DeletedAt"/>); <see langword="null"/> if the ID was never used.</summary>
    Task<UserRecord?> FindUserAsync(string userId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Creates a user together with their first account, or writes nothing. Of several concurrent calls for one account, on all nodes, exactly one is
    /// <see cref="UserCreation.Created"/>.
    /// </summary>
    Task<UserCreation> CreateAsync(UserRecord user, AccountRecord account, CancellationToken cancellationToken = default);

    /// <summary>Links another account to a user. An account that belongs to another user is left unchanged.</summary>
    Task<LinkResult> LinkAsync(AccountRecord account, CancellationToken cancellationToken = default);

    /// <summary>
    /// Unlinks an account from a user, and retires its <see cref="AccountRecord.DefaultUserId"/> for good, so that nobody who signs in with it later becomes
    /// an earlier user. Of two concurrent calls that would unlink the last two accounts, one is <see cref="UnlinkResult.LastOne"/>. An account of the issuer
    /// <c>import/none</c>, which keeps the ID of a user who has no way to sign in, is not counted.
    /// </summary>
    Task<UnlinkResult> UnlinkAsync(string userId, string issuer, string subject, CancellationToken cancellationToken = default);

    /// <summary>Returns the accounts of a user, the oldest first, at most <see cref="MostAtOnce"/>.</summary>
    Task<IReadOnlyList<AccountRecord>> ListAccountsAsync(string userId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Returns users whose name or e-mail address begins with <paramref name="prefix"/>, ignoring case, ordered by ID, without deleted ones.
    /// </summary>
    /// <param name="prefix">The prefix of the name or the address; empty for all users.</param>
    /// <param name="count">The maximum number to return: 1 to <see cref="MostAtOnce"/>.</param>
    /// <param name="afterUserId">The last user of the previous page; <see langword="null"/> for the first page.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<UserRecord>> SearchAsync(string prefix, int count, string? afterUserId = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Returns up to two users with exactly this verified e-mail address (<paramref name="email"/>, in lower case): enough to tell whether it is unambiguous.
    /// </summary>
    Task<IReadOnlyList<UserRecord>> FindVerifiedAsync(string email, CancellationToken cancellationToken = default);

    /// <summary>Stores a link that is waiting for confirmation, replacing any earlier one of the same browser, and removes expired ones.</summary>
    Task KeepPendingAsync(PendingLink link, CancellationToken cancellationToken = default);

    /// <summary>Returns the link that is waiting for a browser's confirmation; <see langword="null"/> if there is none, or it has expired.</summary>
    Task<PendingLink?> FindPendingAsync(string browser, CancellationToken cancellationToken = default);

    /// <summary>Removes the link of a browser. Of several concurrent calls, one returns true.</summary>
    Task<bool> RemovePendingAsync(string browser, CancellationToken cancellationToken = default);

    /// <summary>Replaces a user's name, e-mail address, its verification time and picture, and nothing else. Returns whether the user exists.</summary>
    Task<bool> UpdateProfileAsync(UserRecord user, CancellationToken cancellationToken = default);

    /// <summary>Bans a user until a point in time, or lifts the ban (<see langword="null"/>). Returns whether the user exists.</summary>
    Task<bool> BanAsync(string userId, DateTimeOffset? until, string? reason, CancellationToken cancellationToken = default);

    /// <summary>
    /// Deletes a user, all their accounts, and the pending links for their e-mail address, in one transaction. Only IDs are kept: the
    /// user's, and <see cref="AccountRecord.DefaultUserId"/> of each account. Returns whether the user existed; safe to repeat.
    /// </summary>
    Task<bool> DeleteAsync(string userId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Moves the last-used times of users and accounts forward, never back, and removes expired pending links. Unknown IDs are skipped. Called once a
    /// minute, even with no uses.
    /// </summary>
    Task TouchAsync(IReadOnlyCollection<AccountUse> uses, CancellationToken cancellationToken = default);
}

/// <summary>The result of creating a user.</summary>
public enum UserCreation
{
    /// <summary>User and account were created.</summary>
    Created,

    /// <summary>Another user already has this account: <see cref="IAccountStore.FindAsync"/> returns them.</summary>
    AccountExists,

    /// <summary>The ID is in use, or was in the past: choose another one.</summary>
    IdWasUsed,
}

/// <summary>The result of linking an account.</summary>
public enum LinkResult
{
    /// <summary>The account was linked.</summary>
    Linked,

    /// <summary>It was already linked to this user.</summary>
    AlreadyLinked,

    /// <summary>It belongs to another user.</summary>
    OfSomebodyElse,

    /// <summary>There is no such user.</summary>
    UserNotFound,
}

/// <summary>The result of unlinking an account.</summary>
public enum UnlinkResult
{
    /// <summary>The account was unlinked.</summary>
    Unlinked,

    /// <summary>The user has no such account.</summary>
    NotFound,

    /// <summary>It is the user's only account, so it was not unlinked.</summary>
    LastOne,
}
