using System.Globalization;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace BlazorAuth.Stores.Redis;

/// <summary>Remembers sessions in a Redis server that several nodes share, and tells each of them what changed.</summary>
internal sealed class RedisSessionStore : ISessionStore, ISessionSignal, IProtectionKeyStore, IDisposable
{
    private const int Batch = 5000;

    private static readonly RedisKey KeyNames = "{blazorauth}:key-names";
    private static readonly RedisKey KeyValues = "{blazorauth}:keys";

    private readonly RedisDatabase _database;
    private readonly RedisSignal _signal;

    /// <exception cref="AuthSetupException">The connection string cannot be read.</exception>
    public RedisSessionStore(string connectionString, TimeProvider clock, ILogger<RedisSessionStore> logger)
    {
        _database = new RedisDatabase(connectionString, clock, logger);
        _signal = new RedisSignal(_database, clock, logger);
    }

    public async Task InitializeAsync(CancellationToken cancellationToken = default)
    {
        await _database.RunAsync(RedisScripts.Changes, cancellationToken, long.MaxValue, 1);
        await _database.CheckServerAsync(cancellationToken);
    }

    public async Task CreateAsync(SessionRecord session, CancellationToken cancellationToken = default)
    {
        var record = SessionLimits.Normalize(session);
        var added = await _database.RunAsync(
            RedisScripts.Create,
            cancellationToken,
            [record.Id, record.UserId, Number(record.ExpiresAt), record.Version, record.RevokedAt is null ? "0" : "1", .. RedisRows.Fields(record)]);
        if ((int)added == 0)
        {
            throw new InvalidOperationException("A session with this id exists already.");
        }
    }

    public async Task<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken = default)
    {
        if (!SessionLimits.CanBeKept(sessionId))
        {
            return null;
        }

        var fields = await _database.ExplainedAsync(database => database.HashGetAllAsync("{blazorauth}:session:" + sessionId), cancellationToken);
        return fields.Length == 0 ? null : RedisRows.ToRecord(fields.ToDictionary(field => (string)field.Name!, field => field.Value));
    }

    public async Task<IReadOnlyList<SessionRecord>> ListAsync(string userId, CancellationToken cancellationToken = default)
    {
        if (!SessionLimits.CanBeKept(userId))
        {
            return [];
        }

        return [.. ToRecords(await _database.RunAsync(RedisScripts.List, cancellationToken, userId))
            .OrderByDescending(record => record.LastSeenAt)
            .ThenByDescending(record => record.CreatedAt)
            .ThenBy(record => record.Id, StringComparer.Ordinal)];
    }

    public async Task<IReadOnlyList<SessionRecord>> ListHistoryAsync(string userId, int count, CancellationToken cancellationToken = default) =>
        SessionLimits.CanBeKept(userId) ? [.. ToRecords(await _database.RunAsync(RedisScripts.ListHistory, cancellationToken, userId, count))] : [];

    public async Task<RevokeResult> RevokeAsync(string userId, string sessionId, CancellationToken cancellationToken = default)
    {
        if (!SessionLimits.CanBeKept(userId) || !SessionLimits.CanBeKept(sessionId))
        {
            return RevokeResult.NotFound;
        }

        return (int)await _database.RunAsync(RedisScripts.Revoke, cancellationToken, userId, sessionId) switch
        {
            0 => RevokeResult.NotFound,
            1 => RevokeResult.Revoked,
            _ => RevokeResult.AlreadyRevoked,
        };
    }

    public async Task<IReadOnlyList<string>> RevokeAllAsync(string userId, string? exceptSessionId = null, CancellationToken cancellationToken = default) =>
        SessionLimits.CanBeKept(userId)
            ? (string[])(await _database.RunAsync(RedisScripts.RevokeAll, cancellationToken, userId, exceptSessionId ?? ""))!
            : [];

    public async Task<bool> TouchAsync(string sessionId, DateTimeOffset lastSeenAt, DateTimeOffset expiresAt, CancellationToken cancellationToken = default) =>
        await TouchAsync([new SessionTouch(sessionId, lastSeenAt, expiresAt)], cancellationToken) == 1;

    public async Task<int> TouchAsync(IReadOnlyCollection<SessionTouch> touches, CancellationToken cancellationToken = default) =>
        (int)await _database.RunAsync(
            RedisScripts.Touch,
            cancellationToken,
            [.. touches.SelectMany(touch => (RedisValue[])[touch.SessionId, Number(touch.LastSeenAt), Number(touch.ExpiresAt)])]);

    public async Task<int?> UpdateClaimsAsync(string sessionId, int expectedVersion, string claims, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckClaims(claims);
        var version = (int)await _database.RunAsync(RedisScripts.Update, cancellationToken, sessionId, claims, expectedVersion);
        return version == 0 ? null : version;
    }

    public async Task<SessionChangeSet> ReadChangesAsync(long cursor, CancellationToken cancellationToken = default)
    {
        // In portions: a script stops every other client. What changes in between moves to the end, where it is found.
        List<SessionChange> changes = [];
        while (true)
        {
            var answer = (RedisValue[])(await _database.RunAsync(RedisScripts.Changes, cancellationToken, cursor, Batch))!;
            for (var i = 4; i < answer.Length; i += 4)
            {
                changes.Add(new SessionChange((string)answer[i]!, answer[i + 1] == "1", (int)answer[i + 2], RedisRows.Time(answer[i + 3])));
            }

            cursor = (long)answer[3];
            if (cursor == (long)answer[0])
            {
                return new SessionChangeSet(Newest(changes), cursor)
                {
                    Epoch = new SessionStoreEpoch((string)answer[1]!, RedisRows.Time(answer[2])),
                };
            }
        }
    }

    public async Task<int> RemoveExpiredAsync(CancellationToken cancellationToken = default)
    {
        for (var removed = 0; ;)
        {
            var count = (int)await _database.RunAsync(RedisScripts.RemoveExpired, cancellationToken, Batch);
            removed += count;
            if (count < Batch)
            {
                return removed;
            }
        }
    }

    // The platform asks for its keys without async, seldom, and never on the way of a usual request.
    public IReadOnlyCollection<string> ReadKeys() =>
        [.. _database.ExplainedAsync(database => database.ListRangeAsync(KeyValues), CancellationToken.None).GetAwaiter().GetResult().Select(value => (string)value!)];

    public void AddKey(string name, string value) =>
        _database.ExplainedAsync(
            database => database.ScriptEvaluateAsync(RedisScripts.AddKey, [KeyNames, KeyValues], [name, value]), CancellationToken.None).GetAwaiter().GetResult();

    public Task ListenAsync(Action<SessionChange> onChange, Func<Task> onListening, CancellationToken cancellationToken) =>
        _signal.ListenAsync(onChange, onListening, cancellationToken);

    public void Dispose() => _database.Dispose();

    private static IEnumerable<SessionRecord> ToRecords(RedisResult rows) => ((RedisResult[])rows!)
        .Select(row => RedisRows.ToRecord(row.ToDictionary().ToDictionary(field => field.Key, field => (RedisValue)field.Value)));

    private static RedisValue Number(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    // One that changed while the portions were read was found twice.
    private static List<SessionChange> Newest(List<SessionChange> changes)
    {
        if (changes.Count <= Batch)
        {
            return changes;
        }

        var newest = new Dictionary<string, SessionChange>(changes.Count, StringComparer.Ordinal);
        changes.ForEach(change => newest[change.SessionId] = change);
        return [.. newest.Values];
    }
}
