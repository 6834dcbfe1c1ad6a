namespace BlazorAuth.Stores.Memory;

/// <summary>Remembers sessions in this process only, for tests and <c>AUTH_STORE=memory</c>: a restart signs everybody out.</summary>
internal sealed class MemorySessionStore(TimeProvider clock) : ISessionStore, IProtectionKeyStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Row> _rows = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<string, string>> _keys = [];
    private readonly SessionStoreEpoch _epoch = new(SessionStoreEpoch.NewId(), clock.GetUtcNow());
    private long _lastChange;

    public Task InitializeAsync(CancellationToken cancellationToken = default) => Run(() => true, cancellationToken);

    public Task CreateAsync(SessionRecord session, CancellationToken cancellationToken = default)
    {
        var record = SessionLimits.Normalize(session);
        return Run(
            () => _rows.TryAdd(record.Id, new Row(record, record.RevokedAt is not null || record.Version > 1 ? ++_lastChange : 0))
                ? true
                : throw new InvalidOperationException("A session with this id exists already."),
            cancellationToken);
    }

    public Task<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken = default) =>
        Run(() => _rows.GetValueOrDefault(sessionId)?.Record, cancellationToken);

    public Task<IReadOnlyList<SessionRecord>> ListAsync(string userId, CancellationToken cancellationToken = default) =>
        Run<IReadOnlyList<SessionRecord>>(
            () => [.. LiveOf(userId)
                .OrderByDescending(record => record.LastSeenAt)
                .ThenByDescending(record => record.CreatedAt)
                .ThenBy(record => record.Id, StringComparer.Ordinal)],
            cancellationToken);

    public Task<IReadOnlyList<SessionRecord>> ListHistoryAsync(string userId, int count, CancellationToken cancellationToken = default) =>
        Run<IReadOnlyList<SessionRecord>>(
            () => [.. _rows.Values.Select(row => row.Record)
                .Where(record => record.UserId == userId)
                .OrderByDescending(record => record.RevokedAt ?? record.CreatedAt)
                .ThenBy(record => record.Id, StringComparer.Ordinal)
                .Take(count)],
            cancellationToken);

    public Task<RevokeResult> RevokeAsync(string userId, string sessionId, CancellationToken cancellationToken = default) =>
        Run(
            () =>
            {
                if (!_rows.TryGetValue(sessionId, out var row) || row.Record.UserId != userId || HasExpired(row.Record))
                {
                    return RevokeResult.NotFound;
                }

                if (row.Record.RevokedAt is not null)
                {
                    return RevokeResult.AlreadyRevoked;
                }

                Revoke(row.Record);
                return RevokeResult.Revoked;
            },
            cancellationToken);

    public Task<IReadOnlyList<string>> RevokeAllAsync(string userId, string? exceptSessionId = null, CancellationToken cancellationToken = default) =>
        Run<IReadOnlyList<string>>(
            () =>
            {
                var records = LiveOf(userId).Where(record => record.Id != exceptSessionId).ToList();
                records.ForEach(Revoke);
                return records.ConvertAll(record => record.Id);
            },
            cancellationToken);

    public Task<bool> TouchAsync(string sessionId, DateTimeOffset lastSeenAt, DateTimeOffset expiresAt, CancellationToken cancellationToken = default) =>
        Run(() => Touch(new SessionTouch(sessionId, lastSeenAt, expiresAt)), cancellationToken);

    public Task<int> TouchAsync(IReadOnlyCollection<SessionTouch> touches, CancellationToken cancellationToken = default) =>
        Run(() => touches.Count(Touch), cancellationToken);

    public Task<int?> UpdateClaimsAsync(string sessionId, int expectedVersion, string claims, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckClaims(claims);
        return Run<int?>(
            () =>
            {
                if (FindLive(sessionId) is not { } row || row.Record.Version != expectedVersion)
                {
                    return null;
                }

                var updated = row.Record with { Claims = claims, Version = row.Record.Version + 1 };
                _rows[sessionId] = new Row(updated, ++_lastChange);
                return updated.Version;
            },
            cancellationToken);
    }

    public Task<SessionChangeSet> ReadChangesAsync(long cursor, CancellationToken cancellationToken = default) =>
        Run(
            () =>
            {
                var after = cursor > _lastChange ? 0 : cursor;
                var changes = _rows.Values
                    .Where(row => row.Change > after && !HasExpired(row.Record))
                    .Select(row => new SessionChange(row.Record.Id, row.Record.RevokedAt is not null, row.Record.Version, row.Record.ExpiresAt));
                return new SessionChangeSet([.. changes], _lastChange) { Epoch = _epoch };
            },
            cancellationToken);

    public Task<int> RemoveExpiredAsync(CancellationToken cancellationToken = default) =>
        Run(() => _rows.Values.Where(row => HasExpired(row.Record)).ToList().Count(row => _rows.Remove(row.Record.Id)), cancellationToken);

    public IReadOnlyCollection<string> ReadKeys()
    {
        lock (_gate)
        {
            return _keys.ConvertAll(key => key.Value);
        }
    }

    public void AddKey(string name, string value)
    {
        lock (_gate)
        {
            if (!_keys.Exists(key => key.Key == name))
            {
                _keys.Add(new(name, value));
            }
        }
    }

    private Task<T> Run<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        lock (_gate)
        {
            return Task.FromResult(work());
        }
    }

    private bool Touch(SessionTouch touch)
    {
        if (FindLive(touch.SessionId) is not { } row)
        {
            return false;
        }

        var touched = row.Record with
        {
            LastSeenAt = Later(row.Record.LastSeenAt, touch.LastSeenAt),
            ExpiresAt = Later(row.Record.ExpiresAt, touch.ExpiresAt),
        };
        _rows[touch.SessionId] = row with { Record = touched };
        return true;
    }

    private Row? FindLive(string sessionId) =>
        _rows.TryGetValue(sessionId, out var row) && row.Record.RevokedAt is null && !HasExpired(row.Record) ? row : null;

    private IEnumerable<SessionRecord> LiveOf(string userId) =>
        _rows.Values.Select(row => row.Record).Where(record => record.UserId == userId && record.RevokedAt is null && !HasExpired(record));

    private void Revoke(SessionRecord record) =>
        _rows[record.Id] = new Row(record with { RevokedAt = SessionLimits.ToMilliseconds(clock.GetUtcNow()) }, ++_lastChange);

    private bool HasExpired(SessionRecord record) => record.ExpiresAt <= clock.GetUtcNow();

    private static DateTimeOffset Later(DateTimeOffset known, DateTimeOffset given) =>
        SessionLimits.ToMilliseconds(given > known ? given : known);

    private sealed record Row(SessionRecord Record, long Change);
}
