using BlazorAuth.Accounts;
using BlazorAuth.Sync;
using Microsoft.Data.Sqlite;
using static BlazorAuth.Stores.Sqlite.SqliteRows;

namespace BlazorAuth.Stores.Sqlite;

/// <summary>
/// Remembers sessions in one SQLite file: the default, for one machine. Several processes of that machine may share the file; a network
/// drive cannot hold it.
/// </summary>
internal sealed partial class SqliteSessionStore : ISessionStore, IProtectionKeyStore, IAccountStoreSource, IDisposable
{
    private const string IsLive = "revoked_at IS NULL AND expires_at > $live";

    // The number is stored apart from the rows: the newest row may be removed, and a number must never be assigned twice.
    private const string TakeNumber = "UPDATE store SET number = number + 1; ";
    private const string ThisNumber = "(SELECT number FROM store)";
    private const string IsChange = $"number = {ThisNumber}, change = {ThisNumber}, changed_at = $now";

    private readonly SqliteDatabase _database;
    private readonly TimeProvider _clock;

    /// <param name="path">The file; created when it is missing, with its folder.</param>
    /// <param name="clock">Decides what has expired.</param>
    /// <param name="lockTimeout">How long to wait for another process that is writing. Default: five seconds.</param>
    public SqliteSessionStore(string path, TimeProvider clock, TimeSpan? lockTimeout = null)
    {
        _database = new SqliteDatabase(path, lockTimeout ?? TimeSpan.FromSeconds(5));
        _clock = clock;
        Accounts = new SqliteAccountStore(_database, clock);
    }

    public IAccountStore Accounts { get; }

    public string ConnectionString => _database.ConnectionString;

    /// <summary>The full path of the file.</summary>
    public string Path => _database.Path;

    public Task InitializeAsync(CancellationToken cancellationToken = default) =>
        Read(_ => true, cancellationToken);

    public async Task<SessionRecord> CreateAsync(SessionRecord session, CancellationToken cancellationToken = default)
    {
        var record = SessionLimits.Normalize(session);
        return await _database.WriteAsync(connection => Create(connection, record), cancellationToken) ?? throw Exists();
    }

    public Task<SessionRecord?> RenewAsync(
        string userId, string sessionId, DateTimeOffset lastSeenAt, DateTimeOffset expiresAt, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(
            connection => Touch(connection, new SessionTouch(userId, sessionId, lastSeenAt, expiresAt), Live)
                ? ReadAll(
                    connection, $"{TakeNumber} UPDATE sessions SET number = {ThisNumber}, is_adopted = 0 WHERE id = $id RETURNING {Columns}", ToRecord, ("$id", sessionId)).Single()
                : null,
            cancellationToken);

    public Task<int> TouchAsync(IReadOnlyCollection<SessionTouch> touches, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(connection => touches.Count(touch => Touch(connection, touch, Live)), cancellationToken);

    public Task<SessionRecord?> UpdateAsync(string sessionId, int expectedVersion, string content, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckContent(content);
        return _database.WriteAsync(
            connection => ReadAll(
                connection,
                $"""
                {TakeNumber}
                UPDATE sessions SET content = $content, version = version + 1, {IsChange} WHERE id = $id AND version = $version AND {IsLive}
                RETURNING {Columns}
                """,
                ToRecord,
                ("$id", sessionId), ("$content", content), ("$version", expectedVersion), ("$now", Now), ("$live", Live)).SingleOrDefault(),
            cancellationToken);
    }

    public Task<bool> RewriteAsync(string sessionId, int version, string content, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckContent(content);
        return _database.WriteAsync(
            connection => Execute(
                connection, $"UPDATE sessions SET content = $content WHERE id = $id AND version = $version AND {IsLive}",
                ("$id", sessionId), ("$content", content), ("$version", version), ("$live", Live)) == 1,
            cancellationToken);
    }

    public Task<bool> TryUseAsync(string key, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckKey(key);
        return _database.WriteAsync(
            connection => Execute(
                connection, "INSERT INTO used_keys (key, until) VALUES ($key, $until) ON CONFLICT (key) DO UPDATE SET until = $until WHERE until <= $now",
                ("$key", key), ("$until", Number(until)), ("$now", Now)) == 1,
            cancellationToken);
    }

    public async Task<IReadOnlyCollection<string>> ReadKeysAsync(CancellationToken cancellationToken = default) =>
        await Read(connection => ReadAll(connection, "SELECT value FROM protection_keys ORDER BY position", row => row.GetString(0)), cancellationToken);

    public Task AddKeyAsync(string name, string value, CancellationToken cancellationToken = default) => _database.WriteAsync(
        connection => Execute(
            connection, "INSERT INTO protection_keys (name, value) VALUES ($name, $value) ON CONFLICT (name) DO NOTHING", ("$name", name), ("$value", value)),
        cancellationToken);

    public void Dispose() => _database.Dispose();

    private long Now => Number(_clock.GetUtcNow());

    private long Live => Number(StoreClock.GetExpiryTime(_clock));

    private Task<T> Read<T>(Func<SqliteConnection, T> query, CancellationToken cancellationToken) => _database.ReadAsync(query, cancellationToken);

    /// <summary>Writes a new session; null where its id is known.</summary>
    private SessionRecord? Create(SqliteConnection connection, SessionRecord record)
    {
        var isChange = record.RevokedAt is not null || record.Version > 1;
        var number = ReadAll(
            connection,
            $"""
            {TakeNumber}
            INSERT INTO sessions ({Columns}, change, changed_at)
            VALUES ($id, $user, $provider, $content, $version, $created, $seen, $expires, $device, $adopted, $revoked, $reason, {ThisNumber}, $replaced,
                {(isChange ? ThisNumber : "NULL")}, {(isChange ? "$now" : "NULL")})
            ON CONFLICT (id) DO NOTHING RETURNING number
            """,
            row => row.GetInt64(0),
            ("$id", record.Id), ("$user", record.UserId), ("$provider", record.Provider), ("$content", record.Content), ("$version", record.Version),
            ("$created", Number(record.CreatedAt)), ("$seen", Number(record.LastSeenAt)), ("$expires", Number(record.ExpiresAt)),
            ("$device", record.Device), ("$adopted", record.IsAdopted), ("$revoked", record.RevokedAt is { } revokedAt ? Number(revokedAt) : null),
            ("$reason", (int?)record.RevokedFor), ("$replaced", record.ReplacedBy), ("$now", Now));
        return number.Count == 1 ? record with { Number = number[0] } : null;
    }

    private static InvalidOperationException Exists() => new("A session with this id already exists.");

    private static bool Touch(SqliteConnection connection, SessionTouch touch, long live) => Execute(
        connection,
        $"UPDATE sessions SET last_seen_at = max(last_seen_at, $seen), expires_at = max(expires_at, $expires) WHERE id = $id AND user_id = $user AND {IsLive}",
        ("$id", touch.SessionId), ("$user", touch.UserId), ("$seen", Number(touch.LastSeenAt)), ("$expires", Number(touch.ExpiresAt)), ("$live", live)) == 1;
}
