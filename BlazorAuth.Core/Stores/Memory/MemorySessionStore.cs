using BlazorAuth.Accounts;
using BlazorAuth.Sync;

namespace BlazorAuth.Stores.Memory;

/// <summary>Keeps sessions in this process only, for tests and <c>AUTH_STORE=memory</c>: a restart signs everyone out.</summary>
internal sealed partial class MemorySessionStore(TimeProvider clock) : ISessionStore, IProtectionKeyStore, IWatchedStore, IAccountStoreSource
{
    private readonly Lock _gate = new();
    private readonly MemoryRows _rows = new();
    private readonly Dictionary<string, DateTimeOffset> _used = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<string, string>> _keys = [];
    private readonly string _id = SessionChangeSet.NewStoreId();
    private PastLook? _mark;
    private string _losses = "";

    public IAccountStore Accounts { get; } = new MemoryAccountStore(clock);

    public Task InitializeAsync(CancellationToken cancellationToken = default) => Run(() => true, cancellationToken);

    public Task<SessionRecord> CreateAsync(SessionRecord session, CancellationToken cancellationToken = default)
    {
        var record = SessionLimits.Normalize(session);
        return Run(
            () => _rows.Find(record.Id) is null
                ? _rows.Write(record, record.RevokedAt is not null || record.Version > 1 ? Now : null)
                : throw Exists(),
            cancellationToken);
    }

    public Task<SessionRecord?> ReplaceAsync(
        SessionRecord session, string replacedSessionId, TimeSpan grace, DateTimeOffset rememberUntil, CancellationToken cancellationToken = default)
    {
        var record = SessionLimits.NormalizeReplacing(session);
        return Run(
            () =>
            {
                if (FindLive(replacedSessionId) is not { } replaced || replaced.UserId != record.UserId)
                {
                    return null;
                }

                if (_rows.Find(record.Id) is not null)
                {
                    throw Exists();
                }

                EndingOf(record.UserId, replaced.Id).ForEach(earlier => _rows.Overwrite(earlier with { ReplacedBy = record.Id }));
                var created = _rows.Write(record, record.Version > 1 ? Now : null);
                _rows.Write(
                    replaced with
                    {
                        RevokedAt = SessionLimits.ToMilliseconds(Now + grace), RevokedFor = RevocationReason.Replaced, ReplacedBy = record.Id,
                        ExpiresAt = Later(replaced.ExpiresAt, rememberUntil),
                    },
                    Now);
                return created;
            },
            cancellationToken);
    }

    public Task<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken = default) =>
        Run(() => _rows.Find(sessionId), cancellationToken);

    public Task<IReadOnlyList<SessionRecord>> ListAsync(
        string userId, int count, SessionRecord? after = null, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckCount(count);
        return Run<IReadOnlyList<SessionRecord>>(() => [.. LiveOf(userId, after).Take(count)], cancellationToken);
    }

    public Task<IReadOnlyList<SessionRecord>> ListHistoryAsync(
        string userId, int count, SessionRecord? after = null, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckCount(count);
        return Run<IReadOnlyList<SessionRecord>>(
            () => [.. (_rows.Person(userId)?.History(after) ?? []).Take(count).Select(id => _rows.Find(id)!)], cancellationToken);
    }

    public Task<SessionRecord?> RenewAsync(
        string userId, string sessionId, DateTimeOffset lastSeenAt, DateTimeOffset expiresAt, CancellationToken cancellationToken = default) =>
        Run(
            () => Touched(new SessionTouch(userId, sessionId, lastSeenAt, expiresAt)) is { } touched
                ? _rows.Write(touched with { IsAdopted = false }, changedAt: null)
                : null,
            cancellationToken);

    public Task<int> TouchAsync(IReadOnlyCollection<SessionTouch> touches, CancellationToken cancellationToken = default) =>
        Run(
            () =>
            {
                var touched = touches.Select(Touched).OfType<SessionRecord>().ToList();
                touched.ForEach(_rows.Overwrite);
                return touched.Count;
            },
            cancellationToken);

    public Task<SessionRecord?> UpdateAsync(string sessionId, int expectedVersion, string content, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckContent(content);
        return Run(
            () => FindLive(sessionId) is { } record && record.Version == expectedVersion
                ? _rows.Write(record with { Content = content, Version = record.Version + 1 }, Now)
                : null,
            cancellationToken);
    }

    public Task<bool> RewriteAsync(string sessionId, int version, string content, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckContent(content);
        return Run(
            () =>
            {
                if (FindLive(sessionId) is not { } record || record.Version != version)
                {
                    return false;
                }

                _rows.Overwrite(record with { Content = content });
                return true;
            },
            cancellationToken);
    }

    public Task<SessionSlice> ScanAsync(string? position, int count, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckCount(count);
        return Run(
            () =>
            {
                var records = _rows.All.Select(row => row.Record).Where(record => string.CompareOrdinal(record.Id, position) > 0)
                    .OrderBy(record => record.Id, StringComparer.Ordinal).Take(count).ToList();
                return new SessionSlice(records, records.Count < count ? null : records[^1].Id);
            },
            cancellationToken);
    }

    public Task<bool> TryUseAsync(string key, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckKey(key);
        return Run(
            () =>
            {
                if (_used.TryGetValue(key, out var known) && known > Now)
                {
                    return false;
                }

                _used[key] = until;
                return true;
            },
            cancellationToken);
    }

    public Task<SessionChangeSet> ReadChangesAsync(long cursor, DateTimeOffset since, CancellationToken cancellationToken = default) =>
        Run(
            () =>
            {
                var after = cursor > _rows.Number ? 0 : cursor;
                var changes = _rows.All
                    .Where(row => row.Change > after && row.ChangedAt >= since && !HasExpired(row.Record))
                    .Select(row => SessionChange.FromRow(
                        row.Record.Id, row.Record.RevokedAt, row.Record.ReplacedBy, row.Record.Version, row.Record.ExpiresAt, row.ChangedAt, Now));
                return new SessionChangeSet([.. changes], _rows.Number, _id, _rows.Number);
            },
            cancellationToken);

    public Task<IReadOnlyCollection<string>> ReadKeysAsync(CancellationToken cancellationToken = default) =>
        Run<IReadOnlyCollection<string>>(() => _keys.ConvertAll(key => key.Value), cancellationToken);

    public Task AddKeyAsync(string name, string value, CancellationToken cancellationToken = default) => Run(
        () =>
        {
            if (!_keys.Exists(key => key.Key == name))
            {
                _keys.Add(new(name, value));
            }

            return true;
        },
        cancellationToken);

    public Action<string> OnMarkReceived { get; set; } = _ => { };

    // It is lost with its process, and has no other nodes to notify.
    public Task<StoreLook> LookAsync(NodeMark mark, CancellationToken cancellationToken = default) => Run(
        () =>
        {
            var own = _mark;
            _mark = new PastLook(mark.Sequence, _rows.Number, Now);
            return new StoreLook(_id, _rows.Number, _losses, Time: null, own, Last: null);
        },
        cancellationToken);

    public Task<bool> NoteLossAsync(string expected, string losses, long number, CancellationToken cancellationToken = default) => Run(
        () =>
        {
            if (_losses != expected)
            {
                return false;
            }

            _losses = losses;
            _rows.ContinueAbove(number);
            return true;
        },
        cancellationToken);

    private DateTimeOffset Now => SessionLimits.ToMilliseconds(clock.GetUtcNow());

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

    private SessionRecord? Touched(SessionTouch touch) =>
        FindLive(touch.SessionId) is { } record && record.UserId == touch.UserId
            ? record with { LastSeenAt = Later(record.LastSeenAt, touch.LastSeenAt), ExpiresAt = Later(record.ExpiresAt, touch.ExpiresAt) }
            : null;

    private SessionRecord? FindLive(string sessionId) =>
        _rows.Find(sessionId) is { RevokedAt: null } record && !HasExpired(record) ? record : null;

    private IEnumerable<SessionRecord> LiveOf(string userId, SessionRecord? after = null) =>
        (_rows.Person(userId)?.Open(after) ?? []).Select(id => _rows.Find(id)!).Where(record => !HasExpired(record));

    private static InvalidOperationException Exists() => new("A session with this id already exists.");

    private bool HasExpired(SessionRecord record) => record.ExpiresAt <= StoreClock.GetExpiryTime(clock);

    private static DateTimeOffset Later(DateTimeOffset known, DateTimeOffset given) =>
        SessionLimits.ToMilliseconds(given > known ? given : known);
}
