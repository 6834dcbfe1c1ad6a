using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace BlazorAuth.Tests.Accounts;

/// <summary>What a node does for its account store once a minute, and what it reports.</summary>
public sealed class AccountUpkeepTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AStoreThatDoesNotRespondIsReportedFromTheStartUntilItDoes()
    {
        FaultyAccounts accounts = null!;
        await using var app = await AuthApp.StartAsync(setup =>
        {
            var sessions = new MemorySessionStore(setup.Clock);
            accounts = new FaultyAccounts(sessions.Accounts) { IsDown = true };
            setup.Services = services => services.AddSingleton<ISessionStore>(sessions).AddSingleton<IAccountStore>(accounts);
        });

        Assert.Equal(HealthStatus.Degraded, await StatusAsync(app));

        accounts.IsDown = false;
        await IsAskedAgainAsync(app, until: HealthStatus.Healthy);

        accounts.IsDown = true;
        await RoundAsync(app);
        Assert.Equal(HealthStatus.Degraded, await StatusAsync(app));
        Assert.Single(app.Logs.Own, line => line.Event.Id == 705);
    }

    // On a quiet site nobody new may come for days, whose user would show that the outage is over.
    [Fact]
    public async Task AUserWhoCouldNotBeAddedIsForgottenWithTheOutageThatWasTheReason()
    {
        FaultyAccounts accounts = null!;
        await using var app = await AuthApp.StartAsync(setup =>
        {
            var sessions = new MemorySessionStore(setup.Clock);
            accounts = new FaultyAccounts(sessions.Accounts);
            setup.Services = services => services.AddSingleton<ISessionStore>(sessions).AddSingleton<IAccountStore>(accounts);
        });
        Assert.Equal(HealthStatus.Healthy, await StatusAsync(app));
        var state = app.Services.GetRequiredService<AccountState>();
        await Assert.ThrowsAsync<SessionStoreException>(() => state.WriteAsync<bool>(() => throw new SessionStoreException("It is full.")));
        await RoundAsync(app);
        Assert.Equal(HealthStatus.Degraded, await StatusAsync(app));

        accounts.IsDown = true;
        await RoundAsync(app);
        accounts.IsDown = false;
        await RoundAsync(app);

        Assert.Equal(HealthStatus.Healthy, await StatusAsync(app));
    }

    [Fact]
    public async Task OnAQuietSiteNoLinkOutlivesItsTime()
    {
        await using var app = await AuthApp.StartAsync();
        var (store, now) = (app.Services.GetRequiredService<IAccountStore>(), app.Clock.GetUtcNow());
        await store.KeepPendingAsync(
            new PendingLink
            {
                Browser = "one", Issuer = "https://github.com", Subject = "42", Provider = "github", Name = "Ada", Email = "ada@example.com", CreatedAt = now,
                ExpiresAt = now.AddMinutes(10),
            },
            Token);
        app.Clock.Advance(TimeSpan.FromMinutes(10));

        await RoundAsync(app);

        Assert.False(await store.RemovePendingAsync("one", Token));
    }

    private static Task RoundAsync(AuthApp app) => app.Services.GetServices<IHostedService>().OfType<AccountUpkeep>().Single().RunAsync(Token);

    /// <summary>Moves the clock by less than the minute between two rounds of a store that responds.</summary>
    private static async Task IsAskedAgainAsync(AuthApp app, HealthStatus until)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        for (var seconds = 0; await StatusAsync(app) != until; seconds += 2)
        {
            Assert.InRange(seconds, 0, 56);
            app.Clock.Advance(TimeSpan.FromSeconds(2));
            await pace.WaitForNextTickAsync(Token);
        }
    }

    private static async Task<HealthStatus> StatusAsync(AuthApp app) =>
        (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Token)).Entries["blazorauth-accounts"].Status;
}
