using System.Net;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAuth.Tests.Nodes;

/// <summary>What the health check says is true, found out by the node's own rounds, and said once in the log.</summary>
public sealed partial class HealthTests(RedisServer redis, PostgresServer postgres) : IClassFixture<RedisServer>, IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("blazorauth-health-");

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string File => Path.Combine(_folder.FullName, "auth.db");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AFileThatWasDeletedOrReplacedIsSeen(bool isReplaced)
    {
        await using var app = await StartAsync("sqlite:" + File);
        var (_, cookie) = await app.SignInAsync();
        await app.BecomesAsync(HealthStatus.Healthy);

        if (isReplaced)
        {
            // At once: a store that finds no file says that it was deleted, and goes on with a new one.
            await System.IO.File.WriteAllTextAsync(File + ".new", "This is no database, and longer than the header of one, which has a hundred bytes: so it has to be long.", Token);

            // With its write-ahead log, SQLite makes a database of it again.
            System.IO.File.Delete(File + "-wal");
            System.IO.File.Delete(File + "-shm");
            System.IO.File.Move(File + ".new", File, overwrite: true);
        }
        else
        {
            System.IO.File.Move(File, File + ".away");
        }

        await app.BecomesAsync(HealthStatus.Degraded);
        Assert.True(await app.BelievesAsync(cookie));
        Assert.Single(app.Logs.Own, line => line.Event.Id == 410);
        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token);
        Assert.Contains(File, report.Entries["blazorauth"].Description, StringComparison.Ordinal);
    }

    // A rolling upgrade, and one that is taken back: nodes of two versions on one store.
    [Theory]
    [InlineData("sqlite")]
    [InlineData("redis")]
    [InlineData("postgres")]
    public async Task AStoreThatANewerVersionHasUpgradedIsRefusedInWords(string kind)
    {
        var address = kind switch { "redis" => await redis.CreateDatabaseAsync(), "postgres" => await postgres.CreateSchemaAsync(), _ => File };
        await using var app = await StartAsync($"{kind}:{address}");
        var (_, cookie) = await app.SignInAsync();
        await app.BecomesAsync(HealthStatus.Healthy);
        var before = await SchemaAsync(kind, address, 1000);

        // On a busy machine its signals may be late, too.
        await app.BecomesAsync(HealthStatus.Degraded, "newer version");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await StartSignInAsync(app)).StatusCode);
        Assert.True(await app.BelievesAsync(cookie));
        if (kind == "sqlite")
        {
            Assert.Contains("newer version", (await Assert.ThrowsAsync<AuthSetupException>(() => StartAsync($"{kind}:{address}"))).Message, StringComparison.Ordinal);
        }
        else
        {
            await using var late = await StartAsync($"{kind}:{address}");
            Assert.Equal(HealthStatus.Unhealthy, await late.HealthAsync());
            Assert.Contains(late.Logs.Own, line => line.Event.Id == 405 && line.Text.Contains("newer version", StringComparison.Ordinal));
        }

        await SchemaAsync(kind, address, before);
        await app.BecomesAsync(HealthStatus.Healthy);
    }

    [Fact]
    public async Task ARowThatCannotBeReadIsReportedAndPeopleSignInAllTheSame()
    {
        await using var app = await StartAsync("sqlite:" + File);
        await app.SignInAsync();
        await app.BecomesAsync(HealthStatus.Healthy);

        Execute("UPDATE store SET number = number + 1; UPDATE sessions SET change = (SELECT number FROM store), changed_at = 1e15");
        await app.BecomesAsync(HealthStatus.Degraded, "event 413");

        Assert.Equal(HttpStatusCode.Found, (await StartSignInAsync(app)).StatusCode);
        Execute("UPDATE sessions SET changed_at = created_at");
        await app.BecomesAsync(HealthStatus.Healthy);
        Assert.Single(app.Logs.Own, line => line.Event.Id == 413);
        Assert.Single(app.Logs.Own, line => line.Event.Id == 453);
    }

    [Fact]
    public async Task NobodyIsSentToAProviderWhileTheStoreIsDown()
    {
        await using var own = new RedisServer();
        await own.StartAsync();
        await using var app = await StartAsync("redis:" + own.ConnectionString);
        await app.BecomesAsync(HealthStatus.Healthy);
        Assert.Equal(HttpStatusCode.Found, (await StartSignInAsync(app)).StatusCode);

        await own.StopAsync();
        await app.BecomesAsync(HealthStatus.Degraded);
        var refused = await StartSignInAsync(app);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Null(refused.Headers.Location);
        await own.StartAsync();
        await app.BecomesAsync(HealthStatus.Healthy);
        Assert.Equal(HttpStatusCode.Found, (await StartSignInAsync(app)).StatusCode);
    }

    // A store without a clock of its own can't tell that from a clock that was set forward.
    [Fact]
    public async Task AnAppThatStoodStillIsHealthyAndSaysWhatItKeeps()
    {
        using var folder = new TempFolder();
        var clock = new TestClock();
        await (await StartAsync()).DisposeAsync();
        clock.Advance(TimeSpan.FromMinutes(2));
        await using var app = await StartAsync();

        var report = await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Healthy, report.Status);
        Assert.Contains("Expired data is not removed for a day", report.Entries["blazorauth"].Description, StringComparison.Ordinal);

        Task<AuthApp> StartAsync() => AuthApp.StartAsync(setup =>
        {
            setup.UseFile(folder);
            setup.Clock = clock;
        });
    }

    [Fact]
    public async Task AProbeAsksNobody()
    {
        await using var app = await StartAsync("redis:" + await redis.CreateDatabaseAsync(), TimeSpan.FromHours(1));
        await app.BecomesAsync(HealthStatus.Healthy);
        var before = await redis.ScriptsAsync();
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal(HealthStatus.Healthy, await app.HealthAsync());
        }

        // The node may be reading the store for the first time since it listens; probes that asked would cost a hundred.
        Assert.True(before > 0);
        Assert.InRange(await redis.ScriptsAsync() - before, 0, 20);
    }

    // A drain: readiness turns first, the port closes after it.
    [Fact]
    public async Task ANodeThatStopsSaysSoAndServesOnForAWhile()
    {
        await using var app = await StartAsync("memory", configure: options => options.DrainDelay = TimeSpan.FromMinutes(1));
        var drain = app.Services.GetRequiredService<NodeDrain>();
        using var end = new CancellationTokenSource();

        var stopping = drain.StoppingAsync(end.Token);

        Assert.Equal(HealthStatus.Unhealthy, await app.HealthAsync());
        Assert.False(stopping.IsCompleted);
        Assert.Equal(HttpStatusCode.OK, (await app.GetAsync("/page")).StatusCode);
        await end.CancelAsync();
        await stopping;
    }

    private async Task<int> SchemaAsync(string kind, string address, int version)
    {
        switch (kind)
        {
            case "redis":
                await using (var connection = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(address))
                {
                    var database = connection.GetDatabase();
                    var was = (int)await database.HashGetAsync("{blazorauth}:store", "schema");
                    await database.HashSetAsync("{blazorauth}:store", "schema", version);
                    return was;
                }

            case "postgres":
                var known = (int)(await PostgresServer.ExecuteAsync(address, "SELECT schema_version FROM blazorauth_store"))!;
                await PostgresServer.ExecuteAsync(address, $"UPDATE blazorauth_store SET schema_version = {version}");
                return known;

            default:
                Execute($"PRAGMA user_version = {version}");
                return SqliteSchema.Version;
        }
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static Task<AuthApp> StartAsync(string store, TimeSpan? reconcile = null, Action<AuthOptions>? configure = null) => StoreNode.StartAsync(
        store,
        configure: options =>
        {
            options.Session.ReconcileInterval = reconcile ?? TimeSpan.FromMilliseconds(200);
            configure?.Invoke(options);
        },
        build: builder => builder.AddGitHub(options => (options.ClientId, options.ClientSecret) = ("client", "client-secret")));

    private static Task<HttpResponseMessage> SignInAsync(AuthApp app, string user = "eve") =>
        PostAsync(app, "/api/auth/callback/password", new FormUrlEncodedContent([new("username", user), new("password", "x")]));

    private static Task<HttpResponseMessage> StartSignInAsync(AuthApp app) => PostAsync(app, "/api/auth/signin/github", new FormUrlEncodedContent([]));

    private static Task<HttpResponseMessage> PostAsync(AuthApp app, string path, HttpContent content)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        return app.Client().SendAsync(request, Token);
    }
}
