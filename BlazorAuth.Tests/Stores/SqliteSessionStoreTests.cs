using BlazorAuth.Testing;
using Microsoft.Data.Sqlite;
using Xunit;

namespace BlazorAuth.Tests.Stores;

public sealed partial class SqliteSessionStoreTests : SessionStoreContract
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("blazorauth-");
    private readonly SqliteSessionStore _store;

    public SqliteSessionStoreTests() => _store = Open(FilePath);

    protected override ISessionStore Store => _store;

    protected override IProtectionKeyStore Keys => _store;

    private string FilePath => Path.Join(_folder.FullName, "auth.db");

    public override async ValueTask DisposeAsync()
    {
        _store.Dispose();
        _folder.Delete(recursive: true);
        await base.DisposeAsync();
    }

    [Fact]
    public async Task SessionsAndKeysSurviveARestart()
    {
        var session = await CreateAsync("s1");
        await CreateAsync("s2");
        await RevokeAsync("s2");
        var cursor = (await _store.ReadChangesAsync(0, default, Token)).Cursor;
        await _store.AddKeyAsync("key", "<key />", Token);
        _store.Dispose();

        using var reopened = Open(FilePath);

        Assert.Equal(session, Assert.Single(await reopened.ListAsync("ada", 10, null, Token)));
        Assert.Equal(RevokeResult.AlreadyRevoked, await reopened.RevokeAsync("ada", "s2", Revocation(), Token));
        Assert.Equal(["<key />"], await reopened.ReadKeysAsync(Token));
        await reopened.RevokeAsync("ada", "s1", Revocation(), Token);
        Assert.Equal("s1", Assert.Single((await reopened.ReadChangesAsync(cursor, default, Token)).Items).SessionId);
    }

    [Fact]
    public async Task TwoStoresShareAFile()
    {
        using var other = Open(FilePath);
        await CreateAsync("s1");

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => (i % 2 == 0 ? _store : other).RevokeAsync("ada", "s1", Revocation(), Token), Token)));

        Assert.Equal(1, results.Count(result => result is RevokeResult.Revoked));
        Assert.True(Assert.Single((await other.ReadChangesAsync(0, default, Token)).Items).Revoked);
    }

    [Fact]
    public async Task ManyStoresMayStartTogetherOnANewFile()
    {
        var path = Path.Join(_folder.FullName, "new", "auth.db");
        var stores = Enumerable.Range(0, 8).Select(_ => Open(path)).ToList();

        await Task.WhenAll(stores.Select((store, i) => Task.Run(() => store.CreateAsync(Session($"s{i}"), Token), Token)));

        Assert.Equal(8, (await stores[0].ListAsync("ada", 10, null, Token)).Count);
        stores.ForEach(store => store.Dispose());
    }

    // What sessions of the first release granted was not sealed: their people sign in again. Keys and the numbers stay.
    [Fact]
    public async Task AFileOfTheFirstReleaseIsUpgradedWithoutItsSessions()
    {
        var path = Path.Join(_folder.FullName, "old.db");
        Execute(
            """
            CREATE TABLE sessions (id TEXT NOT NULL PRIMARY KEY, user_id TEXT NOT NULL, provider TEXT NOT NULL, provider_account_id TEXT, claims TEXT NOT NULL,
                version INTEGER NOT NULL, created_at INTEGER NOT NULL, last_seen_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, device TEXT, revoked_at INTEGER,
                change INTEGER) STRICT;
            CREATE TABLE last_change (value INTEGER NOT NULL) STRICT;
            CREATE TABLE protection_keys (position INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE, value TEXT NOT NULL) STRICT;
            CREATE TABLE epoch (id TEXT NOT NULL, started_at INTEGER NOT NULL) STRICT;
            INSERT INTO sessions VALUES ('s1', 'ada', 'github', '4711', '{"roles":"admin"}', 1, 0, 0, 4102444800000, NULL, NULL, NULL);
            INSERT INTO last_change VALUES (41);
            INSERT INTO protection_keys (name, value) VALUES ('key', '<key />');
            INSERT INTO epoch VALUES ('the-id-of-this-store', 0);
            PRAGMA application_id = 0x426C4175;
            PRAGMA user_version = 3;
            """,
            path);

        using var upgraded = Open(path);

        Assert.Null(await upgraded.FindAsync("s1", Token));
        Assert.Equal(["<key />"], await upgraded.ReadKeysAsync(Token));
        Assert.Equal(42, (await upgraded.CreateAsync(Session("s2"), Token)).Number);
        Assert.Equal("the-id-of-this-store", (await upgraded.ReadChangesAsync(0, default, Token)).StoreId);
        Assert.Equal((long)SqliteSchema.Version, Execute("PRAGMA user_version", path));
    }

    [Fact]
    public async Task AFileOfANewerVersionIsLeftAlone()
    {
        Execute("PRAGMA user_version = 1000");

        Assert.Contains("newer version", await FailureOf(FilePath), StringComparison.Ordinal);
        Assert.Equal(1000L, Execute("PRAGMA user_version"));
    }

    [Fact]
    public async Task TheDatabaseOfAnotherApplicationIsLeftAlone()
    {
        var path = Path.Join(_folder.FullName, "shop.db");
        Execute("CREATE TABLE orders (id INTEGER)", path);

        Assert.Contains("belongs to another application", await FailureOf(path), StringComparison.Ordinal);
        Assert.Equal(1L, Execute("SELECT count(*) FROM sqlite_schema", path));
    }

    [Fact]
    public async Task TheFileAndItsNewFolderBelongToTheOwnerAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Windows has no Unix permissions.");
            return;
        }

        var path = Path.Join(_folder.FullName, "a", "b", "auth.db");
        using var store = Open(path);
        await store.CreateAsync(Session("s1"), Token);

        const UnixFileMode ReadWrite = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.Equal(ReadWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        Assert.Equal(ReadWrite, File.GetUnixFileMode(path));
        Assert.Equal(ReadWrite, File.GetUnixFileMode(path + "-wal"));
    }

    [Fact]
    public async Task TheFileIsInWriteAheadMode()
    {
        await CreateAsync("s1");

        Assert.Equal("wal", Execute("PRAGMA journal_mode"));
    }

    [Fact]
    public async Task ManyExpiredSessionsAreRemovedInPortions()
    {
        Execute(
            """
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)
            INSERT INTO sessions (id, user_id, provider, content, version, created_at, last_seen_at, expires_at, is_adopted, number)
            SELECT 's' || i, 'ada', 'github', '{}', 1, 0, 0, 0, 0, i FROM n
            """);

        Assert.Equal(2500, await _store.RemoveExpiredAsync(Clock.GetUtcNow(), Token));
    }

    [Fact]
    public async Task ADisposedStoreRefusesWorkAndLetsGoOfTheFile()
    {
        await CreateAsync("s1");
        _store.Dispose();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => _store.FindAsync("s1", Token));
        Assert.False(File.Exists(FilePath + "-wal"));
    }

    private async Task FillAsync(string id) => await _store.CreateAsync(Session(id) with { Content = new string('x', 60_000) }, Token);

    private SqliteSessionStore Open(string path, TimeSpan? lockTimeout = null) => new(path, Clock, lockTimeout);

    private object? Execute(string sql, string? path = null, string? connectionString = null)
    {
        using var connection = new SqliteConnection(connectionString ?? $"Data Source={path ?? FilePath};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
