using BlazorAuth.Tests.Stores;
using Microsoft.Extensions.Hosting;

namespace BlazorAuth.Tests.Nodes;

/// <summary>A node that is stopped while its store does not respond still has sign-outs to write.</summary>
public sealed class NodeStopTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ASignOutIsStillWrittenWhenTheStoreComesBackWhileTheNodeStops()
    {
        var isDown = false;
        await using var app = await StartAsync(() => isDown);
        await app.BeginSessionAsync("ada", "s1");
        isDown = true;
        await SignOutAsync(app);

        var stopping = StopAsync(app, Token);
        for (var i = 0; i < 10; i++)
        {
            await PassAsync(app);
        }

        Assert.False(stopping.IsCompleted);
        isDown = false;
        for (var i = 0; i < 100 && !stopping.IsCompleted; i++)
        {
            await PassAsync(app);
        }

        await stopping.WaitAsync(TimeSpan.FromSeconds(20), Token);
        Assert.NotNull((await app.Store.FindAsync("s1", Token))!.RevokedAt);
        Assert.DoesNotContain(app.Logs.Own, line => line.Event.Name == "SignOutsNotStored");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ANodeThatCannotWaitAnyLongerSaysHowManySignOutsAreLost(bool isHostInAHurry)
    {
        await using var app = await StartAsync(() => true);
        await app.BeginSessionAsync("ada", "s1");
        await SignOutAsync(app);

        using var limit = new CancellationTokenSource();
        var stopping = StopAsync(app, limit.Token);
        await PassAsync(app);
        Assert.False(stopping.IsCompleted);
        if (isHostInAHurry)
        {
            await limit.CancelAsync();
        }
        else
        {
            app.Clock.Advance(TimeSpan.FromSeconds(15));
        }

        await stopping.WaitAsync(TimeSpan.FromSeconds(20), Token);
        var line = Assert.Single(app.Logs.Own, line => line.Event.Name == "SignOutsNotStored");
        Assert.StartsWith("The app stopped before 1 sign-outs", line.Text, StringComparison.Ordinal);
        Assert.Contains("AUTH_SESSIONS_NOT_BEFORE", line.Text, StringComparison.Ordinal);
    }

    private static Task<AuthApp> StartAsync(Func<bool> isDown) => AuthApp.StartAsync(setup =>
        setup.Services = services => services.AddSingleton<ISessionStore>(new OwnStore(setup.Clock)
        {
            Before = name => name == nameof(ISessionStore.RevokeAsync) && isDown() ? throw new SessionStoreException("The store is away.") : Task.CompletedTask,
        }));

    private static async Task SignOutAsync(AuthApp app) => await Assert.ThrowsAsync<SessionStoreException>(() => app.Services.GetRequiredService<StoreOutbox>()
        .RevokeAsync("ada", "s1", new SessionRevocation(RevocationReason.SignedOut, app.Clock.GetUtcNow().AddDays(1))));

    private static Task StopAsync(AuthApp app, CancellationToken limit) => app.Services.GetServices<IHostedService>().OfType<StoreSync>().Single().StopAsync(limit);

    private static async Task PassAsync(AuthApp app)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        await pace.WaitForNextTickAsync(Token);
        app.Clock.Advance(TimeSpan.FromMilliseconds(500));
    }
}
