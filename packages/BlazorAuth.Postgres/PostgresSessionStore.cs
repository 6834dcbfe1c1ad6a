using System.Data;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace BlazorAuth.Stores.Postgres;

/// <summary>Remembers sessions in a PostgreSQL database that several nodes share, and tells each of them what changed.</summary>
internal sealed partial class PostgresSessionStore : ISessionStore, ISessionSignal, IProtectionKeyStore, IAccountStoreSource, IDisposable
{
    private const int LoadTimeoutInSeconds = 60;

    private readonly PostgresDatabase _database;
    private readonly PostgresSignal _signal;
    private readonly TimeProvider _clock;
    private readonly TimeProvider? _serverClock;

    /// <exception cref="AuthSetupException">The connection string cannot be read.</exception>
    /// <param name="connectionString">As Npgsql reads it.</param>
    /// <param name="clock">Decides what has expired.</param>
    /// <param name="logger">Where to say that other nodes are not heard.</param>
    /// <param name="serverClock">Stands in for the server's clock, in tests that move it.</param>
    public PostgresSessionStore(string connectionString, TimeProvider clock, ILogger<PostgresSessionStore> logger, TimeProvider? serverClock = null)
    {
        _serverClock = serverClock;
        _clock = clock;
        _database = new PostgresDatabase(connectionString);
        _signal = new PostgresSignal(_database, clock, logger);
        Accounts = new PostgresAccountStore(_database, clock);
    }

    public IAccountStore Accounts { get; }

    public Task InitializeAsync(CancellationToken cancellationToken = default) =>
        _database.RunOwnAsync("SELECT 1", (command, token) => command.ExecuteScalarAsync(token), cancellationToken, LoadTimeoutInSeconds);

    public async Task<SessionRecord> CreateAsync(SessionRecord session, CancellationToken cancellationToken = default)
    {
        var record = SessionLimits.Normalize(session);
        var isChange = record.RevokedAt is not null || record.Version > 1;
        var values = Values(record);
        var number = await _database.RunAsync(
            isChange ? PostgresSql.CreateAsChange : PostgresSql.Create,
            (command, token) => command.ExecuteScalarAsync(token),
            cancellationToken,
            values: isChange ? [.. values, Now] : values);
        return number is long written
            ? record with { Number = written }
            : throw Exists();
    }

    public async Task<SessionRecord?> ReplaceAsync(
        SessionRecord session, string replacedSessionId, TimeSpan grace, DateTimeOffset rememberUntil, CancellationToken cancellationToken = default)
    {
        var record = SessionLimits.NormalizeReplacing(session);
        var number = await _database.RunAsync(
            PostgresSql.Replace,
            async (command, token) =>
            {
                try
                {
                    return await command.ExecuteScalarAsync(token);
                }
                catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)
                {
                    throw Exists();
                }
            },
            cancellationToken,
            values: [.. Values(record), Now, Key(replacedSessionId), Now + (long)grace.TotalMilliseconds, Number(rememberUntil), Live]);
        return number is long written ? record with { Number = written } : null;
    }

    public Task<SessionRecord?> RenewAsync(
        string userId, string sessionId, DateTimeOffset lastSeenAt, DateTimeOffset expiresAt, CancellationToken cancellationToken = default) =>
        ReadOneAsync(PostgresSql.Renew, cancellationToken, Key(userId), Live, Number(lastSeenAt), Number(expiresAt), Key(sessionId));

    public Task<int> TouchAsync(IReadOnlyCollection<SessionTouch> touches, CancellationToken cancellationToken = default)
    {
        SessionTouch[] kept = [.. touches.Where(touch => SessionLimits.CanBeKept(touch.SessionId) && SessionLimits.CanBeKept(touch.UserId))];
        return _database.RunOwnAsync(
            PostgresSql.TouchAll,
            (command, token) => command.ExecuteNonQueryAsync(token),
            cancellationToken,
            LoadTimeoutInSeconds,
            Array.ConvertAll(kept, touch => touch.SessionId),
            Array.ConvertAll(kept, touch => touch.UserId),
            Array.ConvertAll(kept, touch => Number(touch.LastSeenAt)),
            Array.ConvertAll(kept, touch => Number(touch.ExpiresAt)),
            Live);
    }

    public Task<SessionRecord?> UpdateAsync(string sessionId, int expectedVersion, string content, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckContent(content);
        return ReadOneAsync(PostgresSql.Update, cancellationToken, content, Live, Key(sessionId), expectedVersion, Now);
    }

    public Task<bool> RewriteAsync(string sessionId, int version, string content, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckContent(content);
        return ChangesOneAsync(PostgresSql.Rewrite, cancellationToken, content, Live, Key(sessionId), version);
    }

    public Task<bool> TryUseAsync(string key, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckKey(key);
        return ChangesOneAsync(PostgresSql.TryUse, cancellationToken, key, Now, Number(until));
    }

    public async Task<IReadOnlyCollection<string>> ReadKeysAsync(CancellationToken cancellationToken = default) =>
        await ReadOwnAsync(PostgresSql.Keys, row => row.GetString(0), cancellationToken);

    public Task AddKeyAsync(string name, string value, CancellationToken cancellationToken = default) =>
        _database.RunOwnAsync(PostgresSql.AddKey, (command, token) => command.ExecuteNonQueryAsync(token), cancellationToken, values: [name, value]);

    public Task ListenAsync(Action<SessionChange> onChange, Func<Task> onListening, CancellationToken cancellationToken) =>
        _signal.ListenAsync(onChange, onListening, cancellationToken);

    public void Dispose() => _database.Dispose();

    private static object?[] Values(SessionRecord record) =>
    [
        record.Id, record.UserId, record.Provider, record.Content, record.Version, Number(record.CreatedAt), Number(record.LastSeenAt),
        Number(record.ExpiresAt), record.Device, record.IsAdopted, record.RevokedAt is { } revokedAt ? Number(revokedAt) : null, (int?)record.RevokedFor,
        record.ReplacedBy,
    ];

    private static InvalidOperationException Exists() => new("A session with this id already exists.");

    private long Now => Number(_clock.GetUtcNow());

    private long Live => Number(StoreClock.GetExpiryTime(_clock));

    private Task<bool> ChangesOneAsync(string sql, CancellationToken cancellationToken, params object?[] values) =>
        _database.RunAsync(sql, async (command, token) => await command.ExecuteNonQueryAsync(token) == 1, cancellationToken, values: values);

    private async Task<SessionRecord?> ReadOneAsync(string sql, CancellationToken cancellationToken, params object?[] values) =>
        (await ReadAllAsync(sql, ToRecord, cancellationToken, values: values)).SingleOrDefault();

    private Task<List<T>> ReadAllAsync<T>(
        string sql, Func<NpgsqlDataReader, T> toValue, CancellationToken cancellationToken, int? timeoutInSeconds = null, params object?[] values) =>
        _database.RunAsync(sql, (command, token) => ReadAsync(command, toValue, token), cancellationToken, timeoutInSeconds, values);

    private Task<List<T>> ReadOwnAsync<T>(
        string sql, Func<NpgsqlDataReader, T> toValue, CancellationToken cancellationToken, int? timeoutInSeconds = null, params object?[] values) =>
        _database.RunOwnAsync(sql, (command, token) => ReadAsync(command, toValue, token), cancellationToken, timeoutInSeconds, values);

    private Task<List<T>> ReadEndedAsync<T>(string sql, Func<NpgsqlDataReader, T> toValue, CancellationToken cancellationToken, params object?[] values) =>
        _database.RunEndingAsync(sql, (command, token) => ReadAsync(command, toValue, token), cancellationToken, values);

    private static async Task<List<T>> ReadAsync<T>(NpgsqlCommand command, Func<NpgsqlDataReader, T> toValue, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleResult, cancellationToken);
        List<T> all = [];
        while (await reader.ReadAsync(cancellationToken))
        {
            all.Add(toValue(reader));
        }

        return all;
    }

    // A string that PostgreSQL cannot store cannot be found either; IDs are never empty.
    private static string Key(string text) => SessionLimits.CanBeKept(text) ? text : "";

    private static long Number(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static DateTimeOffset Time(NpgsqlDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private static SessionRecord ToRecord(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        UserId = row.GetString(1),
        Provider = row.GetString(2),
        Content = row.GetString(3),
        Version = row.GetInt32(4),
        CreatedAt = Time(row, 5),
        LastSeenAt = Time(row, 6),
        ExpiresAt = Time(row, 7),
        Device = row.IsDBNull(8) ? null : row.GetString(8),
        IsAdopted = row.GetBoolean(9),
        RevokedAt = row.IsDBNull(10) ? null : Time(row, 10),
        RevokedFor = row.IsDBNull(11) ? null : (RevocationReason)row.GetInt32(11),
        Number = row.GetInt64(12),
        ReplacedBy = row.IsDBNull(13) ? null : row.GetString(13),
    };
}
