using System.Net;
using System.Text.Json.Nodes;
using BlazorAuth.Tests.Stores;
using Microsoft.AspNetCore.Builder;

namespace BlazorAuth.Tests.Sessions;

/// <summary>Sessions that a real Auth.js began: how long they live here, and what becomes of them when the store is down.</summary>
public sealed class AdoptionTests
{
    private const string Cookie = "authjs.session-token";

    private OwnStore _store = null!;

    [Fact]
    public async Task AnAdoptedSessionCanBeListedAndRevokedAsLongAsItsCookieLives()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        var now = app.Clock.GetUtcNow();
        browser.Cookies[Cookie] = Token(now, now.AddHours(1));
        Assert.Contains("Kim", await browser.SessionAsync(), StringComparison.Ordinal);

        app.Clock.Advance(TimeSpan.FromHours(23));

        Assert.Contains("Kim", await browser.SessionAsync(), StringComparison.Ordinal);
        var session = Assert.Single(await app.Sessions.ListAsync("u-kim", TestContext.Current.CancellationToken));
        Assert.True(session.ExpiresAt >= browser.Cookies.Find(Cookie)!.Expires!.Value.AddSeconds(-1));
        Assert.Equal(1, await app.Sessions.RevokeUserAsync("u-kim", TestContext.Current.CancellationToken));
        Assert.Equal("null", await browser.SessionAsync());
    }

    [Fact]
    public async Task NobodyKnowsWhenAuthJsAskedSoAnAdoptedSessionIsNotFresh()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        var now = app.Clock.GetUtcNow();
        browser.Cookies[Cookie] = Token(now, now.AddHours(1));

        Assert.Equal("Kim", (await browser.OpenAsync("/page")).Text);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.FetchAsync(HttpMethod.Get, "/danger")).Status);
        Assert.Equal("/api/auth/signin", (await browser.OpenAsync("/danger")).Address.AbsolutePath);
        Assert.Equal("done", (await browser.SignInAsync("google", callbackUrl: "/danger")).Text);
    }

    [Fact]
    public async Task WithTheStoreDownNobodyKnowsAndTheCookieIsKept()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        var now = app.Clock.GetUtcNow();
        var token = browser.Cookies[Cookie] = Token(now, now.AddHours(1));
        var isDown = true;
        _store.OnCall = _ =>
        {
            if (isDown)
            {
                throw new SessionStoreException("down");
            }
        };

        foreach (var address in (string[])["/page", "/api/auth/session"])
        {
            var refused = await browser.GetAsync(address);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
            Assert.Empty(refused.SetCookies);
        }

        Assert.Equal(token, browser.Cookies[Cookie]);
        isDown = false;
        Assert.Equal("Kim", (await browser.GetAsync("/page")).Text);
        Assert.Contains("Kim", await browser.SessionAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WithTheStoreDownItCanBeSignedOut()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        var now = app.Clock.GetUtcNow();
        var token = browser.Cookies[Cookie] = Token(now, now.AddHours(1));
        _store.OnCall = _ => throw new SessionStoreException("down");

        Assert.Equal(HttpStatusCode.Found, (await browser.PostAsync("/api/auth/signout")).Status);

        Assert.Null(browser.Cookies[Cookie]);
        _store.OnCall = _ => { };
        browser.Cookies[Cookie] = token;
        Assert.Equal("nobody", (await browser.GetAsync("/page")).Text);
    }

    [Fact]
    public async Task AClientThatKeepsItsTokenCostsOneRowAndNothingMore()
    {
        await using var app = await StartAsync();
        var now = app.Clock.GetUtcNow();
        var token = Token(now, now.AddDays(20));
        var before = await NumberAsync();
        for (var i = 0; i < 20; i++)
        {
            Assert.Contains("Kim", await AskAsync(app, token), StringComparison.Ordinal);
        }

        Assert.Equal(before + 1, await NumberAsync());
        Assert.Single(await app.Sessions.ListAsync("u-kim", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task AClientThatBringsAnotherTokenEachTimeGoesOnWithOneSession()
    {
        await using var app = await StartAsync();
        var before = await NumberAsync();
        for (var i = 0; i < 20; i++)
        {
            var now = app.Clock.GetUtcNow();
            Assert.Contains("Kim", await AskAsync(app, Token(now, now.AddDays(30))), StringComparison.Ordinal);
            app.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(before + 1, await NumberAsync());
        Assert.Single(await app.Sessions.ListAsync("u-kim", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task TwoBrowsersOfOneKindThatTakeTheirCookiesHaveTwoSessions()
    {
        await using var app = await StartAsync();
        using var desktop = app.CreateBrowser();
        using var laptop = app.CreateBrowser();
        foreach (var browser in (Browser[])[desktop, laptop])
        {
            var now = app.Clock.GetUtcNow();
            browser.Cookies[Cookie] = Token(now, now.AddDays(30));
            Assert.Equal("Kim", (await browser.OpenAsync("/page")).Text);
            Assert.Equal("Kim", (await browser.OpenAsync("/page")).Text);
            app.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal(2, (await app.Sessions.ListAsync("u-kim", TestContext.Current.CancellationToken)).Count);
        await desktop.PostAsync("/api/auth/signout");
        Assert.Equal("Kim", await laptop.NameAsync());
    }

    [Fact]
    public async Task ASessionWhoseBrowserTookItsCookieIsNotTheFirstToEnd()
    {
        await using var app = await StartAsync(options => options.Session.MostPerUser = 2);
        using var browser = app.CreateBrowser();
        await app.BeginSessionAsync("u-kim", "own");
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        browser.Cookies[Cookie] = Token(app.Clock.GetUtcNow(), app.Clock.GetUtcNow().AddDays(30));
        await browser.OpenAsync("/page");
        await browser.OpenAsync("/page");
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        await app.BeginSessionAsync("u-kim", "newest");

        Assert.Equal("Kim", await browser.NameAsync());
        Assert.DoesNotContain(await app.Sessions.ListAsync("u-kim", TestContext.Current.CancellationToken), session => session.Id == "own");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task ACopyOfATokenThatBelongedToASignedOutSessionIsDeadEverywhere(int copied)
    {
        await using var app = await StartAsync();
        var tokens = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var now = app.Clock.GetUtcNow();
            tokens.Add(Token(now, now.AddDays(30)));
            await AskAsync(app, tokens[i]);
            app.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.Equal(1, await app.Sessions.RevokeUserAsync("u-kim", TestContext.Current.CancellationToken));

        Assert.Equal("null", await AskAsync(app, tokens[copied]));
        Assert.Equal("null", await AskAsync(app, tokens[copied], "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/140.0"));
        app.Clock.Advance(TimeSpan.FromDays(20));
        await app.Store.RemoveExpiredAsync(app.Clock.GetUtcNow(), TestContext.Current.CancellationToken);
        Assert.Equal("null", await AskAsync(app, tokens[copied], "another client"));

        // What Auth.js mints from now on is news: only Auth.js itself can end that.
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual("null", await AskAsync(app, Token(app.Clock.GetUtcNow(), app.Clock.GetUtcNow().AddDays(30))));
    }

    [Fact]
    public async Task AForeignTokenIsNotBelievedBeyondItsOwnEnd()
    {
        await using var app = await StartAsync();
        var now = app.Clock.GetUtcNow();
        var token = Token(now, now.AddHours(1));
        Assert.NotEqual("null", await AskAsync(app, token));
        app.Clock.Advance(TimeSpan.FromMinutes(61));

        Assert.Equal("null", await AskAsync(app, token));
    }

    // Whoever mints chooses the token's id. It names a session of the one person only.
    [Fact]
    public async Task ATokenIdOfAnotherPersonNamesNoSession()
    {
        await using var app = await StartAsync();
        var now = app.Clock.GetUtcNow();
        string Minted(string user) => new Microsoft.IdentityModel.JsonWebTokens.JsonWebTokenHandler().EncryptToken(
            new JsonObject
            {
                ["name"] = user, ["sub"] = user, ["jti"] = "one-for-all", ["iat"] = now.ToUnixTimeSeconds(), ["exp"] = now.AddHours(1).ToUnixTimeSeconds(),
            }.ToJsonString(),
            new SessionKeyRing([AuthApp.Secret]).For(Cookie)[0].Encryption);
        Assert.Contains("u-kim", await AskAsync(app, Minted("u-kim")), StringComparison.Ordinal);

        Assert.Equal("null", await AskAsync(app, Minted("u-eve")));

        Assert.Single(await app.Sessions.ListAsync("u-kim", TestContext.Current.CancellationToken));
        Assert.Contains("u-kim", await AskAsync(app, Minted("u-kim")), StringComparison.Ordinal);
    }

    private async Task<long> NumberAsync() => (await _store.ReadChangesAsync(0, default, TestContext.Current.CancellationToken)).Number;

    /// <summary>Asks as a client does that keeps no cookie.</summary>
    private static async Task<string> AskAsync(AuthApp app, string token, string userAgent = Browser.Chrome)
    {
        using var client = app.CreateBrowser();
        client.Cookies[Cookie] = token;
        return (await client.FetchAsync(HttpMethod.Get, "/api/auth/session", null, ("User-Agent", userAgent))).Text;
    }

    private Task<AuthApp> StartAsync(Action<AuthOptions>? configure = null) => AuthApp.StartAsync(setup =>
    {
        _store = new OwnStore(setup.Clock);
        setup.Services = services => services.AddSingleton<ISessionStore>(_store);
        setup.Options = options =>
        {
            options.Session.AcceptAuthJsTokens = true;
            options.Session.ReconcileInterval = TimeSpan.FromDays(1);
            configure?.Invoke(options);
        };
        setup.Map = app => app.MapGet("/danger", () => "done").RequireFresh(TimeSpan.FromMinutes(5));
    });

    internal static string Token(DateTimeOffset issuedAt, DateTimeOffset expiresAt) => new SessionToken(new SessionKeyRing([AuthApp.Secret])).Write(
        new JsonObject { ["name"] = "Kim", ["sub"] = "u-kim" }, Cookie, issuedAt, expiresAt);
}
