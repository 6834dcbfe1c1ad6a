using Microsoft.Data.Sqlite;
using static BlazorAuth.Stores.Sqlite.SqliteRows;

namespace BlazorAuth.Stores.Sqlite;

/// <summary>
/// Remembers sessions in one SQLite file: the default, for one machine. Several processes of that machine may share the file; a network
/// drive cannot hold it.
/// </summary>
internal sealed class SqliteSessionStore : ISessionStore, IProtectionKeyStore, IDisposable
{
    private const int RemovalBatch = 1000;
    private const string IsLive = "revoked_at IS NULL AND expires_at > $now";
    private const string LastChange = "(SELECT value FROM last_change)";

    private readonly SqliteDatabase _database;
    private readonly TimeProvider _clock;

    /// <param name="path">The file; created when it is missing, with its folder.</param>
    /// <param name="clock">Decides what has expired.</param>
    /// <param name="lockTimeout">How long to wait for another process that is writing. Default: five seconds.</param>
    public SqliteSessionStore(string path, TimeProvider clock, TimeSpan? lockTimeout = null)
    {
        _database = new SqliteDatabase(path, clock, lockTimeout ?? TimeSpan.FromSeconds(5));
        _clock = clock;
    }

    public string ConnectionString => _database.ConnectionString;

    public Task InitializeAsync(CancellationToken cancellationToken = default) =>
        Read(_ => true, cancellationToken);

    public async Task CreateAsync(SessionRecord session, CancellationToken cancellationToken = default)
    {
        var record = SessionLimits.Normalize(session);
        var isChange = record.RevokedAt is not null || record.Version > 1;
        var isNew = await _database.WriteAsync(
            connection =>
            {
                using var command = Command(
                    connection,
                    $"INSERT INTO sessions ({SessionColumns}, change) VALUES ($id, $user, $provider, $account, $claims, $version, $created, $seen, $expires, $device, $revoked, {(isChange ? LastChange : "NULL")}) ON CONFLICT (id) DO NOTHING",
                    ("$id", record.Id), ("$user", record.UserId), ("$provider", record.Provider), ("$account", record.ProviderAccountId),
                    ("$claims", record.Claims), ("$version", record.Version), ("$created", Number(record.CreatedAt)), ("$seen", Number(record.LastSeenAt)),
                    ("$expires", Number(record.ExpiresAt)), ("$device", record.Device), ("$revoked", record.RevokedAt is { } revokedAt ? Number(revokedAt) : null));
                if (isChange)
                {
                    CountChange(connection);
                }

                return command.ExecuteNonQuery() == 1;
            },
            cancellationToken);
        if (!isNew)
        {
            throw new InvalidOperationException("A session with this id exists already.");
        }
    }

    public Task<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken = default) =>
        Read(
            connection =>
            {
                using var command = Command(connection, $"SELECT {SessionColumns} FROM sessions WHERE id = $id", ("$id", sessionId));
                return ReadAll(command, ToRecord).SingleOrDefault();
            },
            cancellationToken);

    public Task<IReadOnlyList<SessionRecord>> ListAsync(string userId, CancellationToken cancellationToken = default) =>
        Read<IReadOnlyList<SessionRecord>>(
            connection =>
            {
                using var command = Command(
                    connection,
                    $"SELECT {SessionColumns} FROM sessions WHERE user_id = $user AND {IsLive} ORDER BY last_seen_at DESC, created_at DESC, id",
                    ("$user", userId), ("$now", Now));
                return ReadAll(command, ToRecord);
            },
            cancellationToken);

    public Task<IReadOnlyList<SessionRecord>> ListHistoryAsync(string userId, int count, CancellationToken cancellationToken = default) =>
        Read<IReadOnlyList<SessionRecord>>(
            connection =>
            {
                using var command = Command(
                    connection,
                    $"SELECT {SessionColumns} FROM sessions WHERE user_id = $user ORDER BY COALESCE(revoked_at, created_at) DESC, id LIMIT $count",
                    ("$user", userId), ("$count", count));
                return ReadAll(command, ToRecord);
            },
            cancellationToken);

    public Task<RevokeResult> RevokeAsync(string userId, string sessionId, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(
            connection =>
            {
                using var state = Command(
                    connection,
                    "SELECT revoked_at IS NOT NULL FROM sessions WHERE id = $id AND user_id = $user AND expires_at > $now",
                    ("$id", sessionId), ("$user", userId), ("$now", Now));
                if (state.ExecuteScalar() is not long isRevoked)
                {
                    return RevokeResult.NotFound;
                }

                if (isRevoked != 0)
                {
                    return RevokeResult.AlreadyRevoked;
                }

                CountChange(connection);
                using var revoke = Command(connection, $"UPDATE sessions SET revoked_at = $now, change = {LastChange} WHERE id = $id", ("$id", sessionId), ("$now", Now));
                revoke.ExecuteNonQuery();
                return RevokeResult.Revoked;
            },
            cancellationToken);

    public Task<IReadOnlyList<string>> RevokeAllAsync(string userId, string? exceptSessionId = null, CancellationToken cancellationToken = default) =>
        _database.WriteAsync<IReadOnlyList<string>>(
            connection =>
            {
                CountChange(connection);
                using var command = Command(
                    connection,
                    $"UPDATE sessions SET revoked_at = $now, change = {LastChange} WHERE user_id = $user AND id IS NOT $except AND {IsLive} RETURNING id",
                    ("$user", userId), ("$except", exceptSessionId), ("$now", Now));
                return ReadAll(command, row => row.GetString(0));
            },
            cancellationToken);

    public async Task<bool> TouchAsync(string sessionId, DateTimeOffset lastSeenAt, DateTimeOffset expiresAt, CancellationToken cancellationToken = default) =>
        await TouchAsync([new SessionTouch(sessionId, lastSeenAt, expiresAt)], cancellationToken) == 1;

    public Task<int> TouchAsync(IReadOnlyCollection<SessionTouch> touches, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(connection => touches.Count(touch => Touch(connection, touch, Now)), cancellationToken);

    public Task<int?> UpdateClaimsAsync(string sessionId, int expectedVersion, string claims, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckClaims(claims);
        return _database.WriteAsync<int?>(
            connection =>
            {
                CountChange(connection);
                using var command = Command(
                    connection,
                    $"UPDATE sessions SET claims = $claims, version = version + 1, change = {LastChange} WHERE id = $id AND version = $version AND {IsLive} RETURNING version",
                    ("$id", sessionId), ("$claims", claims), ("$version", expectedVersion), ("$now", Now));
                return ReadAll(command, row => (int?)row.GetInt32(0)).SingleOrDefault();
            },
            cancellationToken);
    }

    public Task<SessionChangeSet> ReadChangesAsync(long cursor, CancellationToken cancellationToken = default) =>
        Read(
            connection =>
            {
                // One statement, so that the changes and the cursor are of one moment.
                using var command = Command(
                    connection,
                    """
                    SELECT c.value, e.id, e.started_at, s.id, s.revoked_at IS NOT NULL, s.version, s.expires_at FROM last_change c CROSS JOIN epoch e
                    LEFT JOIN sessions s ON s.change > iif($cursor > c.value, 0, $cursor) AND s.expires_at > $now
                    """,
                    ("$cursor", cursor), ("$now", Now));
                var rows = ReadAll(command, row => (Cursor: row.GetInt64(0), Epoch: new SessionStoreEpoch(row.GetString(1), ToTime(row, 2)), Change: row.IsDBNull(3)
                    ? (SessionChange?)null
                    : new SessionChange(row.GetString(3), row.GetBoolean(4), row.GetInt32(5), ToTime(row, 6))));
                return new SessionChangeSet([.. rows.Select(row => row.Change).OfType<SessionChange>()], rows[0].Cursor) { Epoch = rows[0].Epoch };
            },
            cancellationToken);

    public async Task<int> RemoveExpiredAsync(CancellationToken cancellationToken = default)
    {
        // In portions, so that sign-ins get their turn in between.
        for (var removed = 0; ;)
        {
            var count = await _database.WriteAsync(
                connection =>
                {
                    using var command = Command(
                        connection,
                        $"DELETE FROM sessions WHERE rowid IN (SELECT rowid FROM sessions WHERE expires_at <= $now LIMIT {RemovalBatch})",
                        ("$now", Now));
                    return command.ExecuteNonQuery();
                },
                cancellationToken);
            removed += count;
            if (count < RemovalBatch)
            {
                return removed;
            }
        }
    }

    public IReadOnlyCollection<string> ReadKeys() => _database.Read(connection =>
    {
        using var command = Command(connection, "SELECT value FROM protection_keys ORDER BY position");
        return ReadAll(command, row => row.GetString(0));
    });

    public void AddKey(string name, string value) => _database.Write(connection =>
    {
        using var command = Command(
            connection, "INSERT INTO protection_keys (name, value) VALUES ($name, $value) ON CONFLICT (name) DO NOTHING", ("$name", name), ("$value", value));
        return command.ExecuteNonQuery();
    });

    public void Dispose() => _database.Dispose();

    private long Now => Number(_clock.GetUtcNow());

    private Task<T> Read<T>(Func<SqliteConnection, T> query, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        try
        {
            return Task.FromResult(_database.Read(query));
        }
        catch (SessionStoreException error)
        {
            return Task.FromException<T>(error);
        }
    }

    private static bool Touch(SqliteConnection connection, SessionTouch touch, long now)
    {
        using var command = Command(
            connection,
            $"UPDATE sessions SET last_seen_at = max(last_seen_at, $seen), expires_at = max(expires_at, $expires) WHERE id = $id AND {IsLive}",
            ("$id", touch.SessionId), ("$seen", Number(touch.LastSeenAt)), ("$expires", Number(touch.ExpiresAt)), ("$now", now));
        return command.ExecuteNonQuery() == 1;
    }

    // The number lives apart from the rows: the newest row may be removed, and a cursor handed out must never be reached again.
    private static void CountChange(SqliteConnection connection)
    {
        using var command = Command(connection, "UPDATE last_change SET value = value + 1");
        command.ExecuteNonQuery();
    }
}
