using BlazorAuth.Tests.Circuits;
using BlazorAuth.Tests.Stores;

namespace BlazorAuth.Tests.Sessions;

/// <content>Who is told that a session has ended.</content>
public sealed partial class SessionLimitTests
{
    [Fact]
    public async Task AnOpenCircuitOfASessionTooManyIsAnonymousAtOnce()
    {
        await using var node = await CircuitNode.StartAsync(session => session.MostPerUser = 1);
        var circuit = (await node.OpenAsync(await node.SignInAsync("s1"))).Settled();

        await node.SignInAsync("s2");

        Assert.False((await circuit.NewsAsync()).Identity!.IsAuthenticated);
    }

    // The store's upkeep tells it of sign-outs that it could not be told of, and of none that it is being told of.
    [Fact]
    public async Task AnEndThatTheUpkeepMeetsIsToldOfAllTheSame()
    {
        var told = new List<string>();
        Func<Task> onRevoke = () => Task.CompletedTask;
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Services = services => services.AddSingleton<ISessionStore>(new OwnStore(setup.Clock)
            {
                Before = name => name == nameof(ISessionStore.RevokeAsync) ? onRevoke() : Task.CompletedTask,
            });
            setup.Options = options => options.Events.OnSessionRevoked = context =>
            {
                told.Add(context.SessionId);
                return ValueTask.CompletedTask;
            };
        });
        var ticket = await app.BeginSessionAsync("ada", "s1");
        onRevoke = () =>
        {
            onRevoke = () => Task.CompletedTask;
            return app.Services.GetRequiredService<StoreOutbox>().FlushAllAsync(Token);
        };

        await app.Sessions.RevokeAsync(ticket, RevocationReason.Replaced);

        Assert.Equal(["s1"], told);
        Assert.DoesNotContain(app.Logs.Own, line => line.Event.Name == "PostponedSignOutStored");
    }

    [Fact]
    public async Task AnEventSaysWhyASessionEnded()
    {
        var told = new List<RevocationReason>();
        var isRefused = false;
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options =>
        {
            options.Events.OnSessionRevoked = context =>
            {
                told.Add(context.Reason);
                return ValueTask.CompletedTask;
            };
            options.Callbacks.OnToken = _ => ValueTask.FromResult(!isRefused);
        });
        await app.BeginSessionAsync("ada", "s1");
        await app.BeginSessionAsync("ada", "s2");
        await app.Sessions.RevokeAsync("ada", "s1", Token);
        await app.Sessions.RevokeUserAsync("ada", Token);
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        await browser.SignInAsync("google", "grace");
        isRefused = true;
        await browser.SessionAsync();
        isRefused = false;
        using var other = app.CreateBrowser();
        await browser.SignInAsync("google");
        await other.SignInAsync("google");
        await browser.PostAsync("/api/auth/signout", [new("where", "everywhere")]);

        Assert.Equal(
            [RevocationReason.Revoked, RevocationReason.Banned, RevocationReason.Replaced, RevocationReason.Revoked, RevocationReason.SignedOut], told);
    }
}
