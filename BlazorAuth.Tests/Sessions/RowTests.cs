using System.Net;
using System.Text.Json.Nodes;
using BlazorAuth.Tests.Stores;

namespace BlazorAuth.Tests.Sessions;

/// <summary>When the row is asked, and that nothing but the row counts then: tokens that others wrote, forged, or brought from elsewhere.</summary>
public sealed class RowTests
{
    private const string Cookie = AuthApp.SessionCookie;
    private const string OldSecret = "the-older-secret-of-the-tests-that-is-long-enough";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ASignedOutSessionNeverComesBackHoweverOftenAnAuthJsWritesItsTokenAgain()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var copy = browser.Cookies[Cookie]!;
        await browser.PostAsync("/api/auth/signout");

        for (var day = 0; day < 100; day++)
        {
            browser.Cookies[Cookie] = copy = TestTicket.Reminted(copy, app.Clock.GetUtcNow());
            Assert.Equal("null", await browser.SessionAsync());
            app.Clock.Advance(TimeSpan.FromDays(1));
            await app.Store.RemoveExpiredAsync(app.Clock.GetUtcNow(), Token);
            app.Services.GetRequiredService<KnownChanges>().Forget();
        }
    }

    [Fact]
    public async Task AYoungTokenOfAnAuthJsWithoutARowIsNoSession()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        var issuedAt = app.Clock.GetUtcNow().AddHours(-25);
        var lost = TestTicket.Of("ada", issuedAt).With(issuedAt, issuedAt.AddDays(30)).From(new StoreMark(await StoreIdAsync(app), 1));
        browser.Cookies[Cookie] = TestTicket.Reminted(TestTicket.Cookie(lost), app.Clock.GetUtcNow());

        Assert.Equal("null", await browser.SessionAsync());
        Assert.Null(browser.Cookies[Cookie]);
    }

    [Fact]
    public async Task ASessionThatIsUsedAtAnAuthJsOnlyAgesAsUnused()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var copy = browser.Cookies[Cookie]!;
        for (var day = 0; day < 29; day++)
        {
            app.Clock.Advance(TimeSpan.FromDays(1));
            copy = TestTicket.Reminted(copy, app.Clock.GetUtcNow());
        }

        using var intime = app.CreateBrowser();
        intime.Cookies[Cookie] = copy;
        Assert.Equal("Ada Lovelace", (await intime.OpenAsync("/page")).Text);

        await using var other = await StartAsync();
        using var late = other.CreateBrowser();
        await late.SignInAsync("google");
        copy = late.Cookies[Cookie]!;
        other.Clock.Advance(TimeSpan.FromDays(29));
        copy = TestTicket.Reminted(copy, other.Clock.GetUtcNow());
        other.Clock.Advance(TimeSpan.FromDays(2));
        late.Cookies[Cookie] = TestTicket.Reminted(copy, other.Clock.GetUtcNow());
        Assert.Equal("null", await late.SessionAsync());
    }

    [Theory]
    [InlineData("unknown", "ada")]
    [InlineData("s1", "mallory")]
    public async Task ATokenUnderAnOldSecretCountsForNothingWithoutItsRow(string id, string user)
    {
        await using var app = await StartAsync(setup => setup.Settings["AUTH_SECRET_1"] = OldSecret);
        // AUTH_SECRET_1 goes before AUTH_SECRET: the tests' secret is the old one, which leaked.
        await app.BeginSessionAsync("ada", "s1");
        var before = await app.Store.FindAsync("s1", Token);
        using var mallory = app.CreateBrowser();
        mallory.Cookies[Cookie] = await ForgeryAsync(app, id, user);

        Assert.Equal("nobody", (await mallory.OpenAsync("/page")).Text);
        Assert.Equal("null", await mallory.SessionAsync());
        Assert.Null(mallory.Cookies[Cookie]);
        Assert.Equal(before, await app.Store.FindAsync("s1", Token));
    }

    [Fact]
    public async Task AForgeryAboutALiveSessionGetsNothingButWhatItsRowSays()
    {
        await using var app = await StartAsync(setup => setup.Settings["AUTH_SECRET_1"] = OldSecret);
        var ticket = await app.BeginSessionAsync("ada", "s1", new JsonObject { ["name"] = "Ada" });
        app.Clock.Advance(TimeSpan.FromDays(3));
        using var mallory = app.CreateBrowser();
        mallory.Cookies[Cookie] = await ForgeryAsync(app, "s1", "ada", claims =>
        {
            claims[AuthClaims.Roles] = "admin";
            claims[AuthClaims.AuthenticatedAt] = app.Clock.GetUtcNow().ToUnixTimeSeconds();
            claims[AuthClaims.SignedInAt] = app.Clock.GetUtcNow().ToUnixTimeSeconds();
            claims[AuthClaims.Provider] = "work";
        });

        await mallory.SessionAsync();

        var written = TestTicket.Claims(mallory.Cookies[Cookie]!, app.Clock.GetUtcNow(), OldSecret);
        Assert.Null(written[AuthClaims.Roles]);
        Assert.Null(written[AuthClaims.AuthenticatedAt]);
        Assert.Equal(ticket.SignedInAt.ToUnixTimeSeconds(), (long)written[AuthClaims.SignedInAt]!);
        Assert.Equal("google", (string)written[AuthClaims.Provider]!);
    }

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
        Assert.Equal(minutes > 1 ? "null" : "believed", await browser.SessionAsync() is "null" ? "null" : "believed");
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
    public async Task AClientThatTakesNoCookieCostsOneLookAndOneWrite()
    {
        OwnStore store = null!;
        await using var app = await StartAsync(setup =>
        {
            setup.Settings["AUTH_SECRET_1"] = OldSecret;
            store = new OwnStore(setup.Clock);
            setup.Services = services => services.AddSingleton<ISessionStore>(store);
        });
        var token = await ForgeryAsync(app, (await app.BeginSessionAsync("ada", "s1")).Id, "ada");
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var calls = new List<string>();
        store.OnCall = calls.Add;
        for (var i = 0; i < 20; i++)
        {
            using var client = app.CreateBrowser();
            client.Cookies[Cookie] = token;
            Assert.NotEqual("null", await client.SessionAsync());
            Assert.NotEqual(token, client.Cookies[Cookie]);
        }

        Assert.Equal(1, calls.Count(call => call == "FindAsync"));
        Assert.InRange(calls.Count(call => call == "RenewAsync"), 0, 1);
    }

    [Fact]
    public async Task ATokenIsNotBelievedBeyondItsOwnEndThoughItsSessionWasRenewed()
    {
        await using var app = await StartAsync(setup => setup.Settings["AUTH_SECRET_1"] = OldSecret);
        var live = await app.BeginSessionAsync("ada", "s1");
        var token = TestTicket.Cookie(live.With(live.IssuedAt, live.IssuedAt.AddHours(1)));
        using var browser = app.CreateBrowser();
        browser.Cookies[Cookie] = token;
        Assert.NotEqual("null", await browser.SessionAsync());
        var renewed = browser.Cookies[Cookie];
        app.Clock.Advance(TimeSpan.FromMinutes(61));

        browser.Cookies[Cookie] = token;
        Assert.Equal("null", await browser.SessionAsync());
        browser.Cookies[Cookie] = renewed;
        Assert.NotEqual("null", await browser.SessionAsync());
    }

    [Fact]
    public async Task WhatWasFoundAliveIsOverWithTheNewsOfItsEnd()
    {
        await using var app = await StartAsync(setup => setup.Settings["AUTH_SECRET_1"] = OldSecret);
        await app.BeginSessionAsync("ada", "s1");
        using var browser = app.CreateBrowser();
        var token = browser.Cookies[Cookie] = await ForgeryAsync(app, "s1", "ada");
        Assert.NotEqual("null", await browser.SessionAsync());
        await app.Sessions.RevokeAsync("ada", "s1", Token);

        for (var hour = 0; hour < 60; hour++)
        {
            browser.Cookies[Cookie] = token;
            Assert.Equal("null", await browser.SessionAsync());
            app.Clock.Advance(TimeSpan.FromHours(1));
            app.Services.GetRequiredService<KnownChanges>().Forget();
        }
    }

    [Fact]
    public async Task ARevocationIsRememberedAsLongAsATokenIsBelievedWithoutItsRow()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var token = browser.Cookies[Cookie];
        await browser.PostAsync("/api/auth/signout");
        var changes = app.Services.GetRequiredService<KnownChanges>();
        app.Clock.Advance(TimeSpan.FromHours(24));
        changes.Forget();
        Assert.Equal(1, changes.Count);

        app.Clock.Advance(TimeSpan.FromHours(2));
        changes.Forget();

        Assert.Equal(0, changes.Count);
        browser.Cookies[Cookie] = token;
        Assert.Equal("null", await browser.SessionAsync());
    }

    [Fact]
    public async Task OldRevocationsAreNotLoaded()
    {
        using var folder = new TempFolder();
        await using (var app = await StartAsync(setup => setup.UseFile(folder)))
        {
            await app.BeginSessionAsync("ada", "old");
            await app.BeginSessionAsync("ada", "young");
            await app.Sessions.RevokeAsync("ada", "old", Token);
        }

        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(TimeProvider.System.GetUtcNow().AddHours(26));
        await using var later = await StartAsync(setup => setup.UseFile(folder), setup => setup.Clock = clock);
        await later.Sessions.RevokeAsync("ada", "young", Token);
        await using var latest = await StartAsync(setup => setup.UseFile(folder), setup => setup.Clock = clock);
        var changes = latest.Services.GetRequiredService<KnownChanges>();

        Assert.Equal((null, true), (changes.Find("old"), changes.Find("young")?.Revoked));
        Assert.NotNull((await latest.Store.FindAsync("old", Token))!.RevokedAt);
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

    /// <summary>A token under the tests' secret about a session of this store, written now.</summary>
    private static async Task<string> ForgeryAsync(AuthApp app, string id, string user, Action<JsonObject>? change = null)
    {
        var now = app.Clock.GetUtcNow();
        var ticket = TestTicket.Of(user, now, id).With(now, now.AddDays(30)).From(new StoreMark(await StoreIdAsync(app), 1000));
        return TestTicket.Reminted(TestTicket.Cookie(ticket), now, change);
    }

    private static async Task<(long Row, long Token)> NumbersAsync(AuthApp app, Browser browser)
    {
        var claims = TestTicket.Claims(browser.Cookies[Cookie]!, app.Clock.GetUtcNow());
        var row = await app.Store.FindAsync((string)claims[AuthClaims.SessionId]!, Token);
        return (row!.Number, StoreMark.Parse((string)claims[AuthClaims.Store]!)!.Number);
    }
}
