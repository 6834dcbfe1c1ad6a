using BlazorAuth;
using BlazorAuth.Testing;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace Snippets;

internal static class WriteAStore
{
    public static void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth().AddSessionStore<DictionaryStoreFactory>();
    }
}

public sealed class DictionaryStoreTests : SessionStoreContract
{
    private readonly DictionaryStore _store;

    public DictionaryStoreTests() => _store = new DictionaryStore(Clock);

    protected override ISessionStore Store => _store;
}

public sealed class DictionaryStoreFactory : ISessionStoreFactory
{
    public string Scheme => "dictionary";

    public string Example => "";

    public string? Check(string address) => null;

    public ISessionStore Create(string address, TimeProvider clock) => new DictionaryStore(clock);
}

public sealed partial class DictionaryStore(TimeProvider clock) : ISessionStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Row> _rows = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _usedKeys = new(StringComparer.Ordinal);
    private readonly List<KeyValuePair<string, string>> _keys = [];
    private readonly string _id = SessionChangeSet.NewStoreId();
    private long _lastNumber;
    private long _lastChange;

    private sealed record Row(SessionRecord Session, long Change, DateTimeOffset ChangedAt);

    public Task<SessionRecord> CreateAsync(SessionRecord session, CancellationToken cancellationToken = default)
    {
        var record = SessionLimits.Normalize(session);
        return RunAsync(() => Insert(record), cancellationToken);
    }

    public Task<SessionRecord?> ReplaceAsync(
        SessionRecord session, string replacedSessionId, TimeSpan grace, DateTimeOffset rememberUntil, CancellationToken cancellationToken = default)
    {
        var record = SessionLimits.NormalizeReplacing(session);
        return RunAsync(
            () =>
            {
                if (FindLive(replacedSessionId) is not { } replaced || replaced.UserId != record.UserId)
                {
                    return null;
                }

                var created = Insert(record);
                foreach (var earlier in EndingOf(record.UserId).Where(earlier => earlier.ReplacedBy == replacedSessionId))
                {
                    Rewrite(earlier with { ReplacedBy = record.Id });
                }

                Write(
                    replaced with
                    {
                        RevokedAt = Now + grace, RevokedFor = RevocationReason.Replaced, ReplacedBy = record.Id, ExpiresAt = Later(replaced.ExpiresAt, rememberUntil),
                    },
                    isChange: true);
                return created;
            },
            cancellationToken);
    }

    public Task<SessionChangeSet> ReadChangesAsync(long cursor, DateTimeOffset since, CancellationToken cancellationToken = default) => RunAsync(
        () =>
        {
            var from = cursor > _lastChange ? 0 : cursor;
            var changes = _rows.Values.Where(row => row.Change > from && row.ChangedAt >= since && !HasExpired(row.Session)).Select(row => SessionChange.FromRow(
                row.Session.Id, row.Session.RevokedAt, row.Session.ReplacedBy, row.Session.Version, row.Session.ExpiresAt, row.ChangedAt, Now));
            return new SessionChangeSet([.. changes], _lastChange, _id, _lastNumber);
        },
        cancellationToken);

    public Task<int> RemoveExpiredAsync(DateTimeOffset before, CancellationToken cancellationToken = default) => RunAsync(
        () =>
        {
            List<string> expired = [.. _rows.Values.Select(row => row.Session).Where(session => HasExpired(session) && session.ExpiresAt <= before).Select(session => session.Id)];
            expired.ForEach(id => _rows.Remove(id));
            _usedKeys.Where(used => used.Value <= before && used.Value <= Now).Select(used => used.Key).ToList().ForEach(key => _usedKeys.Remove(key));
            return expired.Count;
        },
        cancellationToken);

    private DateTimeOffset Now => SessionLimits.ToMilliseconds(clock.GetUtcNow());

    // Every call is one transaction.
    private Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellationToken)
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

    private SessionRecord Insert(SessionRecord session) => Find(session.Id) is null
        ? Write(session, isChange: session.RevokedAt is not null || session.Version > 1)
        : throw new InvalidOperationException("A session with this id already exists.");

    // Takes the next number. A change, which other nodes have to know, also takes the next place among the changes.
    private SessionRecord Write(SessionRecord session, bool isChange)
    {
        session = session with { Number = ++_lastNumber };
        var row = _rows.GetValueOrDefault(session.Id) ?? new Row(session, 0, default);
        _rows[session.Id] = isChange ? new Row(session, ++_lastChange, Now) : row with { Session = session };
        return session;
    }

    // Nobody else has to know.
    private bool Rewrite(SessionRecord session)
    {
        _rows[session.Id] = _rows[session.Id] with { Session = session };
        return true;
    }

    private bool HasExpired(SessionRecord session) => session.ExpiresAt <= StoreClock.GetExpiryTime(clock);
}
