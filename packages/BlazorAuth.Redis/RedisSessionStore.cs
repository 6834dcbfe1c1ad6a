using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using static BlazorAuth.Stores.Redis.RedisRows;

namespace BlazorAuth.Stores.Redis;

/// <summary>Remembers sessions in a Redis server that several nodes share, and tells each of them what changed.</summary>
internal sealed partial class RedisSessionStore : ISessionStore, ISessionSignal, IProtectionKeyStore, IDisposable
{
    private static readonly RedisKey KeyNames = "{blazorauth}:key-names";
    private static readonly RedisKey KeyValues = "{blazorauth}:keys";

    private readonly RedisDatabase _database;
    private readonly RedisSignal _signal;
    private readonly TimeProvider _clock;

    /// <exception cref="AuthSetupException">The connection string cannot be read.</exception>
    /// <param name="connectionString">As StackExchange.Redis reads it.</param>
    /// <param name="clock">Decides what has expired.</param>
    /// <param name="logger">Where to warn of a server that forgets.</param>
    /// <param name="serverClock">Stands in for the server's clock, in tests that move it.</param>
    public RedisSessionStore(string connectionString, TimeProvider clock, ILogger<RedisSessionStore> logger, TimeProvider? serverClock = null)
    {
        _clock = clock;
        _database = new RedisDatabase(connectionString, clock, logger, serverClock);
        _signal = new RedisSignal(_database, clock, logger);
    }

    public async Task InitializeAsync(CancellationToken cancellationToken = default)
    {
        while ((int)await _database.RunAsync(RedisScripts.Sweep, cancellationToken) == 1)
        {
        }

        await _database.CheckServerAsync(cancellationToken);
    }

    public async Task<SessionRecord> CreateAsync(SessionRecord session, CancellationToken cancellationToken = default)
    {
        var record = SessionLimits.Normalize(session);
        var number = (long)await _database.RunAsync(
            RedisScripts.Create,
            cancellationToken,
            [
                record.Id, record.UserId, Number(record.ExpiresAt), record.Version, record.RevokedAt is { } revokedAt ? Number(revokedAt) : "",
                Number(record.LastSeenAt), Number(record.CreatedAt), record.IsAdopted ? "1" : "0", .. Fields(record),
            ]);
        return number > 0 ? record with { Number = number } : throw Exists();
    }

    public async Task<SessionRecord?> ReplaceAsync(
        SessionRecord session, string replacedSessionId, TimeSpan grace, DateTimeOffset rememberUntil, CancellationToken cancellationToken = default)
    {
        var record = SessionLimits.NormalizeReplacing(session);
        if (!CanBeKept(replacedSessionId))
        {
            return null;
        }

        var number = (long)await _database.RunAsync(
            RedisScripts.Replace,
            cancellationToken,
            [
                replacedSessionId, Number(_clock.GetUtcNow() + grace), Number(rememberUntil), record.Id, record.UserId, Number(record.ExpiresAt), record.Version,
                Number(record.LastSeenAt), Number(record.CreatedAt), .. Fields(record),
            ]);
        return number switch
        {
            < 0 => null,
            0 => throw Exists(),
            _ => record with { Number = number },
        };
    }

    public async Task<SessionRecord?> RenewAsync(
        string userId, string sessionId, DateTimeOffset lastSeenAt, DateTimeOffset expiresAt, CancellationToken cancellationToken = default) =>
        CanBeKept(userId, sessionId)
            ? ToRecord(await _database.RunAsync(RedisScripts.Renew, cancellationToken, userId, sessionId, Number(lastSeenAt), Number(expiresAt)))
            : null;

    public async Task<int> TouchAsync(IReadOnlyCollection<SessionTouch> touches, CancellationToken cancellationToken = default) =>
        (int)await _database.RunAsync(
            RedisScripts.Touch,
            cancellationToken,
            [.. touches.SelectMany(touch => (RedisValue[])[touch.UserId, touch.SessionId, Number(touch.LastSeenAt), Number(touch.ExpiresAt)])]);

    public async Task<SessionRecord?> UpdateAsync(string sessionId, int expectedVersion, string content, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckContent(content);
        return ToRecord(await _database.RunAsync(RedisScripts.Update, cancellationToken, sessionId, content, expectedVersion));
    }

    public async Task<bool> RewriteAsync(string sessionId, int version, string content, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckContent(content);
        return (int)await _database.RunAsync(RedisScripts.Rewrite, cancellationToken, sessionId, content, version) == 1;
    }

    public async Task<bool> TryUseAsync(string key, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckKey(key);
        return (int)await _database.RunAsync(RedisScripts.TryUse, cancellationToken, key, Number(until)) == 1;
    }

    public async Task<IReadOnlyCollection<string>> ReadKeysAsync(CancellationToken cancellationToken = default) =>
        [.. (await _database.ExplainedAsync(database => database.ListRangeAsync(KeyValues), cancellationToken)).Select(value => (string)value!)];

    public Task AddKeyAsync(string name, string value, CancellationToken cancellationToken = default) => _database.ExplainedAsync(
        database => database.ScriptEvaluateAsync(RedisScripts.AddKey, [KeyNames, KeyValues], [name, value]), cancellationToken);

    public Task ListenAsync(Action<SessionChange> onChange, Func<Task> onListening, CancellationToken cancellationToken) =>
        _signal.ListenAsync(onChange, onListening, cancellationToken);

    public void Dispose() => _database.Dispose();

    private static InvalidOperationException Exists() => new("A session with this id already exists.");

    private static bool CanBeKept(params ReadOnlySpan<string> ids)
    {
        foreach (var id in ids)
        {
            if (!SessionLimits.CanBeKept(id))
            {
                return false;
            }
        }

        return true;
    }
}
