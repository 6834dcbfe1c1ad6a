namespace BlazorAuth;

/// <summary>
/// Stores sessions. The cookie makes checks fast; the row in the store makes a session revocable, and visible to its owner. All implementations pass
/// the same contract tests. Members throw <see cref="SessionStoreException"/> when the store cannot be used; the store does not decide who is signed
/// in. Strings are compared ordinally, times have millisecond precision, contents can have up to 128 KiB (UTF-8) and other strings up to 1,024
/// characters; NUL and unpaired surrogates are rejected (<see cref="ArgumentException"/>). No call processes an unlimited number of sessions: each is
/// limited to <see cref="MostAtOnce"/>, and callers repeat it for more.
/// </summary>
public interface ISessionStore
{
    /// <summary>The maximum number of sessions that a call lists, ends or returns.</summary>
    const int MostAtOnce = 1000;

    /// <summary>Creates or upgrades the schema. Safe to call from several nodes at once, and more than once.</summary>
    Task InitializeAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores a new session as given, and returns it with its <see cref="SessionRecord.Number"/>. One that is already revoked, or whose
    /// version is above 1, is reported as a change.
    /// </summary>
    /// <exception cref="InvalidOperationException">A session with this ID exists.</exception>
    Task<SessionRecord> CreateAsync(SessionRecord session, CancellationToken cancellationToken = default);

    /// <summary>
    /// Stores a new session in place of a live one of the same user, in one transaction, and returns it with its number. From then on, the replaced
    /// session is neither live nor listed, and no call changes it: it has <see cref="SessionRecord.ReplacedBy"/>, and ends
    /// (<see cref="SessionRecord.RevokedAt"/>)
    /// after <paramref name="grace"/>, by the store's clock. Sessions that it had replaced and that have not ended count as replaced by the new one. This is reported as a change.
    /// </summary>
    /// <param name="session">The new session. Its ID must not contain a space.</param>
    /// <param name="replacedSessionId">The session that it replaces.</param>
    /// <param name="grace">How long the replaced session may still be used.</param>
    /// <param name="rememberUntil">The store keeps the replaced session at least until then, even if it expires earlier.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns><see langword="null"/>, with nothing changed, when the user has no such live session: of several concurrent calls, exactly one succeeds.</returns>
    /// <exception cref="InvalidOperationException">A session with this ID exists.</exception>
    Task<SessionRecord?> ReplaceAsync(
        SessionRecord session, string replacedSessionId, TimeSpan grace, DateTimeOffset rememberUntil, CancellationToken cancellationToken = default);

    /// <summary>Returns a session by its ID, even if it is revoked or expired; <see langword="null"/> when there is none.</summary>
    Task<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Returns live sessions of a user (neither revoked nor expired), most recently seen first, then by ID, at most
    /// <paramref name="count"/>.
    /// </summary>
    /// <param name="userId">The user's ID.</param>
    /// <param name="count">The maximum number to return: 1 to <see cref="MostAtOnce"/>.</param>
    /// <param name="after">The last session of the previous page; <see langword="null"/> for the first page.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<SessionRecord>> ListAsync(string userId, int count, SessionRecord? after = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Returns the sessions of a user that the store still has, including ended ones, those that began or ended most recently first, then by
    /// ID, at most <paramref name="count"/>: the recent activity of the account page.
    /// </summary>
    /// <param name="userId">The user's ID.</param>
    /// <param name="count">The maximum number to return: 1 to <see cref="MostAtOnce"/>.</param>
    /// <param name="after">The last session of the previous page; <see langword="null"/> for the first page.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<IReadOnlyList<SessionRecord>> ListHistoryAsync(string userId, int count, SessionRecord? after = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Revokes one session of a user. Another user's session is <see cref="RevokeResult.NotFound"/>, and so is one that has expired, revoked
    /// or not. Of several concurrent calls, exactly one returns <see cref="RevokeResult.Revoked"/>. A replaced session can be revoked before its end, and
    /// whatever revokes a session, this call or another, also ends those that it replaced.
    /// </summary>
    Task<RevokeResult> RevokeAsync(string userId, string sessionId, SessionRevocation revocation, CancellationToken cancellationToken = default);

    /// <summary>
    /// Revokes live sessions of a user except <paramref name="exceptSessionId"/>, and returns the IDs of those it revoked. If it returns
    /// <paramref name="count"/> IDs (1 to <see cref="MostAtOnce"/>), there may be more. Replaced sessions that have not ended are ended too, but not returned.
    /// </summary>
    Task<IReadOnlyList<string>> RevokeAllAsync(
        string userId, string? exceptSessionId, int count, SessionRevocation revocation, CancellationToken cancellationToken = default);

    /// <summary>
    /// Revokes live sessions of a user, at most a hundred, until <paramref name="most"/> are left, and returns the IDs of those it revoked: adopted ones
    /// (<see cref="SessionRecord.IsAdopted"/>) first, then the least recently seen, never <paramref name="keptSessionId"/>.
    /// </summary>
    Task<IReadOnlyList<string>> LimitAsync(
        string userId, string keptSessionId, int most, SessionRevocation revocation, CancellationToken cancellationToken = default);

    /// <summary>
    /// Moves the last-seen time and expiry of a user's live session forward, and returns the updated session; neither time ever moves back. It is no longer
    /// <see cref="SessionRecord.IsAdopted"/>. Returns <see langword="null"/>, and changes nothing, when the session is unknown, another user's,
    /// revoked or expired: a renewal never revives a session.
    /// </summary>
    Task<SessionRecord?> RenewAsync(
        string userId, string sessionId, DateTimeOffset lastSeenAt, DateTimeOffset expiresAt, CancellationToken cancellationToken = default);

    /// <summary>
    /// Moves the times of many live sessions forward as <see cref="RenewAsync"/> does for one, and nothing else, all in one transaction, and returns how many it moved. Each
    /// session is in <paramref name="touches"/> once. A session that is being changed at the same time may be skipped, since the next call includes
    /// it again. This does not assign a number.
    /// </summary>
    Task<int> TouchAsync(IReadOnlyCollection<SessionTouch> touches, CancellationToken cancellationToken = default);

    /// <summary>
    /// Replaces the content of a live session only if its version is <paramref name="expectedVersion"/>, increments the version, and returns the
    /// updated session; <see langword="null"/> when there is no such live session or its version is another one: of several concurrent calls,
    /// exactly one succeeds.
    /// </summary>
    Task<SessionRecord?> UpdateAsync(string sessionId, int expectedVersion, string content, CancellationToken cancellationToken = default);

    /// <summary>
    /// Replaces the content of a live session with the same content in another form, if its version is <paramref name="version"/>. This is not reported as
    /// a change and does not assign a number. Returns whether it was replaced: what was erased is never written again.
    /// </summary>
    Task<bool> RewriteAsync(string sessionId, int version, string content, CancellationToken cancellationToken = default);

    /// <summary>
    /// Clears the content and the device of a user's session that is revoked or expired; what is left only shows that it ended. This is not reported
    /// as a change and does not assign a number. Returns whether there was such a session; a live one is left unchanged.
    /// </summary>
    Task<bool> EraseAsync(string userId, string sessionId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Enumerates all sessions of all users, in batches, in an order that the store chooses. A session that exists from the first call to the last is returned
    /// at least once.
    /// </summary>
    /// <param name="position">The position that the previous call returned; <see langword="null"/> to start.</param>
    /// <param name="count">About how many to return: 1 to <see cref="MostAtOnce"/>.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task<SessionSlice> ScanAsync(string? position, int count, CancellationToken cancellationToken = default);

    /// <summary>
    /// Records that a key was used, and returns whether this was the first time. Of several concurrent calls, on all nodes, exactly one is the first. The
    /// key is forgotten after <paramref name="until"/>.
    /// </summary>
    Task<bool> TryUseAsync(string key, DateTimeOffset until, CancellationToken cancellationToken = default);

    /// <summary>
    /// Returns the sessions that were revoked or updated after <paramref name="cursor"/> (0: all of them) and not before <paramref name="since"/>, and have not
    /// expired, with the cursor for the next call. A session appears once, in its latest state. A change may be reported twice, but is never left out. A
    /// cursor higher than all changes comes from a store that has since been emptied or replaced; it counts as 0.
    /// </summary>
    Task<SessionChangeSet> ReadChangesAsync(long cursor, DateTimeOffset since, CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes the sessions that had expired by <paramref name="before"/>, including revoked ones, and used keys that are past their time, but
    /// nothing that has not expired by the store's own clock, if it has one. Returns how many sessions it removed.
    /// </summary>
    Task<int> RemoveExpiredAsync(DateTimeOffset before, CancellationToken cancellationToken = default);
}
