using System.Data;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace BlazorAuth.Stores.Postgres;

/// <summary>Remembers sessions in a PostgreSQL database that several nodes share, and tells each of them what changed.</summary>
internal sealed class PostgresSessionStore : ISessionStore, ISessionSignal, IProtectionKeyStore, IDisposable
{
    private const int RemovalBatch = 1000;
    private const int LoadTimeoutInSeconds = 60;

    private readonly PostgresDatabase _database;
    private readonly PostgresSignal _signal;
    private readonly TimeProvider _clock;

    /// <exception cref="AuthSetupException">The connection string cannot be read.</exception>
    public PostgresSessionStore(string connectionString, TimeProvider clock, ILogger<PostgresSessionStore> logger)
    {
        _clock = clock;
        _database = new PostgresDatabase(connectionString, clock);
        _signal = new PostgresSignal(_database, clock, logger);
    }

    public Task InitializeAsync(CancellationToken cancellationToken = default) =>
        _database.RunAsync("SELECT 1", (command, token) => command.ExecuteScalarAsync(token), cancellationToken, LoadTimeoutInSeconds);

    public async Task CreateAsync(SessionRecord session, CancellationToken cancellationToken = default)
    {
        var record = SessionLimits.Normalize(session);
        var isChange = record.RevokedAt is not null || record.Version > 1;
        var added = await _database.RunAsync(
            isChange ? PostgresSql.CreateAsChange : PostgresSql.Create,
            (command, token) => command.ExecuteScalarAsync(token),
            cancellationToken,
            values:
            [
                record.Id, record.UserId, record.Provider, record.ProviderAccountId, record.Claims, record.Version, Number(record.CreatedAt),
                Number(record.LastSeenAt), Number(record.ExpiresAt), record.Device, record.RevokedAt is { } revokedAt ? Number(revokedAt) : null,
            ]);
        if (added is null)
        {
            throw new InvalidOperationException("A session with this id exists already.");
        }
    }

    public async Task<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken = default) =>
        (await ReadAllAsync(PostgresSql.Find, ToRecord, cancellationToken, values: [Key(sessionId)])).SingleOrDefault();

    public async Task<IReadOnlyList<SessionRecord>> ListAsync(string userId, CancellationToken cancellationToken = default) =>
        await ReadAllAsync(PostgresSql.List, ToRecord, cancellationToken, values: [Key(userId), Now]);

    public async Task<IReadOnlyList<SessionRecord>> ListHistoryAsync(string userId, int count, CancellationToken cancellationToken = default) =>
        await ReadAllAsync(PostgresSql.ListHistory, ToRecord, cancellationToken, values: [Key(userId), count]);

    public async Task<RevokeResult> RevokeAsync(string userId, string sessionId, CancellationToken cancellationToken = default)
    {
        object?[] values = [Key(userId), Key(sessionId), Now];
        if (await _database.RunAsync(PostgresSql.Revoke, (command, token) => command.ExecuteScalarAsync(token), cancellationToken, values: values) is not null)
        {
            return RevokeResult.Revoked;
        }

        return await _database.RunAsync(PostgresSql.WasRevoked, (command, token) => command.ExecuteScalarAsync(token), cancellationToken, values: values) is true
            ? RevokeResult.AlreadyRevoked
            : RevokeResult.NotFound;
    }

    public async Task<IReadOnlyList<string>> RevokeAllAsync(string userId, string? exceptSessionId = null, CancellationToken cancellationToken = default) =>
        await ReadAllAsync(PostgresSql.RevokeAll, row => row.GetString(0), cancellationToken, values: [Key(userId), Key(exceptSessionId ?? ""), Now]);

    public Task<bool> TouchAsync(string sessionId, DateTimeOffset lastSeenAt, DateTimeOffset expiresAt, CancellationToken cancellationToken = default) =>
        _database.RunAsync(
            PostgresSql.Touch,
            async (command, token) => await command.ExecuteNonQueryAsync(token) == 1,
            cancellationToken,
            values: [Key(sessionId), Number(lastSeenAt), Number(expiresAt), Now]);

    public Task<int> TouchAsync(IReadOnlyCollection<SessionTouch> touches, CancellationToken cancellationToken = default)
    {
        SessionTouch[] kept = [.. touches.Where(touch => SessionLimits.CanBeKept(touch.SessionId))];
        return _database.RunAsync(
            PostgresSql.TouchAll,
            (command, token) => command.ExecuteNonQueryAsync(token),
            cancellationToken,
            LoadTimeoutInSeconds,
            Array.ConvertAll(kept, touch => touch.SessionId),
            Array.ConvertAll(kept, touch => Number(touch.LastSeenAt)),
            Array.ConvertAll(kept, touch => Number(touch.ExpiresAt)),
            Now);
    }

    public Task<int?> UpdateClaimsAsync(string sessionId, int expectedVersion, string claims, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckClaims(claims);
        return _database.RunAsync(
            PostgresSql.Update,
            async (command, token) => await command.ExecuteScalarAsync(token) as int?,
            cancellationToken,
            values: [Key(sessionId), claims, Now, expectedVersion]);
    }

    public async Task<SessionChangeSet> ReadChangesAsync(long cursor, CancellationToken cancellationToken = default)
    {
        var rows = await ReadAllAsync(PostgresSql.Changes, ToChange, cancellationToken, LoadTimeoutInSeconds, cursor, Now);
        if (rows.Count == 0)
        {
            _database.Forget();
            throw new SessionStoreException("The session store (PostgreSQL) was emptied. Its tables are prepared anew.");
        }

        return new SessionChangeSet([.. rows.Select(row => row.Change).OfType<SessionChange>()], rows[0].Cursor) { Epoch = rows[0].Epoch };
    }

    public async Task<int> RemoveExpiredAsync(CancellationToken cancellationToken = default)
    {
        // In portions, so that no row is locked for long.
        for (var removed = 0; ;)
        {
            var count = await _database.RunAsync(
                PostgresSql.RemoveExpired, (command, token) => command.ExecuteNonQueryAsync(token), cancellationToken, values: [Now, RemovalBatch]);
            removed += count;
            if (count < RemovalBatch)
            {
                return removed;
            }
        }
    }

    // The platform asks for its keys without async, seldom, and never on the way of a usual request.
    public IReadOnlyCollection<string> ReadKeys() =>
        ReadAllAsync(PostgresSql.Keys, row => row.GetString(0), CancellationToken.None).GetAwaiter().GetResult();

    public void AddKey(string name, string value) =>
        _database.RunAsync(PostgresSql.AddKey, (command, token) => command.ExecuteNonQueryAsync(token), CancellationToken.None, values: [name, value])
            .GetAwaiter().GetResult();

    public Task ListenAsync(Action<SessionChange> onChange, Func<Task> onListening, CancellationToken cancellationToken) =>
        _signal.ListenAsync(onChange, onListening, cancellationToken);

    public void Dispose() => _database.Dispose();

    private long Now => Number(_clock.GetUtcNow());

    private Task<List<T>> ReadAllAsync<T>(
        string sql, Func<NpgsqlDataReader, T> toValue, CancellationToken cancellationToken, int? timeoutInSeconds = null, params object?[] values) =>
        _database.RunAsync(
            sql,
            async (command, token) =>
            {
                await using var reader = await command.ExecuteReaderAsync(CommandBehavior.SingleResult, token);
                List<T> all = [];
                while (await reader.ReadAsync(token))
                {
                    all.Add(toValue(reader));
                }

                return all;
            },
            cancellationToken,
            timeoutInSeconds,
            values);

    // What PostgreSQL cannot hold it does not know either; no id is empty.
    private static string Key(string text) => SessionLimits.CanBeKept(text) ? text : "";

    private static long Number(DateTimeOffset time) => time.ToUnixTimeMilliseconds();

    private static DateTimeOffset Time(NpgsqlDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private static SessionRecord ToRecord(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        UserId = row.GetString(1),
        Provider = row.GetString(2),
        ProviderAccountId = row.IsDBNull(3) ? null : row.GetString(3),
        Claims = row.GetString(4),
        Version = row.GetInt32(5),
        CreatedAt = Time(row, 6),
        LastSeenAt = Time(row, 7),
        ExpiresAt = Time(row, 8),
        Device = row.IsDBNull(9) ? null : row.GetString(9),
        RevokedAt = row.IsDBNull(10) ? null : Time(row, 10),
    };

    private static (long Cursor, SessionStoreEpoch Epoch, SessionChange? Change) ToChange(NpgsqlDataReader row) =>
        (row.GetInt64(0), new SessionStoreEpoch(row.GetString(1), Time(row, 2)),
            row.IsDBNull(3) ? null : new SessionChange(row.GetString(3), row.GetBoolean(4), row.GetInt32(5), Time(row, 6)));
}
