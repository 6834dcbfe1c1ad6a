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
    public async Task SessionsKeysAndEpochSurviveARestartOfTheServer()
    {
        var session = await Create("s1");
        await Create("s2");
        await _store.RevokeAsync("ada", "s2", Token);
        _store.AddKey("key", "<key />");
        var before = await _store.ReadChangesAsync(0, Token);
        await server.StopAsync();
        await server.StartAsync();
        using var reopened = Open(_connectionString);

        Assert.Equal(session, Assert.Single(await reopened.ListAsync("ada", Token)));
        Assert.Equal(["<key />"], reopened.ReadKeys());
        Assert.Equal(before.Epoch, (await reopened.ReadChangesAsync(0, Token)).Epoch);
    }

    [Fact]
    public async Task ManyChangesAreReadInPortions()
    {
        const int Count = 11_000;
        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => _store.CreateAsync(Session($"s{i}") with { Version = 2 }, Token)));

        var changes = await _store.ReadChangesAsync(0, Token);

        Assert.Equal(Count, changes.Items.Select(change => change.SessionId).Distinct().Count());
        Assert.Equal(Count, changes.Items.Count);
        Assert.Empty((await _store.ReadChangesAsync(changes.Cursor, Token)).Items);
        Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(Count, await _store.RemoveExpiredAsync(Token));
    }

    [Fact]
    public async Task NothingIsLeftBehindByExpiredSessions()
    {
        await Create("s1");
        await _store.RevokeAsync("ada", "s1", Token);
        Clock.Advance(TimeSpan.FromDays(30));
        await _store.RemoveExpiredAsync(Token);

        await using var connection = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(_connectionString);
        Assert.Equal(["{blazorauth}:store"], connection.GetServers()[0].Keys(connection.GetDatabase().Database).Select(key => (string)key!));
    }

    [Fact]
    public async Task AnEmptiedDatabaseBeginsANewEpochWithWhateverIsDoneFirst()
    {
        var before = await _store.ReadChangesAsync(0, Token);
        await using (var connection = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(_connectionString + ",allowAdmin=true"))
        {
            await connection.GetServers()[0].FlushDatabaseAsync(connection.GetDatabase().Database);
        }

        Clock.Advance(TimeSpan.FromMinutes(1));
        await Create("s1");
        Clock.Advance(TimeSpan.FromMinutes(1));
        var after = await _store.ReadChangesAsync(before.Cursor, Token);

        Assert.Equal(Start, before.Epoch!.StartedAt);
        Assert.Equal(Start.AddMinutes(1), after.Epoch!.StartedAt);
        Assert.NotEqual(before.Epoch.Id, after.Epoch.Id);
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

        Assert.Equal([403, 404], logs.Own.Select(line => line.Event.Id));
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
