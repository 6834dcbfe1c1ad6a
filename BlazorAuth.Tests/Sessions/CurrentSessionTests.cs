using System.Text.Json.Nodes;

namespace BlazorAuth.Tests.Sessions;

/// <summary>What a hub asks that has been open for a while (docs/use-the-session.md): whether requests of its session are still accepted.</summary>
public sealed class CurrentSessionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(nameof(StoreLossKind.Unvouched), false)]
    [InlineData(nameof(StoreLossKind.Setting), false)]
    [InlineData(nameof(StoreLossKind.Vouched), true)]
    public async Task WhenEverybodyHasToSignInAgainItIsNone(string kind, bool isCurrent)
    {
        await using var app = await AuthApp.StartAsync();
        var session = (await app.BeginSessionAsync("ada", "s1")).Session;
        Assert.True(await IsCurrentAsync(app, session));
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        var state = app.Services.GetRequiredService<StoreState>();
        state.Losses = StoreLosses.None.With(0, state.Number, Enum.Parse<StoreLossKind>(kind), app.Clock.GetUtcNow(), TimeSpan.FromDays(91));

        Assert.Equal(isCurrent, await IsCurrentAsync(app, session));
        Assert.Single(await app.Sessions.ListAsync("ada", Token));
    }

    [Fact]
    public async Task NorIsOneThatLastsLongerThanTheSetUpSaysNow()
    {
        using var folder = new TempFolder();
        Session session;
        await using (var before = await AuthApp.StartAsync(setup => setup.UseFile(folder)))
        {
            session = (await before.BeginSessionAsync("ada", "s1")).Session;
        }

        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.UseFile(folder);
            setup.Options = options => (options.Session.IdleLifetime, options.Session.AbsoluteLifetime) = (TimeSpan.FromDays(2), TimeSpan.FromDays(2));
        });
        Assert.True(await IsCurrentAsync(app, session));
        app.Clock.Advance(TimeSpan.FromDays(3));
        Assert.False(await IsCurrentAsync(app, session));
    }

    [Fact]
    public async Task NorIsOneThatNoSecretOpens()
    {
        using var folder = new TempFolder();
        Session session;
        await using (var before = await AuthApp.StartAsync(setup => setup.UseFile(folder)))
        {
            session = (await before.BeginSessionAsync("ada", "s1", new JsonObject { ["name"] = "Ada" })).Session;
        }

        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.UseFile(folder);
            setup.Settings["AUTH_SECRET"] = "another-secret-of-the-tests-that-is-long-enough";
        });
        Assert.False(await IsCurrentAsync(app, session));
    }

    private static async Task<bool> IsCurrentAsync(AuthApp app, Session session) => (await app.Sessions.ListAsync(session, Token)).Any(mine => mine.IsCurrent);
}
