using BlazorAuth.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace BlazorAuth.Tests.Stores;

public sealed class RedisSessionStoreTests(RedisServer server) : SessionStoreContract, IClassFixture<RedisServer>
{
    private string _connectionString = "";
    private RedisSessionStore _store = null!;

    protected override ISessionStore Store => _store;

    protected override IProtectionKeyStore Keys => _store;

    public override async ValueTask InitializeAsync()
    {
        _connectionString = await server.CreateDatabaseAsync();
        _store = Open(_connectionString);
        await base.InitializeAsync();
    }

    public override ValueTask DisposeAsync()
    {
        _store?.Dispose();
        return base.DisposeAsync();
    }

    [Fact]
    public async Task SessionsKeysAndTheIdSurviveARestartOfTheServer()
    {
        var session = await CreateAsync("s1");
        await CreateAsync("s2");
        await RevokeAsync("s2");
        await _store.AddKeyAsync("key", "<key />", Token);
        var before = await _store.ReadChangesAsync(0, default, Token);
        await server.StopAsync();
        await server.StartAsync();
        using var reopened = Open(_connectionString);

        Assert.Equal(session, Assert.Single(await reopened.ListAsync("ada", 10, null, Token)));
        Assert.Equal(["<key />"], await reopened.ReadKeysAsync(Token));
        Assert.Equal(before.StoreId, (await reopened.ReadChangesAsync(0, default, Token)).StoreId);
    }

    [Fact]
    public async Task ManyChangesAreReadInPortions()
    {
        const int Count = 11_000;
        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => _store.CreateAsync(Session($"s{i}") with { Version = 2 }, Token)));

        var changes = await _store.ReadChangesAsync(0, default, Token);

        Assert.Equal(Count, changes.Items.Select(change => change.SessionId).Distinct().Count());
        Assert.Equal(Count, changes.Items.Count);
        Assert.Empty((await _store.ReadChangesAsync(changes.Cursor, default, Token)).Items);
        Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(Count, await _store.RemoveExpiredAsync(Clock.GetUtcNow(), Token));
    }

    [Fact]
    public async Task NothingIsLeftBehindByExpiredSessions()
    {
        await CreateAsync("s1");
        await RevokeAsync("s1");
        Clock.Advance(TimeSpan.FromDays(30));
        await _store.RemoveExpiredAsync(Clock.GetUtcNow(), Token);

        await using var connection = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(_connectionString);
        Assert.Equal(["{blazorauth}:store"], connection.GetServers()[0].Keys(connection.GetDatabase().Database).Select(key => (string)key!));
    }

    [Fact]
    public async Task AnEmptiedDatabaseIsAnotherStoreWithWhateverIsDoneFirst()
    {
        var before = await _store.ReadChangesAsync(0, default, Token);
        await using (var connection = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(_connectionString + ",allowAdmin=true"))
        {
            await connection.GetServers()[0].FlushDatabaseAsync(connection.GetDatabase().Database);
        }

        Clock.Advance(TimeSpan.FromMinutes(1));
        await CreateAsync("s1");
        Clock.Advance(TimeSpan.FromMinutes(1));
        var after = await _store.ReadChangesAsync(before.Cursor, default, Token);

        Assert.NotEqual(before.StoreId, after.StoreId);
    }

    // What sessions of the first release granted was not sealed: their people sign in again. Keys and the id stay.
    [Fact]
    public async Task ADatabaseOfTheFirstReleaseIsUpgradedWithoutItsSessions()
    {
        var address = await server.CreateDatabaseAsync();
        await using var connection = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(address);
        var database = connection.GetDatabase();
        await database.HashSetAsync("{blazorauth}:store", [new("epoch", "the-id-of-this-store"), new("started", 0), new("change", 41)]);
        await database.HashSetAsync(
            "{blazorauth}:session:s1",
            [
                new("id", "s1"), new("user", "ada"), new("provider", "github"), new("claims", "{}"), new("version", 1), new("created", 0), new("seen", 0),
                new("expires", 4102444800000),
            ]);
        await database.SetAddAsync("{blazorauth}:user:ada", "s1");
        await database.SortedSetAddAsync("{blazorauth}:expiries", "s1", 4102444800000);
        await database.SortedSetAddAsync("{blazorauth}:changes", "s0", 41);
        await database.ListRightPushAsync("{blazorauth}:keys", "<key />");
        using var upgraded = Open(address);

        Assert.Null(await upgraded.FindAsync("s1", Token));
        Assert.Equal(42, (await upgraded.CreateAsync(Session("s1"), Token)).Number);
        await upgraded.InitializeAsync(Token);

        Assert.Equal(["<key />"], await upgraded.ReadKeysAsync(Token));
        Assert.Equal("the-id-of-this-store", (await upgraded.ReadChangesAsync(0, default, Token)).StoreId);
        Assert.Equal("s1", Assert.Single(await upgraded.ListAsync("ada", 10, null, Token)).Id);
        Assert.False(await database.KeyExistsAsync("{blazorauth}:user:ada"));
        Assert.Equal(1, await database.SortedSetLengthAsync("{blazorauth}:expiries"));
    }

    [Fact]
    public async Task ADatabaseOfANewerVersionIsLeftAlone()
    {
        var address = await server.CreateDatabaseAsync();
        await using var connection = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(address);
        await connection.GetDatabase().HashSetAsync("{blazorauth}:store", "schema", 1000);
        using var older = Open(address);

        var failure = await Assert.ThrowsAsync<SessionStoreException>(() => older.InitializeAsync(Token));

        Assert.Contains("newer version", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, await connection.GetDatabase().HashLengthAsync("{blazorauth}:store"));
    }

    [Fact]
    public async Task AServerThatForgetsOrEvictsIsWarnedOf()
    {
        await using var forgetful = new RedisServer { Arguments = ["--appendonly", "no", "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"] };
        await forgetful.StartAsync();
        using var logs = new LogCollector();
        using var store = new RedisSessionStore(forgetful.ConnectionString, Clock, logs.CreateLogger<RedisSessionStore>());

        await store.InitializeAsync(Token);
        await store.InitializeAsync(Token);
        await Store.InitializeAsync(Token);

        const string Category = "BlazorAuth.Stores.Redis.RedisSessionStore";
        Assert.Equal([(Category, 403, "RedisNotDurable"), (Category, 404, "RedisEvicts")], logs.Own.Select(line => (line.Category, line.Event.Id, line.Event.Name)));
    }

    [Fact]
    public async Task AWrongPasswordIsReportedAndNeverPrinted()
    {
        await using var locked = new RedisServer { Arguments = ["--appendonly", "yes"] };
        await locked.StartAsync();
        await locked.ExecuteAsync("CONFIG", "SET", "requirepass", "the-real-hunter2");
        using var store = Open(locked.ConnectionString + ",password=wrong-hunter2");

        var failure = await Assert.ThrowsAsync<SessionStoreException>(() => store.FindAsync("s1", Token));

        Assert.Contains("password", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cache,hunter2=1")]
    [InlineData("password=hunter2")]
    [InlineData("cache,connectTimeout=hunter2")]
    public void AConnectionStringThatCannotBeReadIsASetUpErrorWithoutItsText(string connectionString) =>
        Assert.DoesNotContain("hunter2", Assert.Throws<AuthSetupException>(() => Open(connectionString)).ToString(), StringComparison.Ordinal);

    private RedisSessionStore Open(string connectionString) => new(connectionString, Clock, NullLogger<RedisSessionStore>.Instance);
}
