namespace BlazorAuth;

/// <summary>
/// Where sessions are remembered. The cookie makes a session fast, its row here makes it revocable and lets its owner see it.
/// Every implementation passes the same contract tests. Members throw <see cref="SessionStoreException"/> when the store cannot be used; nothing
/// here decides who is signed in. Texts are compared exactly, times are kept to the millisecond, contents may take 128 KiB (UTF-8) and other texts
/// 1,024 characters; NUL and halves of surrogate pairs are refused (<see cref="ArgumentException"/>). No call walks everything that a person has:
/// each takes at most <see cref="MostAtOnce"/> sessions, and whoever wants more asks again.
/// </summary>
public interface ISessionStore
{
    /// <summary>The most sessions that a call lists, ends or returns.</summary>
    const int MostAtOnce = 1000;

    /// <summary>Creates the schema, or upgrades it. Safe when several nodes start together, harmless when repeated.</summary>
    Task InitializeAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Remembers a new session as it is given, and returns it with its <see cref="SessionRecord.Number"/>. One that is revoked already, or whose
    /// version is above 1, is reported as a change.
    /// </summary>
    /// <exception cref="InvalidOperationException">A session with this id exists.</exception>
    Task<SessionRecord> CreateAsync(SessionRecord session, CancellationToken cancellationToken = default);

    /// <summary>Returns a session by its id, revoked or expired ones included; <see langword="null"/> when there is none.</summary>
    Task<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Returns live sessions of a user (neither revoked nor expired), the most recently seen first, those of one moment by their id, at most
    /// <paramref name="count"/>.
    /// </summary>
    /// <param name="userId">Whose sessions.</param>
    /// <param name="count">The most to return: 1 to <see cref="MostAtOnce"/>.</param>
    /// <param name="after">The last session of the page before; <see langword="null"/> for the first page.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<SessionRecord>> ListAsync(string userId, int count, SessionRecord? after = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Returns the sessions of a user that the store still remembers, ended ones included, those that began or ended last first, those of one moment by
    /// their id, at most <paramref name="count"/>: the account page's recent activity.
    /// </summary>
    /// <param name="userId">Whose sessions.</param>
    /// <param name="count">The most to return: 1 to <see cref="MostAtOnce"/>.</param>
    /// <param name="after">The last session of the page before; <see langword="null"/> for the first page.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<SessionRecord>> ListHistoryAsync(string userId, int count, SessionRecord? after = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Revokes one session of a user. A session of somebody else is <see cref="RevokeResult.NotFound"/>, and so is one that has expired, revoked
    /// or not. Of several calls at once exactly one is answered with <see cref="RevokeResult.Revoked"/>.
    /// </summary>
    Task<RevokeResult> RevokeAsync(string userId, string sessionId, SessionRevocation revocation, CancellationToken cancellationToken = default);

    /// <summary>
    /// Revokes live sessions of a user but <paramref name="exceptSessionId"/>, and returns the ids of those it revoked. As many as
    /// <paramref name="count"/> (1 to <see cref="MostAtOnce"/>) mean that there may be more.
    /// </summary>
    Task<IReadOnlyList<string>> RevokeAllAsync(
        string userId, string? exceptSessionId, int count, SessionRevocation revocation, CancellationToken cancellationToken = default);

    /// <summary>
    /// Revokes as many live sessions of a user as it takes to leave <paramref name="most"/>, a hundred at most, and returns their ids: adopted ones
    /// (<see cref="SessionRecord.IsAdopted"/>) first, then those that were seen longest ago, never <paramref name="keptSessionId"/>.
    /// </summary>
    Task<IReadOnlyList<string>> LimitAsync(
        string userId, string keptSessionId, int most, SessionRevocation revocation, CancellationToken cancellationToken = default);

    /// <summary>
    /// Moves the last-seen time and expiry of a user's live session forward, and returns the session as it is then; neither time ever moves back. It is not
    /// <see cref="SessionRecord.IsAdopted"/> any more. Returns <see langword="null"/>, and changes nothing, when the session is unknown, somebody else's, revoked or expired: a renewal never brings a session back.
    /// </summary>
    Task<SessionRecord?> RenewAsync(
        string userId, string sessionId, DateTimeOffset lastSeenAt, DateTimeOffset expiresAt, CancellationToken cancellationToken = default);

    /// <summary>
    /// Moves the times of many live sessions forward as <see cref="RenewAsync"/> does for one, and nothing else, all in one transaction, and returns how many it moved. Each
    /// session stands in <paramref name="touches"/> once. One that somebody else is changing at this moment may be left out: it tells of past use, and
    /// the next call tells of it again. It takes no number.
    /// </summary>
    Task<int> TouchAsync(IReadOnlyCollection<SessionTouch> touches, CancellationToken cancellationToken = default);

    /// <summary>
    /// Replaces the content of a live session only while its version is <paramref name="expectedVersion"/>, counts the version up by one, and returns the
    /// session as it is then; <see langword="null"/> when there is no such live session or somebody else has replaced it: of several calls at once
    /// exactly one succeeds.
    /// </summary>
    Task<SessionRecord?> UpdateAsync(string sessionId, int expectedVersion, string content, CancellationToken cancellationToken = default);

    /// <summary>
    /// Replaces the content of a session by the same content in another form, while its version is <paramref name="version"/>. Neither a change nor a
    /// number: nobody has to hear of it. Returns whether it did.
    /// </summary>
    Task<bool> RewriteAsync(string sessionId, int version, string content, CancellationToken cancellationToken = default);

    /// <summary>
    /// Empties the content of a session of a user that is over, revoked or expired, and takes its device away: what is left says that it is over. Neither a change
    /// nor a number. Returns whether there was such a session; one that lives is not touched.
    /// </summary>
    Task<bool> EraseAsync(string userId, string sessionId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Walks through all sessions of all users, some at a time, in an order of the store's own. What is there from the first call to the last is returned
    /// at least once.
    /// </summary>
    /// <param name="position">What the call before answered; <see langword="null"/> to begin.</param>
    /// <param name="count">About how many to return: 1 to <see cref="MostAtOnce"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<SessionSlice> ScanAsync(string? position, int count, CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes note that a key was used, and returns whether this was the first time. Of several calls at once, on all nodes, exactly one is the first. The
    /// key is forgotten after <paramref name="until"/>.
    /// </summary>
    Task<bool> TryUseAsync(string key, DateTimeOffset until, CancellationToken cancellationToken = default);

    /// <summary>
    /// Returns the sessions revoked or updated after <paramref name="cursor"/> (0: all of them) and not before <paramref name="since"/> that have not
    /// expired, with the cursor to ask with next time. A session appears once, with its newest state. A change may be reported twice; none is left out. A
    /// cursor above all changes comes from a store that was emptied or replaced since; it counts as 0.
    /// </summary>
    Task<SessionChangeSet> ReadChangesAsync(long cursor, DateTimeOffset since, CancellationToken cancellationToken = default);

    /// <summary>Forgets the sessions that have expired, revoked ones included, and used keys whose time is over. Returns how many sessions.</summary>
    Task<int> RemoveExpiredAsync(CancellationToken cancellationToken = default);
}
