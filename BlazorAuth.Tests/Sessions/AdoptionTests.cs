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

    private Task<AuthApp> StartAsync() => AuthApp.StartAsync(setup =>
    {
        _store = new OwnStore(setup.Clock);
        setup.Services = services => services.AddSingleton<ISessionStore>(_store);
        setup.Options = options => options.Session.AcceptAuthJsTokens = true;
        setup.Map = app => app.MapGet("/danger", () => "done").RequireFresh(TimeSpan.FromMinutes(5));
    });

    private static string Token(DateTimeOffset issuedAt, DateTimeOffset expiresAt) => new SessionToken(new SessionKeyRing([AuthApp.Secret])).Write(
        new JsonObject { ["name"] = "Kim", ["sub"] = "u-kim" }, Cookie, issuedAt, expiresAt);
}
