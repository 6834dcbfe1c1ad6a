using System.Net;
using BlazorAuth.Tests.Stores;

namespace BlazorAuth.Tests.Sessions;

/// <summary>When the row is asked, and that nothing but the row counts then: tokens that others wrote, forged, or brought from elsewhere.</summary>
public sealed partial class RowTests
{
    private const string Cookie = AuthApp.SessionCookie;
    private const string OldSecret = "the-older-secret-of-the-tests-that-is-long-enough";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ASessionOfAnotherAppWithTheSameSecretIsNone()
    {
        await using var staging = await StartAsync();
        await using var production = await StartAsync();
        using var tester = staging.CreateBrowser();
        await tester.SignInAsync("google");
        using var browser = production.CreateBrowser();
        browser.Cookies[Cookie] = tester.Cookies[Cookie];

        Assert.Equal("nobody", (await browser.OpenAsync("/page")).Text);
        Assert.Equal("null", await browser.SessionAsync());
    }

    [Theory]
    [InlineData(AuthClaims.Store)]
    [InlineData(AuthClaims.WrittenAt)]
    public async Task ATokenThatLostOurMarksIsAskedAboutAndGetsThemBack(string lost)
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        browser.Cookies[Cookie] = TestTicket.Reminted(browser.Cookies[Cookie]!, app.Clock.GetUtcNow(), claims => claims.Remove(lost));

        Assert.NotEqual("null", await browser.SessionAsync());

        Assert.NotNull(TestTicket.Claims(browser.Cookies[Cookie]!, app.Clock.GetUtcNow())[lost]);
        Assert.StartsWith(await StoreIdAsync(app), (string)TestTicket.Claims(browser.Cookies[Cookie]!, app.Clock.GetUtcNow())[AuthClaims.Store]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATokenTellsOfTheWriteThatItComesFrom()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var begun = await NumbersAsync(app, browser);
        app.Clock.Advance(TimeSpan.FromHours(25));
        await browser.SessionAsync();
        var renewed = await NumbersAsync(app, browser);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await browser.FetchAsync(HttpMethod.Post, "/api/auth/session", new StringContent("{}", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")));
        var updated = await NumbersAsync(app, browser);

        Assert.Equal(begun.Row, begun.Token);
        Assert.Equal(renewed.Row, renewed.Token);
        Assert.Equal(updated.Row, updated.Token);
        Assert.True(begun.Row < renewed.Row && renewed.Row < updated.Row);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(60)]
    [InlineData(60 * 24 * 400)]
    public async Task ATimeToComeIsAQuestionForTheRow(int minutes)
    {
        await using var app = await StartAsync();
        var now = app.Clock.GetUtcNow();
        var ahead = now.AddMinutes(minutes);
        var live = await app.BeginSessionAsync("ada", "s1");
        using var browser = app.CreateBrowser();
        browser.Cookies[Cookie] = TestTicket.Cookie(live.With(ahead, ahead.AddDays(30)));
        Assert.NotEqual("null", await browser.SessionAsync());

        browser.Cookies[Cookie] = TestTicket.Cookie(TestTicket.Of("ada", ahead, "unknown").From(new StoreMark(await StoreIdAsync(app), 1)));
        Assert.Equal(minutes > 1, await browser.SessionAsync() == "null");
    }

    [Fact]
    public async Task ACookieWhoseTimeIsStillToComeIsKept()
    {
        await using var app = await StartAsync();
        var now = app.Clock.GetUtcNow();
        using var browser = app.CreateBrowser();
        var early = browser.Cookies[Cookie] = TestTicket.Reminted(
            TestTicket.Cookie(await app.BeginSessionAsync()), now, claims => claims["nbf"] = now.AddHours(1).ToUnixTimeSeconds());

        Assert.Equal("null", await browser.SessionAsync());
        Assert.Equal("null", (await browser.FetchAsync(
            HttpMethod.Post, "/api/auth/session", new StringContent("{}", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")))).Text);
        Assert.Equal(early, browser.Cookies[Cookie]);
        app.Clock.Advance(TimeSpan.FromHours(2));
        Assert.NotEqual("null", await browser.SessionAsync());
    }

    [Fact]
    public async Task WithASilentStoreWhatWasFoundAliveGoesOnAndTheRestKeepsItsCookie()
    {
        OwnStore store = null!;
        await using var app = await StartAsync(setup =>
        {
            setup.Settings["AUTH_SECRET_1"] = OldSecret;
            store = new OwnStore(setup.Clock);
            setup.Services = services => services.AddSingleton<ISessionStore>(store);
        });
        using var found = app.CreateBrowser();
        using var other = app.CreateBrowser();
        var token = found.Cookies[Cookie] = await ForgeryAsync(app, (await app.BeginSessionAsync("ada", "s1")).Id, "ada");
        await found.OpenAsync("/page");
        found.Cookies[Cookie] = token;
        var kept = other.Cookies[Cookie] = await ForgeryAsync(app, (await app.BeginSessionAsync("ada", "s2")).Id, "ada");
        store.OnCall = _ => throw new SessionStoreException("down");
        app.Clock.Advance(TimeSpan.FromHours(25));

        Assert.Equal((HttpStatusCode.OK, "Ada"), ((await found.OpenAsync("/page")).Status, (await found.OpenAsync("/page")).Text));
        foreach (var address in (string[])["/page", "/api/auth/session"])
        {
            var refused = await other.GetAsync(address);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
            Assert.Empty(refused.SetCookies);
        }

        Assert.Equal(kept, other.Cookies[Cookie]);
        store.OnCall = _ => { };
        Assert.NotEqual("null", await other.SessionAsync());
    }

    private static Task<AuthApp> StartAsync(params Action<AuthAppSetup>[] configure) => AuthApp.StartAsync(setup =>
    {
        Array.ForEach(configure, change => change(setup));

        // The clock moves by months here: fewer ticks.
        setup.Options = options => options.Session.ReconcileInterval = TimeSpan.FromDays(1);
    });

    private static async Task<string> StoreIdAsync(AuthApp app) => (await app.Store.ReadChangesAsync(0, default, Token)).StoreId;

    private static async Task<(long Row, long Token)> NumbersAsync(AuthApp app, Browser browser)
    {
        var claims = TestTicket.Claims(browser.Cookies[Cookie]!, app.Clock.GetUtcNow());
        var row = await app.Store.FindAsync((string)claims[AuthClaims.SessionId]!, Token);
        return (row!.Number, StoreMark.Parse((string)claims[AuthClaims.Store]!)!.Number);
    }
}
