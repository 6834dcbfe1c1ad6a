using System.Text.Json.Nodes;
using BlazorAuth.Tests.Endpoints;
using BlazorAuth.Tests.Stores;

namespace BlazorAuth.Tests.Sessions;

/// <summary>Sign-outs with tokens that only their row can vouch for, while the store does not respond.</summary>
public sealed partial class UncheckedSignOutTests
{
    private const string Cookie = AuthApp.SessionCookie;
    private const string NewSecret = "the-first-secret-of-the-tests-that-is-long-enough";

    private OwnStore _store = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("eve", null)]
    [InlineData("ada", "s2")]
    public async Task AForgeryEndsNobodysSession(string user, string? id)
    {
        await using var app = await StartAsync();
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");

        await SignOutWhileDownAsync(app, id ?? await ada.DeviceAsync(), user);

        Assert.NotEqual("null", await ada.SessionAsync());
        await app.Services.GetRequiredService<StoreOutbox>().FlushAllAsync(Token);
        Assert.NotEqual("null", await ada.SessionAsync());
        Assert.Equal((0, 0), (app.Services.GetRequiredService<StoreOutbox>().PendingSignOuts, app.Services.GetRequiredService<KnownChanges>().Count));
    }

    [Fact]
    public async Task AMadeUpSessionLeavesNothingInTheStore()
    {
        await using var app = await StartAsync();

        await SignOutWhileDownAsync(app, "made-up", "ada");
        await app.Services.GetRequiredService<StoreOutbox>().FlushAllAsync(Token);

        Assert.Null(await app.Store.FindAsync("made-up", Token));
        Assert.Null(app.Services.GetRequiredService<KnownChanges>().Find("made-up"));
    }

    // Nor does a token of an Auth.js under the old secret, which becomes no session.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ATokenOfAnAuthJsLeavesSomethingOnlyIfItIsASessionOrMayBecomeOne(bool isOfFirstSecret)
    {
        await using var app = await StartAsync(acceptsAuthJs: true);
        var token = AuthJsToken(app, isOfFirstSecret ? NewSecret : AuthApp.Secret);

        await SignOutWhileDownAsync(app, token);
        await app.Services.GetRequiredService<StoreOutbox>().FlushAllAsync(Token);

        Assert.Equal(isOfFirstSecret ? 1 : 0, (await app.Store.ListHistoryAsync("kim", 10, null, Token)).Count);
    }

    [Fact]
    public async Task AnHonestSignOutOfASessionThatAuthJsBeganHoldsDuringARotationToo()
    {
        string token;
        await using (var before = await StartAsync(acceptsAuthJs: true, isRotating: false))
        {
            using var kim = before.CreateBrowser();
            token = kim.Cookies[Cookie] = AuthJsToken(before, AuthApp.Secret);
            Assert.Equal("Kim", await kim.NameAsync());
        }

        await using var app = await StartAsync(acceptsAuthJs: true);
        await SignOutWhileDownAsync(app, token);
        var session = Assert.Single(await app.Sessions.ListAsync("kim", Token));
        Assert.True(app.Services.GetRequiredService<KnownChanges>().Find(session.Id)?.Revoked);

        await app.Services.GetRequiredService<StoreOutbox>().FlushAllAsync(Token);
        Assert.NotNull(Assert.Single(await app.Store.ListHistoryAsync("kim", 10, null, Token)).RevokedAt);
    }

    [Fact]
    public async Task AnHonestSignOutDuringARotationHoldsWhenTheStoreRespondsAgain()
    {
        await using var app = await StartAsync();
        await app.BeginSessionAsync("ada", "s1");

        var copy = await SignOutWhileDownAsync(app, "s1", "ada");
        using var thief = app.CreateBrowser();
        thief.Cookies[Cookie] = copy;

        Assert.Equal("null", await thief.SessionAsync());
        await app.Services.GetRequiredService<StoreOutbox>().FlushAllAsync(Token);
        Assert.NotNull((await app.Store.FindAsync("s1", Token))!.RevokedAt);
        Assert.True(app.Services.GetRequiredService<KnownChanges>().Find("s1")?.Revoked);
        thief.Cookies[Cookie] = copy;
        Assert.Equal("null", await thief.SessionAsync());
    }

    [Fact]
    public async Task WhatWasFoundAliveEndsHereAtOnce()
    {
        await using var app = await StartAsync();
        await app.BeginSessionAsync("ada", "s1");
        using var browser = app.CreateBrowser();
        var token = browser.Cookies[Cookie] = Forgery(app, "s1", "ada");
        await browser.OpenAsync("/page");
        app.Clock.Advance(TimeSpan.FromHours(25));
        _store.OnCall = _ => throw new SessionStoreException("down");
        browser.Cookies[Cookie] = token;

        await browser.PostAsync("/api/auth/signout");

        Assert.True(app.Services.GetRequiredService<KnownChanges>().Find("s1")?.Revoked);
    }

    [Theory]
    [InlineData("x", "eve\0")]
    [InlineData("x\0", "eve")]
    [InlineData("x", "")]
    public async Task AnIdThatNoStoreKeepsIsKeptNowhereEither(string id, string user)
    {
        await using var app = await StartAsync();
        var tooLong = new string('x', SessionLimits.NameLength + 1);

        await SignOutWhileDownAsync(app, id, user.Length == 0 ? tooLong : user);

        Assert.Equal((0, 0), (app.Services.GetRequiredService<StoreOutbox>().PendingSignOuts, app.Services.GetRequiredService<KnownChanges>().Count));
        Assert.DoesNotContain(app.Logs.All, line => line.Text.Contains(tooLong, StringComparison.Ordinal) || line.Text.Contains('\0'));
    }

    private Task<AuthApp> StartAsync(bool acceptsAuthJs = false, bool isRotating = true) => AuthApp.StartAsync(setup =>
    {
        // AUTH_SECRET_1 goes before AUTH_SECRET: the tests' secret is the old one, which leaked.
        setup.Settings["AUTH_SECRET_1"] = isRotating ? NewSecret : null;
        _store ??= new OwnStore(setup.Clock);
        setup.Services = services => services.AddSingleton<ISessionStore>(_store);

        // No rounds but those of the test.
        setup.Options = options => (options.Session.ReconcileInterval, options.Session.AcceptAuthJsTokens) = (TimeSpan.FromDays(1), acceptsAuthJs);
    });

    /// <summary>Posts a sign-out with a token under the old secret while the store does not respond, and returns the token.</summary>
    private Task<string> SignOutWhileDownAsync(AuthApp app, string id, string user) => SignOutWhileDownAsync(app, Forgery(app, id, user));

    private async Task<string> SignOutWhileDownAsync(AuthApp app, string token)
    {
        using var browser = app.CreateBrowser();
        await browser.CsrfTokenAsync();
        browser.Cookies[Cookie] = token;
        _store.OnCall = _ => throw new SessionStoreException("down");

        var answer = await browser.PostAsync("/api/auth/signout");

        _store.OnCall = _ => { };
        Assert.Equal(System.Net.HttpStatusCode.Found, answer.Status);
        Assert.Null(browser.Cookies[Cookie]);
        return token;
    }

    private static string AuthJsToken(AuthApp app, string secret)
    {
        var now = app.Clock.GetUtcNow();
        return new SessionToken(new SessionKeyRing([secret])).Write(new JsonObject { ["sub"] = "kim", ["name"] = "Kim" }, Cookie, now, now.AddDays(30));
    }

    private static string Forgery(AuthApp app, string id, string user)
    {
        var now = app.Clock.GetUtcNow();
        return TestTicket.Cookie(TestTicket.Of(user, now, id).With(now, now.AddDays(30)).From(new StoreMark("ours", 1)));
    }
}
