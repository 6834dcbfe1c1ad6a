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

    // A client of Auth.js that keeps no cookie of BlazorAuth's would be refused until that session runs out.
    [Fact]
    public async Task NorDoesANewSignInAtAnAuthJsGoOnWithOne()
    {
        using var folder = new TempFolder();
        await using (var before = await StartForAuthJsAsync(folder, days: 30))
        {
            Assert.Contains("Kim", await AskAsAuthJsAsync(before), StringComparison.Ordinal);
        }

        await using var app = await StartForAuthJsAsync(folder, days: 2);
        app.Clock.Advance(TimeSpan.FromDays(3));

        Assert.Contains("Kim", await AskAsAuthJsAsync(app), StringComparison.Ordinal);
    }

    private static Task<AuthApp> StartForAuthJsAsync(TempFolder folder, int days) => AuthApp.StartAsync(setup =>
    {
        setup.UseFile(folder);
        setup.Options = options =>
        {
            options.Session.AcceptAuthJsTokens = true;
            (options.Session.IdleLifetime, options.Session.AbsoluteLifetime) = (TimeSpan.FromDays(days), TimeSpan.FromDays(days));
        };
    });

    private static async Task<string> AskAsAuthJsAsync(AuthApp app)
    {
        using var browser = app.CreateBrowser();
        var now = app.Clock.GetUtcNow();
        browser.Cookies[AuthApp.SessionCookie] = new SessionToken(new SessionKeyRing([AuthApp.Secret])).Write(
            new JsonObject { ["sub"] = "kim", ["name"] = "Kim" }, AuthApp.SessionCookie, now, now.AddDays(30));
        return await browser.SessionAsync();
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
