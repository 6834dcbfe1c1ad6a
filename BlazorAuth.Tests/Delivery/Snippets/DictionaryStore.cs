using BlazorAuth;

namespace Snippets;

/// <content>What <c>docs/write-a-store.md</c> leaves out: the lists, the ends of sessions, and the keys.</content>
public sealed partial class DictionaryStore : IProtectionKeyStore
{
    public Task InitializeAsync(CancellationToken cancellationToken = default) => RunAsync(() => true, cancellationToken);

    public Task<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken = default) => RunAsync(() => Find(sessionId), cancellationToken);

    public Task<IReadOnlyList<SessionRecord>> ListAsync(string userId, int count, SessionRecord? after = null, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckCount(count);
        return RunAsync(() => Page(LiveOf(userId), session => session.LastSeenAt, count, after), cancellationToken);
    }

    public Task<IReadOnlyList<SessionRecord>> ListHistoryAsync(string userId, int count, SessionRecord? after = null, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckCount(count);
        return RunAsync(() => Page(AllOf(userId), session => session.RevokedAt ?? session.CreatedAt, count, after), cancellationToken);
    }

    public Task<SessionSlice> ScanAsync(string? position, int count, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckCount(count);
        return RunAsync(
            () =>
            {
                List<SessionRecord> found =
                [
                    .. _rows.Values.Select(row => row.Session).OrderBy(session => session.Id, StringComparer.Ordinal)
                        .Where(session => string.CompareOrdinal(session.Id, position) > 0).Take(count),
                ];
                return new SessionSlice(found, found.Count < count ? null : found[^1].Id);
            },
            cancellationToken);
    }

    public Task<RevokeResult> RevokeAsync(string userId, string sessionId, SessionRevocation revocation, CancellationToken cancellationToken = default) => RunAsync(
        () =>
        {
            if (Find(sessionId) is not { } session || session.UserId != userId || HasExpired(session))
            {
                return RevokeResult.NotFound;
            }

            if (session.RevokedAt is not null && !IsEnding(session))
            {
                return RevokeResult.AlreadyRevoked;
            }

            Revoke([session, .. EndingOf(userId).Where(earlier => earlier.ReplacedBy == sessionId)], revocation);
            return RevokeResult.Revoked;
        },
        cancellationToken);

    public Task<IReadOnlyList<string>> RevokeAllAsync(
        string userId, string? exceptSessionId, int count, SessionRevocation revocation, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckCount(count);
        return RunAsync(
            () =>
            {
                List<SessionRecord> ended = [.. LiveOf(userId).Where(session => session.Id != exceptSessionId).Take(count)];
                Revoke([.. ended, .. EndingOf(userId)], revocation);
                return (IReadOnlyList<string>)ended.ConvertAll(session => session.Id);
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<string>> LimitAsync(
        string userId, string keptSessionId, int most, SessionRevocation revocation, CancellationToken cancellationToken = default) => RunAsync(
        () =>
        {
            List<SessionRecord> live = [.. LiveOf(userId)];
            List<SessionRecord> ended =
            [
                .. live.Where(session => session.Id != keptSessionId).OrderByDescending(session => session.IsAdopted).ThenBy(session => session.LastSeenAt)
                    .ThenByDescending(session => session.Id, StringComparer.Ordinal).Take(Math.Clamp(live.Count - most, 0, SessionLimits.MostEnded)),
            ];
            Revoke([.. ended, .. EndingOf(userId).Where(earlier => ended.Exists(session => session.Id == earlier.ReplacedBy))], revocation);
            return (IReadOnlyList<string>)ended.ConvertAll(session => session.Id);
        },
        cancellationToken);

    public Task<SessionRecord?> RenewAsync(
        string userId, string sessionId, DateTimeOffset lastSeenAt, DateTimeOffset expiresAt, CancellationToken cancellationToken = default) => RunAsync(
        () => FindLive(sessionId) is { } session && session.UserId == userId
            ? Write(Seen(session, lastSeenAt, expiresAt) with { IsAdopted = false }, isChange: false)
            : null,
        cancellationToken);

    public Task<int> TouchAsync(IReadOnlyCollection<SessionTouch> touches, CancellationToken cancellationToken = default) => RunAsync(
        () =>
        {
            var moved = 0;
            foreach (var touch in touches)
            {
                if (FindLive(touch.SessionId) is { } session && session.UserId == touch.UserId)
                {
                    Rewrite(Seen(session, touch.LastSeenAt, touch.ExpiresAt));
                    moved++;
                }
            }

            return moved;
        },
        cancellationToken);

    public Task<SessionRecord?> UpdateAsync(string sessionId, int expectedVersion, string content, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckContent(content);
        return RunAsync(
            () => FindLive(sessionId) is { } session && session.Version == expectedVersion
                ? Write(session with { Content = content, Version = expectedVersion + 1 }, isChange: true)
                : null,
            cancellationToken);
    }

    public Task<bool> RewriteAsync(string sessionId, int version, string content, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckContent(content);
        return RunAsync(() => FindLive(sessionId) is { } session && session.Version == version && Rewrite(session with { Content = content }), cancellationToken);
    }

    public Task<bool> EraseAsync(string userId, string sessionId, CancellationToken cancellationToken = default) => RunAsync(
        () => Find(sessionId) is { } session && session.UserId == userId && FindLive(sessionId) is null && Rewrite(session with { Content = "", Device = null }),
        cancellationToken);

    public Task<bool> TryUseAsync(string key, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckKey(key);
        return RunAsync(
            () =>
            {
                var isFirst = !_usedKeys.TryGetValue(key, out var known) || known <= Now;
                _usedKeys[key] = isFirst ? until : known;
                return isFirst;
            },
            cancellationToken);
    }

    public Task<IReadOnlyCollection<string>> ReadKeysAsync(CancellationToken cancellationToken = default) =>
        RunAsync<IReadOnlyCollection<string>>(() => _keys.ConvertAll(key => key.Value), cancellationToken);

    public Task AddKeyAsync(string name, string value, CancellationToken cancellationToken = default) => RunAsync(
        () =>
        {
            if (!_keys.Exists(key => key.Key == name))
            {
                _keys.Add(new(name, value));
            }

            return true;
        },
        cancellationToken);

    private void Revoke(List<SessionRecord> sessions, SessionRevocation revocation) => sessions.ForEach(session => Write(
        session with { RevokedAt = Now, RevokedFor = revocation.Reason, ExpiresAt = Later(session.ExpiresAt, revocation.RememberUntil) }, isChange: true));

    private SessionRecord? Find(string sessionId) => _rows.GetValueOrDefault(sessionId)?.Session;

    private SessionRecord? FindLive(string sessionId) => Find(sessionId) is { RevokedAt: null } session && !HasExpired(session) ? session : null;

    private IEnumerable<SessionRecord> AllOf(string userId) => _rows.Values.Select(row => row.Session).Where(session => session.UserId == userId);

    private IEnumerable<SessionRecord> LiveOf(string userId) => AllOf(userId).Where(session => session.RevokedAt is null && !HasExpired(session));

    private List<SessionRecord> EndingOf(string userId) => [.. AllOf(userId).Where(IsEnding)];

    private bool IsEnding(SessionRecord session) => session.ReplacedBy is not null && session.RevokedAt > Now && !HasExpired(session);

    private static SessionRecord Seen(SessionRecord session, DateTimeOffset lastSeenAt, DateTimeOffset expiresAt) =>
        session with { LastSeenAt = Later(session.LastSeenAt, lastSeenAt), ExpiresAt = Later(session.ExpiresAt, expiresAt) };

    private static DateTimeOffset Later(DateTimeOffset known, DateTimeOffset given) => SessionLimits.ToMilliseconds(given > known ? given : known);

    private static IReadOnlyList<SessionRecord> Page(IEnumerable<SessionRecord> sessions, Func<SessionRecord, DateTimeOffset> time, int count, SessionRecord? after) =>
    [
        .. sessions.OrderByDescending(time).ThenBy(session => session.Id, StringComparer.Ordinal)
            .Where(session => after is null || time(session) < time(after) || (time(session) == time(after) && string.CompareOrdinal(session.Id, after.Id) > 0)).Take(count),
    ];
}
