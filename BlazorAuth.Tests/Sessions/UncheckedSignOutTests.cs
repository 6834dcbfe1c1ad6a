using System.Text.Json.Nodes;
using BlazorAuth.Tests.Endpoints;
using BlazorAuth.Tests.Stores;

namespace BlazorAuth.Tests.Sessions;

/// <summary>Sign-outs with tokens that only their row can vouch for, while the store does not respond.</summary>
public sealed class UncheckedSignOutTests
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
        await app.Services.GetRequiredService<StoreOutbox>().FlushRevocationsAsync(Token);
        Assert.NotEqual("null", await ada.SessionAsync());
        Assert.Equal((0, 0), (app.Services.GetRequiredService<StoreOutbox>().PendingSignOuts, app.Services.GetRequiredService<KnownChanges>().Count));
    }

    [Fact]
    public async Task AMadeUpSessionLeavesNothingInTheStore()
    {
        await using var app = await StartAsync();

        await SignOutWhileDownAsync(app, "made-up", "ada");
        await app.Services.GetRequiredService<StoreOutbox>().FlushRevocationsAsync(Token);

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
        await app.Services.GetRequiredService<StoreOutbox>().FlushRevocationsAsync(Token);

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

        await app.Services.GetRequiredService<StoreOutbox>().FlushRevocationsAsync(Token);
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
        await app.Services.GetRequiredService<StoreOutbox>().FlushRevocationsAsync(Token);
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

    [Fact]
    public async Task NoMoreThanAThousandAreKept()
    {
        await using var app = await StartAsync();
        var (outbox, now) = (app.Services.GetRequiredService<StoreOutbox>(), app.Clock.GetUtcNow());
        for (var i = 0; i < StoreOutbox.MostUnproven; i++)
        {
            app.Sessions.EndUnproven(TestTicket.Of("eve-" + (i / StoreOutbox.MostUnprovenOfUser), now, "made-up-" + i), MadeUp("eve"));
        }

        app.Sessions.EndUnproven(TestTicket.Of("eve", now, "one-more"), MadeUp("eve"));

        Assert.Equal((StoreOutbox.MostUnproven, null), (outbox.PendingSignOuts, app.Services.GetRequiredService<KnownChanges>().Find("one-more")));
        Assert.Single(app.Logs.Own, line => line.Event.Name == "UnprovenSignOutNotKept");
        await outbox.FlushRevocationsAsync(Token);
        app.Sessions.EndUnproven(TestTicket.Of("eve", now, "one-more"), MadeUp("eve"));
        Assert.Equal(1, outbox.PendingSignOuts);
    }

    private static AuthJsToken MadeUp(string user) => new(Device: null, MayBegin: true, _ => Task.FromResult<string?>(user));

    // Auth.js gives out another token with each look at the session, and each counts as a session here.
    [Fact]
    public async Task OnePersonTakesNoPlaceFromTheOthers()
    {
        await using var app = await StartAsync();
        var now = app.Clock.GetUtcNow();
        for (var i = 0; i < StoreOutbox.MostUnproven; i++)
        {
            app.Sessions.EndUnproven(TestTicket.Of("eve", now, "eve-" + i), MadeUp("eve"));
        }

        app.Sessions.EndUnproven(TestTicket.Of("ada", now, "ada-1"), MadeUp("ada"));

        Assert.True(app.Services.GetRequiredService<KnownChanges>().Find("ada-1")?.Revoked);
        Assert.Equal(StoreOutbox.MostUnprovenOfUser + 1, app.Services.GetRequiredService<StoreOutbox>().PendingSignOuts);
    }

    // Its user was banned or deleted while they signed in.
    [Theory]
    [InlineData(nameof(ISessionStore.RevokeAsync))]
    [InlineData(nameof(ISessionStore.EraseAsync))]
    public async Task ASessionWhoseCookieNobodyGotIsErasedThoughTheStoreIsDown(string call)
    {
        await using var app = await StartAsync();
        var ticket = await app.BeginSessionAsync("ada", "s1");
        _store.OnCall = name => _ = name == call ? throw new SessionStoreException("down") : 0;

        await app.Sessions.DiscardAsync(ticket);

        _store.OnCall = _ => { };
        await app.Services.GetRequiredService<StoreOutbox>().FlushRevocationsAsync(Token);
        var row = (await app.Store.FindAsync("s1", Token))!;
        Assert.Equal((true, ""), (row.RevokedAt is not null, row.Content));
        Assert.Equal(0, app.Services.GetRequiredService<StoreOutbox>().PendingSignOuts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnEntryThatTheStoreRefusesKeepsNoOtherSignOutFromBeingStored(bool isForever)
    {
        await using var app = await StartAsync();
        var outbox = app.Services.GetRequiredService<StoreOutbox>();
        var ids = Enumerable.Range(0, 20).Select(i => "s" + i).ToList();
        foreach (var id in ids)
        {
            await app.BeginSessionAsync("ada", id);
        }

        _store.OnCall = _ => throw new SessionStoreException("down");
        foreach (var id in ids)
        {
            await Assert.ThrowsAsync<SessionStoreException>(() => outbox.RevokeAsync("ada", id, new SessionRevocation(RevocationReason.SignedOut, app.Clock.GetUtcNow().AddDays(1))));
        }

        var calls = 0;
        _store.OnCall = name => _ = name == nameof(ISessionStore.RevokeAsync) && ++calls == 1
            ? throw (isForever ? new ArgumentException("refused") : new NotSupportedException("a defect of the store"))
            : 0;
        await outbox.FlushRevocationsAsync(Token);

        Assert.Equal(isForever ? 0 : 1, outbox.PendingSignOuts);
        Assert.Single(app.Logs.Own, line => line.Event.Name == (isForever ? "EntryRefused" : "UpkeepFailed"));
        await outbox.FlushRevocationsAsync(Token);
        var revoked = 0;
        foreach (var id in ids)
        {
            revoked += (await app.Store.FindAsync(id, Token))!.RevokedAt is null ? 0 : 1;
        }

        Assert.Equal(isForever ? 19 : 20, revoked);
    }

    [Fact]
    public async Task ATouchThatTheStoreRefusesKeepsNoOtherFromBeingWritten()
    {
        await using var app = await StartAsync();
        var (outbox, now) = (app.Services.GetRequiredService<StoreOutbox>(), app.Clock.GetUtcNow());
        var calls = 0;
        _store.OnCall = name => _ = name == nameof(ISessionStore.TouchAsync) && ++calls < 3 ? throw new ArgumentException("refused") : 0;
        outbox.Seen(await app.BeginSessionAsync("ada", "s1"), now.AddMinutes(5));
        outbox.Seen(await app.BeginSessionAsync("ada", "s2"), now.AddMinutes(5));

        await outbox.FlushSeenAsync(Token);
        await outbox.FlushSeenAsync(Token);

        Assert.Equal(3, calls);
        Assert.Single(
            new[] { await app.Store.FindAsync("s1", Token), await app.Store.FindAsync("s2", Token) }, row => row!.LastSeenAt == SessionLimits.ToMilliseconds(now.AddMinutes(5)));
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
