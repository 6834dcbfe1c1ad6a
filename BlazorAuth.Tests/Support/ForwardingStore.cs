namespace BlazorAuth.Tests;

/// <summary>A store that is another one, but for what a test changes about it. It keeps users where that one does, no protection keys, and has no signal.</summary>
internal abstract class ForwardingStore(ISessionStore inner) : ISessionStore, IAccountStoreSource
{
    public IAccountStore Accounts => ((IAccountStoreSource)inner).Accounts;

    public virtual Task InitializeAsync(CancellationToken cancellationToken = default) => inner.InitializeAsync(cancellationToken);

    public virtual Task<SessionRecord> CreateAsync(SessionRecord session, CancellationToken cancellationToken = default) =>
        inner.CreateAsync(session, cancellationToken);

    public virtual Task<SessionRecord?> ReplaceAsync(
        SessionRecord session, string replacedSessionId, TimeSpan grace, DateTimeOffset rememberUntil, CancellationToken cancellationToken = default) =>
        inner.ReplaceAsync(session, replacedSessionId, grace, rememberUntil, cancellationToken);

    public virtual Task<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken = default) =>
        inner.FindAsync(sessionId, cancellationToken);

    public virtual Task<IReadOnlyList<SessionRecord>> ListAsync(
        string userId, int count, SessionRecord? after = null, CancellationToken cancellationToken = default) =>
        inner.ListAsync(userId, count, after, cancellationToken);

    public virtual Task<IReadOnlyList<SessionRecord>> ListHistoryAsync(
        string userId, int count, SessionRecord? after = null, CancellationToken cancellationToken = default) =>
        inner.ListHistoryAsync(userId, count, after, cancellationToken);

    public virtual Task<RevokeResult> RevokeAsync(
        string userId, string sessionId, SessionRevocation revocation, CancellationToken cancellationToken = default) =>
        inner.RevokeAsync(userId, sessionId, revocation, cancellationToken);

    public virtual Task<IReadOnlyList<string>> RevokeAllAsync(
        string userId, string? exceptSessionId, int count, SessionRevocation revocation, CancellationToken cancellationToken = default) =>
        inner.RevokeAllAsync(userId, exceptSessionId, count, revocation, cancellationToken);

    public virtual Task<IReadOnlyList<string>> LimitAsync(
        string userId, string keptSessionId, int most, SessionRevocation revocation, CancellationToken cancellationToken = default) =>
        inner.LimitAsync(userId, keptSessionId, most, revocation, cancellationToken);

    public virtual Task<SessionRecord?> RenewAsync(
        string userId, string sessionId, DateTimeOffset lastSeenAt, DateTimeOffset expiresAt, CancellationToken cancellationToken = default) =>
        inner.RenewAsync(userId, sessionId, lastSeenAt, expiresAt, cancellationToken);

    public virtual Task<int> TouchAsync(IReadOnlyCollection<SessionTouch> touches, CancellationToken cancellationToken = default) =>
        inner.TouchAsync(touches, cancellationToken);

    public virtual Task<SessionRecord?> UpdateAsync(string sessionId, int expectedVersion, string content, CancellationToken cancellationToken = default) =>
        inner.UpdateAsync(sessionId, expectedVersion, content, cancellationToken);

    public virtual Task<bool> RewriteAsync(string sessionId, int version, string content, CancellationToken cancellationToken = default) =>
        inner.RewriteAsync(sessionId, version, content, cancellationToken);

    public virtual Task<bool> EraseAsync(string userId, string sessionId, CancellationToken cancellationToken = default) =>
        inner.EraseAsync(userId, sessionId, cancellationToken);

    public virtual Task<SessionSlice> ScanAsync(string? position, int count, CancellationToken cancellationToken = default) =>
        inner.ScanAsync(position, count, cancellationToken);

    public virtual Task<bool> TryUseAsync(string key, DateTimeOffset until, CancellationToken cancellationToken = default) =>
        inner.TryUseAsync(key, until, cancellationToken);

    public virtual Task<SessionChangeSet> ReadChangesAsync(long cursor, DateTimeOffset since, CancellationToken cancellationToken = default) =>
        inner.ReadChangesAsync(cursor, since, cancellationToken);

    public virtual Task<int> RemoveExpiredAsync(DateTimeOffset before, CancellationToken cancellationToken = default) =>
        inner.RemoveExpiredAsync(before, cancellationToken);
}
