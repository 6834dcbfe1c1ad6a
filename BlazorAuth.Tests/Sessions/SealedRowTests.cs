using System.Text.Json.Nodes;
using BlazorAuth.Tests.Stores;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;

namespace BlazorAuth.Tests.Sessions;

/// <summary>What a session grants is sealed in its row: who can write the store's rows makes nobody an administrator.</summary>
public sealed class SealedRowTests
{
    private const string Cookie = AuthApp.SessionCookie;
    private const string NewSecret = "the-newer-secret-of-the-tests-that-is-long-enough";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("UPDATE sessions SET content = '{\"claims\":{\"roles\":\"admin\"}}', version = 2 WHERE id = 'ada'")]
    [InlineData("UPDATE sessions SET content = (SELECT content FROM sessions WHERE id = 'admin'), version = 2 WHERE id = 'ada'")]
    [InlineData("UPDATE sessions SET content = (SELECT content FROM sessions WHERE id = 'admin') WHERE id = 'ada'")]
    [InlineData("UPDATE sessions SET content = (SELECT content FROM sessions WHERE id = 'other') WHERE id = 'ada'")]
    [InlineData("UPDATE sessions SET version = 2 WHERE id = 'ada'")]
    [InlineData("UPDATE sessions SET content = '' WHERE id = 'ada'")]
    public async Task ARowThatSomebodyChangedIsNotBelievedAndTheCookieIsKept(string change)
    {
        using var folder = new TempFolder();
        await using var app = await StartAsync(folder);
        await app.BeginSessionAsync("admin", "admin", new JsonObject { ["roles"] = "admin" });
        await app.BeginSessionAsync("ada", "other", new JsonObject { ["roles"] = "editor" });
        using var browser = app.CreateBrowser();
        var cookie = browser.Cookies[Cookie] = TestTicket.Cookie(await app.BeginSessionAsync("ada", "ada", new JsonObject { ["roles"] = "reader" }));
        Execute(folder, change + "; UPDATE store SET number = number + 1; UPDATE sessions SET change = (SELECT number FROM store), changed_at = 1e15 WHERE id = 'ada'");
        app.Clock.Advance(TimeSpan.FromHours(25));

        Assert.Equal("nobody", (await browser.OpenAsync("/page")).Text);
        Assert.Equal("null", await browser.SessionAsync());
        Assert.Equal(cookie, browser.Cookies[Cookie]);
        Assert.Contains(app.Logs.Own, line => line.Event.Name == "RowNotOpened" && line.Text.Contains("session ada", StringComparison.Ordinal));
        Assert.Contains(await app.Sessions.ListAsync("ada", Token), session => session is { Id: "ada", Claims.Count: 0 });
        Assert.Equal(RevokeResult.Revoked, await app.Sessions.RevokeAsync("ada", "ada", Token));
    }

    [Fact]
    public async Task ARowThatWasGivenToSomebodyElseIsNobodysSession()
    {
        using var folder = new TempFolder();
        await using var app = await StartAsync(folder);
        using var browser = app.CreateBrowser();
        browser.Cookies[Cookie] = TestTicket.Cookie(await app.BeginSessionAsync("ada", "ada"));
        Execute(folder, "UPDATE sessions SET user_id = 'admin'");
        app.Clock.Advance(TimeSpan.FromHours(25));

        Assert.Equal("null", await browser.SessionAsync());
        Assert.Empty((await app.Sessions.ListAsync("admin", Token))[0].Claims);
    }

    [Fact]
    public async Task NothingThatASessionGrantsCanBeReadInTheStore()
    {
        using var folder = new TempFolder();
        await using var app = await StartAsync(folder, setup => setup.Settings["AUTH_ACCOUNTS"] = "off");
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        Execute(folder, "PRAGMA wal_checkpoint(TRUNCATE)");

        var file = System.Text.Encoding.UTF8.GetString(await File.ReadAllBytesAsync(Path.Combine(folder.Path, "sessions.db"), Token));

        Assert.Contains("google", file, StringComparison.Ordinal);
        Assert.DoesNotContain("Lovelace", file, StringComparison.Ordinal);
        Assert.DoesNotContain("@example.com", file, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RowsOfUnusedSessionsAreSealedAgainSoThatAnOldSecretCanGo()
    {
        using var folder = new TempFolder();
        await using (var app = await StartAsync(folder))
        {
            for (var i = 0; i < 1100; i++)
            {
                await app.BeginSessionAsync("ada", $"s{i}", new JsonObject { ["number"] = i });
            }
        }

        await using (var app = await StartAsync(folder, setup => setup.Settings["AUTH_SECRET_1"] = NewSecret))
        {
            var pauses = 0;
            Task Pause(CancellationToken cancellationToken)
            {
                pauses++;
                return Task.CompletedTask;
            }

            var resealing = app.Services.GetRequiredService<SessionResealing>();
            Assert.Equal((1100, 0), await resealing.RunAsync(Pause, Token));
            Assert.Equal((0, 0), await resealing.RunAsync(Pause, Token));
            Assert.InRange(pauses, 4, 6);
        }

        await using var later = await StartAsync(folder, setup => setup.Settings["AUTH_SECRET"] = NewSecret);
        Assert.Equal(700, (await later.Store.FindAsync("s700", Token))!.Content(NewSecret).Claims["number"]!.GetValue<int>());
        Assert.Equal(100, (await later.Sessions.ListAsync("ada", Token)).Count(session => session.Claims.ContainsKey("number")));
    }

    [Fact]
    public async Task WhileTwoSecretsAreSetAnAppSealsRowsAgainByItself()
    {
        using var folder = new TempFolder();
        await using (var app = await StartAsync(folder))
        {
            await app.BeginSessionAsync("ada", "s1");
        }

        var clock = new TellingClock();
        await using var rotated = await StartAsync(folder, setup => (setup.Settings["AUTH_SECRET_1"], setup.Clock) = (NewSecret, clock));
        await SealingAsync(rotated, clock, "SessionsSealedAgain");

        Assert.NotNull((await rotated.Store.FindAsync("s1", Token))!.Content(NewSecret));
    }

    [Fact]
    public async Task ADefectOfTheStoreEndsTheSealingAndNotTheApp()
    {
        var clock = new TellingClock();
        await using var app = await AuthApp.StartAsync(setup =>
        {
            (setup.Settings["AUTH_SECRET_1"], setup.Clock) = (NewSecret, clock);
            setup.Services = services => services.AddSingleton<ISessionStore>(new OwnStore(clock)
            {
                OnCall = name => _ = name == nameof(ISessionStore.ScanAsync) ? throw new NotSupportedException("a defect of the store") : 0,
            });
        });
        await SealingAsync(app, clock, "UpkeepFailed");

        Assert.False(app.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public async Task ARowIsSealedAgainWhenItsTokenIsWrittenAgain()
    {
        using var folder = new TempFolder();
        string cookie;
        await using (var app = await StartAsync(folder))
        {
            cookie = TestTicket.Cookie(await app.BeginSessionAsync("ada", "s1"));
        }

        await using var rotated = await StartAsync(folder, setup => setup.Settings["AUTH_SECRET_1"] = NewSecret);
        using var browser = rotated.CreateBrowser();
        browser.Cookies[Cookie] = cookie;
        Assert.NotEqual("null", await browser.SessionAsync());

        Assert.NotNull((await rotated.Store.FindAsync("s1", Token))!.Content(NewSecret));
    }

    [Fact]
    public async Task ASessionEndsWithTheSecretOfItsRow()
    {
        using var folder = new TempFolder();
        string cookie;
        await using (var app = await StartAsync(folder))
        {
            cookie = TestTicket.Cookie(await app.BeginSessionAsync("ada", "s1"));
        }

        await using var replaced = await StartAsync(folder, setup => setup.Settings["AUTH_SECRET"] = NewSecret);
        using var browser = replaced.CreateBrowser();
        browser.Cookies[Cookie] = cookie;

        Assert.Equal("null", await browser.SessionAsync());
        Assert.Equal("s1", Assert.Single(await replaced.Sessions.ListAsync("ada", Token)).Id);
    }

    // Frozen: a derivation or a format that changed would sign everybody out.
    [Fact]
    public void ARowSealedByTheFirstReleaseStaysReadable()
    {
        var row = new SessionRecord
        {
            Id = "s1", UserId = "ada", Provider = "google", Version = 3, CreatedAt = default, LastSeenAt = default, ExpiresAt = default,
            Content = Frozen,
        };

        var content = new SessionSeal([AuthApp.Secret]).Open(row, out var isFirst)!;

        Assert.Equal(("google", "4711", 1767225600L, "Ada", true), (
            content.Provider, content.ProviderAccountId, content.AuthenticatedAt!.Value.ToUnixTimeSeconds(), (string)content.Claims["name"]!, isFirst));
        Assert.Null(new SessionSeal([AuthApp.Secret]).Open(row with { Id = "s2" }, out _));
        Assert.Null(new SessionSeal([AuthApp.Secret]).Open(row with { UserId = "adam" }, out _));
        Assert.Null(new SessionSeal([AuthApp.Secret]).Open(row with { Version = 4 }, out _));
        Assert.Null(new SessionSeal([AuthApp.Secret]).Open(row with { Id = "s1ada", UserId = "" }, out _));
        Assert.Null(new SessionSeal([NewSecret]).Open(row, out _));
        Assert.NotNull(new SessionSeal([NewSecret, AuthApp.Secret]).Open(row, out isFirst));
        Assert.False(isFirst);
    }

    private const string Frozen =
        "AAECAwQFBgcICQoLSoXejoG321jY1JfOIaXeNITuc33OccMbkNfv8GXHwPsCzUre/ryQzXC4ww2r/piieHdG3E3bHFXxM5n3o1rnkkvj7txZN/wfL1tnpWOXp0Uyd0C5tqThmZJV6fG8TM+iUgBM2lUw5o01";

    /// <summary>Ends when the app has said this about the sealing that it does by itself.</summary>
    private static async Task SealingAsync(AuthApp app, TellingClock clock, string eventName)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Logs.OnLine = line =>
        {
            if (line.Event.Name == eventName)
            {
                told.TrySetResult();
            }
        };
        await clock.IsWaitedForAsync();
        clock.Advance(TimeSpan.FromSeconds(1));
        await told.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);
    }

    private static Task<AuthApp> StartAsync(TempFolder folder, Action<AuthAppSetup>? configure = null) => AuthApp.StartAsync(setup =>
    {
        setup.UseFile(folder);
        setup.Options = options => (options.Session.ReconcileInterval, options.Session.MostPerUser) = (TimeSpan.FromDays(1), 0);
        configure?.Invoke(setup);
    });

    private static void Execute(TempFolder folder, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder.Path, "sessions.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Tells when something is to be done every second.</summary>
    private sealed class TellingClock : TestClock
    {
        private readonly TaskCompletionSource _everySecond = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task IsWaitedForAsync() => _everySecond.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (period == TimeSpan.FromSeconds(1))
            {
                _everySecond.TrySetResult();
            }

            return timer;
        }
    }
}
