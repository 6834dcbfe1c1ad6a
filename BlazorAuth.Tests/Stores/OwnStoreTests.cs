using BlazorAuth.Tests.Nodes;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Tests.Stores;

/// <summary>An app on a store of its own, and what happens when that has a defect.</summary>
public sealed class OwnStoreTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task AStoreWithoutProtectionKeysLeavesThePlatformsPlace()
    {
        var (app, _) = await StartAsync();
        await using var running = app;
        using var browser = app.CreateBrowser();

        Assert.Equal("Ada Lovelace", (await browser.SignInAsync("google")).Text);
        Assert.Null(app.Services.GetRequiredService<IOptions<KeyManagementOptions>>().Value.XmlRepository as ProtectionKeyRepository);
    }

    [Fact]
    public async Task ASettingNamesTheStoreOfAnApp()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            (setup.Settings["AUTH_STORE"], setup.Settings["AUTH_ACCOUNTS"]) = ("dictionary", "memory");
            setup.Providers = builder => builder.AddGoogle().AddSessionStore<global::Snippets.DictionaryStoreFactory>();
        });
        using var browser = app.CreateBrowser();

        Assert.Equal("Ada Lovelace", (await browser.SignInAsync("google")).Text);
        Assert.IsType<global::Snippets.DictionaryStore>(app.Store);
        Assert.Single((await app.Store.ScanAsync(null, 10, TestContext.Current.CancellationToken)).Sessions);
    }

    [Theory]
    [InlineData("AUTH_STORE", "dictionary:somewhere", "\"dictionary\" takes nothing after it. Accepted forms: \"sqlite:data/auth.db\", \"memory\", \"dictionary\".")]
    [InlineData("AUTH_ACCOUNTS", "dictionary", "AUTH_ACCOUNTS names \"dictionary\", which keeps no users")]
    public async Task AStoreOfAnAppIsCheckedLikeTheOthers(string setting, string value, string expected)
    {
        var failure = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup =>
        {
            setup.StorePackages = false;
            setup.Settings[setting] = value;
            setup.Providers = builder => builder.AddGoogle().AddSessionStore<global::Snippets.DictionaryStoreFactory>();
        }));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ReadChangesAsync")]
    [InlineData("TouchAsync")]
    [InlineData("RemoveExpiredAsync")]
    public async Task ADefectOfTheStoreStopsNoUpkeep(string defect)
    {
        var (app, store) = await StartAsync();
        await using var running = app;
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        await browser.SessionAsync();
        var thrown = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store.OnCall = name =>
        {
            if (name == defect && thrown.TrySetResult())
            {
                throw new InvalidCastException("a defect of the store");
            }
        };
        app.Clock.Advance(TimeSpan.FromHours(1));
        await thrown.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        app.Clock.Advance(Tick);
        await store.CalledAsync(defect);
        store.Settle();
        app.Clock.Advance(Tick);
        await store.CalledAsync("ReadChangesAsync");

        Assert.Contains(app.Logs.Own, line => line.Event.Name == "UpkeepFailed" && line.Text.Contains("a defect of the store", StringComparison.Ordinal));
    }

    // Rounds that go well say nothing about another job, which is tried again at every tick.
    [Theory]
    [InlineData("TouchAsync")]
    [InlineData("RemoveExpiredAsync")]
    public async Task ADefectIsSaidOnceAndLastsUntilTheJobThatMetItSucceeds(string defect)
    {
        var (app, store) = await StartAsync();
        await using var running = app;
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        await browser.SessionAsync();
        using var thrown = new SemaphoreSlim(0);
        var isMended = false;
        store.OnCall = name =>
        {
            if (name == defect && !Volatile.Read(ref isMended))
            {
                thrown.Release();
                throw new InvalidCastException("a defect of the store");
            }
        };
        app.Clock.Advance(TimeSpan.FromHours(1));
        for (var i = 0; i < 4; i++)
        {
            Assert.True(await thrown.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));
            store.Settle();
            app.Clock.Advance(Tick);
            await store.CalledAsync("ReadChangesAsync");
        }

        Assert.DoesNotContain(app.Logs.Own, IsMended);
        Assert.Equal(HealthStatus.Degraded, await app.HealthAsync());
        var mended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.Logs.OnLine = line => _ = IsMended(line) && mended.TrySetResult();
        Volatile.Write(ref isMended, true);
        app.Clock.Advance(Tick);
        await mended.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Healthy, await app.HealthAsync());
        Assert.Single(app.Logs.Own, line => line.Event.Name == "UpkeepFailed");
        Assert.Single(app.Logs.Own, IsMended);

        static bool IsMended(LogLine line) => line.Event.Name == "UpkeepSucceedsAgain";
    }

    // Anybody who is signed in can make ids up and ask for their end.
    [Fact]
    public async Task RevokingSessionsThatDoNotExistIsWrittenDownOnceForEachLoss()
    {
        var (app, _) = await StartAsync();
        await using var running = app;
        var state = app.Services.GetRequiredService<StoreState>();
        for (var loss = 1; loss <= 2; loss++)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            state.Lost();
            for (var i = 0; i < 3; i++)
            {
                app.Clock.Advance(TimeSpan.FromSeconds(1));
                Assert.Equal(RevokeResult.NotFound, await app.Sessions.RevokeAsync("ada", $"made-up-{i}", TestContext.Current.CancellationToken));
            }

            Assert.Equal(loss, (await app.Store.ListHistoryAsync(EndOfAll.NameOf("ada"), 10, cancellationToken: TestContext.Current.CancellationToken)).Count);
        }
    }

    // Where the app makes an id of what was typed, anybody chooses it: and so, after a loss, a row that keeps a ban from being written down.
    [Fact]
    public async Task NobodysIdPassesForTheRecordThatAllSessionsOfAPersonWereEnded()
    {
        var (app, _) = await StartAsync();
        await using var running = app;
        var name = EndOfAll.NameOf("ada");
        app.Services.GetRequiredService<StoreState>().Lost();
        app.Clock.Advance(TimeSpan.FromSeconds(1));

        var refusal = await Record.ExceptionAsync(async () =>
        {
            await app.BeginSessionAsync(name, "mine");
            await app.Sessions.RevokeAsync(name, "mine", TestContext.Current.CancellationToken);
        });
        await app.Sessions.RevokeUserAsync("ada", TestContext.Current.CancellationToken);

        var records = await app.Store.ListHistoryAsync(name, 10, cancellationToken: TestContext.Current.CancellationToken);
        Assert.Contains(records, record => EndOfAll.NameIn(record.Id) == name);
        Assert.IsType<ArgumentException>(refusal);
    }

    [Fact]
    public async Task ManySeenSessionsDoNotKeepTheNewsWaiting()
    {
        var (app, store) = await StartAsync();
        await using var running = app;
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        await browser.SessionAsync();
        var flushing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        store.Before = name =>
        {
            if (name != "TouchAsync")
            {
                return Task.CompletedTask;
            }

            reached.TrySetResult();
            return flushing.Task;
        };
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await reached.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);

        store.Settle();
        app.Clock.Advance(Tick);
        await store.CalledAsync("ReadChangesAsync");
        flushing.SetResult();
    }

    private static async Task<(AuthApp App, OwnStore Store)> StartAsync()
    {
        OwnStore? store = null;
        var app = await AuthApp.StartAsync(setup =>
        {
            store = new OwnStore(setup.Clock);
            setup.Services = services => services.AddSingleton<ISessionStore>(store);
        });
        return (app, store!);
    }
}
