using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace BlazorAuth.Tests.Flows;

/// <summary>
/// Whoever is signed in and signs in once more, or confirms that it is them, gets a session of its own: a copy of the cookie from before gains nothing by it.
/// </summary>
public sealed class ReplacedSessionTests
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ACopyOfTheOldCookieIsNoFresherAndEndsAMomentLater(bool isConfirmation)
    {
        await using var app = await StartAsync();
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        app.Clock.Advance(Within);
        using var thief = Copy(app, ada);
        var old = ada.Cookies[AuthApp.SessionCookie];

        await SignInAgainAsync(ada, isConfirmation);

        Assert.NotEqual(old, ada.Cookies[AuthApp.SessionCookie]);
        Assert.Equal(isConfirmation ? "/danger" : "/api/auth/signin/google", (await ada.OpenAsync("/danger")).Address.AbsolutePath);
        Assert.Equal("/api/auth/signin/google", (await thief.OpenAsync("/danger")).Address.AbsolutePath);
        Assert.Equal("Ada Lovelace", await thief.NameAsync());
        app.Clock.Advance(Grace);
        Assert.Equal("null", await thief.SessionAsync());
        Assert.Equal("Ada Lovelace", await ada.NameAsync());
        Assert.Single(await SessionsAsync(app, ada));
    }

    [Fact]
    public async Task ACopyOfTheOldCookieGetsNothingNew()
    {
        await using var app = await StartAsync();
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        using var thief = Copy(app, ada);
        // Due for another cookie.
        app.Clock.Advance(TimeSpan.FromDays(1));
        await SignInAgainAsync(ada);
        using var thiefsPage = app.CreateBrowser();
        await thiefsPage.StartSignInAsync("google");
        thiefsPage.Cookies[AuthApp.SessionCookie] = thief.Cookies[AuthApp.SessionCookie];
        var before = await RowAsync(app, thief);

        foreach (var answer in (Page[])
        [
            await thief.FetchAsync(HttpMethod.Get, "/api/auth/session"), await thief.OpenAsync("/page"),
            await thief.FetchFormAsync("/api/auth/session", []),
        ])
        {
            Assert.Contains("Ada Lovelace", answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(answer.SetCookies, cookie => cookie.StartsWith(AuthApp.SessionCookie, StringComparison.Ordinal));
        }

        Assert.Equal("null", (await thiefsPage.FetchAsync(HttpMethod.Post, "/api/auth/session/handover", JsonContent.Create(new { circuit = "circuit" }))).Text);
        Assert.Null(await app.Sessions.UpdateClaimsAsync(before.UserId, before.Id, claims => claims[AuthClaims.Roles] = "admin", Token));
        await app.Services.GetRequiredService<StoreOutbox>().FlushSeenAsync(Token);
        Assert.Equal(before, await RowAsync(app, thief));
        app.Clock.Advance(Grace);
        Assert.Equal("null", await thief.SessionAsync());
    }

    // A node that has not heard of it yet finds the row replaced when it is about to renew it.
    [Fact]
    public async Task ANodeThatHasNotHeardOfItTakesNobodysCookie()
    {
        await using var app = await StartAsync();
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        app.Clock.Advance(TimeSpan.FromDays(1));
        var row = await RowAsync(app, ada);
        await app.Store.ReplaceAsync(row with { Id = "of-another-node" }, row.Id, Grace, app.Clock.GetUtcNow().AddDays(1), Token);

        for (var i = 0; i < 2; i++)
        {
            var read = await ada.FetchAsync(HttpMethod.Get, "/api/auth/session");
            Assert.Contains("Ada Lovelace", read.Text, StringComparison.Ordinal);
            var update = await ada.FetchFormAsync("/api/auth/session", []);
            Assert.Contains("Ada Lovelace", update.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(read.SetCookies.Concat(update.SetCookies), cookie => cookie.StartsWith(AuthApp.SessionCookie, StringComparison.Ordinal));
        }

        app.Clock.Advance(Grace);
        Assert.Equal("null", await ada.SessionAsync());
    }

    [Fact]
    public async Task TwoTabsThatSignInAtOnceGetOneSession()
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync();
        using var ada = app.CreateBrowser();
        await ada.ArriveAsync(fake.Answer((await ada.StartSignInAsync("acme")).Location!));
        var first = fake.Answer((await ada.StartSignInAsync("acme")).Location!);
        var second = fake.Answer((await ada.StartSignInAsync("acme")).Location!);
        // What the browser sends with the second answer before it has the first one's cookie.
        using var tab = app.CreateBrowser();
        ada.Cookies.CopyTo(tab.Cookies);

        Assert.Equal("Ada Lovelace", (await ada.ArriveAsync(first)).Text);
        app.Clock.Advance(Grace - TimeSpan.FromSeconds(1));
        Assert.Equal("Ada Lovelace", (await tab.ArriveAsync(second)).Text);

        Assert.Equal((await RowAsync(app, ada)).Id, (await RowAsync(app, tab)).Id);
        Assert.Single(await SessionsAsync(app, ada));
        app.Clock.Advance(Grace);
        Assert.Equal("Ada Lovelace", await ada.NameAsync());
        Assert.Equal("Ada Lovelace", await tab.NameAsync());
    }

    [Fact]
    public async Task WhoConfirmsInOneTabAndSignsInAnotherIsFreshInTheOneThatWasAskedLast()
    {
        await using var app = await StartAsync();
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        app.Clock.Advance(Within);
        using var tab = app.CreateBrowser();
        var confirming = await ada.PressAsync(await ada.OpenAsync("/danger"));
        ada.Cookies.CopyTo(tab.Cookies);
        await tab.SignInAsync("google");
        Assert.Equal("/api/auth/signin/google", (await tab.OpenAsync("/danger")).Address.AbsolutePath);

        Assert.Equal("done", (await ada.ChooseAsync(confirming)).Text);

        Assert.NotEqual((await RowAsync(app, tab)).Id, (await RowAsync(app, ada)).Id);
        Assert.Equal("/api/auth/signin/google", (await tab.OpenAsync("/danger")).Address.AbsolutePath);
        Assert.Single(await SessionsAsync(app, ada));
        app.Clock.Advance(Grace);
        Assert.Equal("null", await tab.SessionAsync());
    }

    // A copy in another browser whose owner signs in there as the same person: a session of its own, and not the owner's.
    [Fact]
    public async Task WithoutTheBrowsersCookieItIsASessionOfItsOwn()
    {
        await using var app = await StartAsync();
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        using var copy = Copy(app, ada);
        await SignInAgainAsync(ada);

        await copy.SignInAsync("google");

        Assert.NotEqual((await RowAsync(app, ada)).Id, (await RowAsync(app, copy)).Id);
        Assert.Equal(2, (await SessionsAsync(app, ada)).Count);
    }

    [Theory]
    [InlineData("sign out")]
    [InlineData("everywhere")]
    [InlineData("others")]
    [InlineData("ban")]
    [InlineData("revoke")]
    public async Task WhateverEndsTheNewSessionEndsTheOldOneAtOnce(string how)
    {
        var told = new List<string>();
        await using var app = await StartAsync(setup => setup.Options = options => options.Events.OnSessionRevoked = context =>
        {
            told.Add(context.SessionId);
            return ValueTask.CompletedTask;
        });
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        using var thief = Copy(app, ada);
        var old = await RowAsync(app, ada);
        await SignInAgainAsync(ada);
        var session = await RowAsync(app, ada);
        Assert.Equal("Ada Lovelace", await thief.NameAsync());

        _ = how switch
        {
            "sign out" => (object)await ada.PostAsync("/api/auth/signout"),
            "everywhere" => await ada.PostAsync("/api/auth/signout", [new("where", "everywhere")]),
            "others" => await ada.PostAsync("/api/auth/sessions/revoke-others"),
            "ban" => await app.Sessions.RevokeUserAsync(session.UserId, Token),
            _ => await app.Sessions.RevokeAsync(session.UserId, session.Id, Token),
        };

        Assert.Equal("null", await thief.SessionAsync());
        Assert.Equal(app.Clock.GetUtcNow(), (await app.Store.FindAsync(old.Id, Token))!.RevokedAt!.Value, TimeSpan.FromMilliseconds(1));
        Assert.Equal(how == "others" ? "Ada Lovelace" : null, await ada.NameAsync());
        Assert.DoesNotContain(old.Id, told);
    }

    [Fact]
    public async Task TheAppIsToldOfBothSessionsAndOfNoRevocation()
    {
        var told = new List<string>();
        await using var app = await StartAsync(setup => setup.Options = options =>
        {
            options.Events.OnSessionReplaced = context => Tell($"{context.OldSessionId} {context.Session.Id} {context.UserId}");
            options.Events.OnSessionRevoked = context => Tell("revoked");
            options.Events.OnSignedIn = context => Tell("in " + context.Session.Id);
        });
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        var old = await RowAsync(app, ada);
        await SignInAgainAsync(ada);
        var session = await RowAsync(app, ada);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await ada.SessionAsync();

        Assert.Equal(["in " + old.Id, $"{old.Id} {session.Id} {old.UserId}", "in " + session.Id], told);
        Assert.Contains(app.Logs.Own, line => line.Event.Name == "SessionReplaced" && line.Text.Contains(session.Id, StringComparison.Ordinal));
        Assert.DoesNotContain("Signed out", (await ada.OpenAsync("/api/auth/account")).Document.QuerySelector("main")!.TextContent, StringComparison.Ordinal);

        ValueTask Tell(string what)
        {
            told.Add(what);
            return ValueTask.CompletedTask;
        }
    }

    // Another site's POST brings no cookie of the session: the protected state says which one it was.
    [Theory]
    [InlineData("42", RevocationReason.Replaced, true)]
    [InlineData("43", RevocationReason.Replaced, false)]
    public async Task AnAnswerByFormPostReplacesTheSessionInWhichItBegan(string person, RevocationReason reason, bool isSame)
    {
        var fake = new FakeProvider();
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.StandIns = false;
            setup.Address = new Uri("https://app.example");
            setup.Providers = builder => builder.AddOpenIdConnect("work", "Work", options =>
            {
                fake.UseFor(options);
                options.ResponseMode = OpenIdConnectResponseMode.FormPost;
            });
        });
        using var browser = app.CreateBrowser();
        await PostAnswerAsync(fake, browser);
        var old = await IdAsync(app, browser);
        fake.User["sub"] = person;

        await PostAnswerAsync(fake, browser);

        var row = (await app.Store.FindAsync(old, Token))!;
        Assert.Equal((isSame ? await IdAsync(app, browser) : null, reason), (row.ReplacedBy, row.RevokedFor!.Value));
        Assert.DoesNotContain(await app.Sessions.ListAsync(row.UserId, Token), session => session.Id == old);
        Assert.Equal(isSame, row.RevokedAt > app.Clock.GetUtcNow());
    }

    [Fact]
    public async Task AnAppThatSignsAPersonInByItselfReplacesTheirSessionToo()
    {
        await using var app = await StartAsync(setup =>
        {
            var map = setup.Map!;
            setup.Map = host =>
            {
                map(host);
                host.MapGet("/enter", (HttpContext http) => http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([new("sub", "7"), new("name", "Seven")], "own"))));
            };
        });
        using var browser = app.CreateBrowser();
        await browser.OpenAsync("/enter");
        using var copy = Copy(app, browser);
        await browser.OpenAsync("/enter");

        Assert.Single(await app.Sessions.ListAsync("7", Token));
        app.Clock.Advance(Grace);
        Assert.Equal("null", await copy.SessionAsync());
        Assert.Equal("Seven", await browser.NameAsync());
    }

    private static async Task PostAnswerAsync(FakeProvider fake, Browser browser)
    {
        var answer = fake.Answer((await browser.StartSignInAsync("work")).Location!);
        var posted = await browser.PostAsync(
            "/api/auth/callback/work", QueryHelpers.ParseQuery(answer.Query).Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString())), site: "cross-site");
        Assert.Equal((HttpStatusCode.Found, "/page"), (posted.Status, posted.Location!.AbsolutePath));
    }

    private static async Task SignInAgainAsync(Browser browser, bool isConfirmation = false)
    {
        var done = isConfirmation
            ? await browser.ChooseAsync(await browser.PressAsync(await browser.OpenAsync("/danger")))
            : await browser.SignInAsync("google");
        Assert.Equal(isConfirmation ? "done" : "Ada Lovelace", done.Text);
    }

    /// <summary>Somebody who has copied the session's cookie, and no other.</summary>
    private static Browser Copy(AuthApp app, Browser from)
    {
        var copy = app.CreateBrowser();
        copy.Cookies[AuthApp.SessionCookie] = from.Cookies[AuthApp.SessionCookie];
        return copy;
    }

    private static async Task<string> IdAsync(AuthApp app, Browser browser, string cookie = "__Host-authjs.session-token") =>
        await Task.FromResult((string)JsonClaims(browser.Cookies[cookie]!, cookie, app)[AuthClaims.SessionId]!);

    private static async Task<SessionRecord> RowAsync(AuthApp app, Browser browser) =>
        (await app.Store.FindAsync(await IdAsync(app, browser, AuthApp.SessionCookie), Token))!;

    private static System.Text.Json.Nodes.JsonObject JsonClaims(string token, string cookie, AuthApp app) =>
        System.Text.Json.Nodes.JsonObject.Create(new SessionToken(new SessionKeyRing([AuthApp.Secret])).Read(token, cookie, app.Clock.GetUtcNow()).Claims)!;

    private static async Task<IReadOnlyList<Session>> SessionsAsync(AuthApp app, Browser browser) =>
        await app.Sessions.ListAsync((await RowAsync(app, browser)).UserId, Token);

    private static Task<AuthApp> StartAsync(Action<AuthAppSetup>? configure = null) => AuthApp.StartAsync(setup =>
    {
        setup.Map = app => app.MapGet("/danger", () => "done").RequireFresh(Within);
        configure?.Invoke(setup);
    });
}
