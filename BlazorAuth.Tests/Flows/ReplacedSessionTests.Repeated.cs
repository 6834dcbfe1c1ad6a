using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Flows;

/// <summary>An app that signs in again whoever a session names: the new session takes the place of that one, or there is none.</summary>
public sealed partial class ReplacedSessionTests
{
    /// <summary>Ways in which apps do it. The last is that of Identity's <c>RefreshSignInAsync</c>.</summary>
    public static TheoryData<string> WaysToRepeat => ["principal", "claims", "properties"];

    [Theory]
    [MemberData(nameof(WaysToRepeat))]
    public async Task ACopyThatTheAppSignsInAgainEndsAsSoonAsOneThatItDoesNot(string way)
    {
        await using var app = await StartAsync(setup => setup.Map = host => MapRepeat(host, _ => Task.CompletedTask));
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        using var thief = Copy(app, ada);
        await SignInAgainAsync(ada);
        var old = thief.Cookies[AuthApp.SessionCookie];

        await thief.PostAsync("/repeat?way=" + way);

        Assert.Equal(old, thief.Cookies[AuthApp.SessionCookie]);
        Assert.Single(await SessionsAsync(app, ada));
        Assert.Contains(app.Logs.Own, line => line.Event.Name == "SignInOfEndedSessionRefused" && line.Text.Contains("ended or replaced", StringComparison.Ordinal));
        app.Clock.Advance(Grace);
        Assert.Equal("null", await thief.SessionAsync());
        Assert.Equal("Ada Lovelace", await ada.NameAsync());
    }

    // The owner's own tab, in which the app does it just after they signed in again in another one.
    [Theory]
    [MemberData(nameof(WaysToRepeat))]
    public async Task TheOwnersOtherTabGetsTheNewSession(string way)
    {
        await using var app = await StartAsync(setup => setup.Map = host => MapRepeat(host, _ => Task.CompletedTask));
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        using var tab = app.CreateBrowser();
        ada.Cookies.CopyTo(tab.Cookies);
        await SignInAgainAsync(ada);

        await tab.PostAsync("/repeat?way=" + way);

        Assert.Equal((await RowAsync(app, ada)).Id, (await RowAsync(app, tab)).Id);
        app.Clock.Advance(Grace);
        Assert.Equal("Ada Lovelace", await tab.NameAsync());
    }

    // The administrator is just a little later than the look-up, and just a little earlier than the row.
    [Theory]
    [InlineData("principal", true)]
    [InlineData("claims", true)]
    [InlineData("properties", true)]
    [InlineData("properties", false)]
    public async Task WhoIsBannedBetweenTheLookUpAndTheNewSessionGetsNone(string way, bool isSamePerson)
    {
        var (app, store) = await StartMeddlingAsync(host => MapRepeat(host, _ => Task.CompletedTask));
        await using var _ = app;
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        var user = (await RowAsync(app, ada)).UserId;
        store.Meddle = () => store.RevokeAllAsync(user, null, 100, app.Sessions.Lifetimes.Revocation(RevocationReason.Banned), Token);

        await ada.PostAsync($"/repeat?way={way}&person={(isSamePerson ? "" : "somebody-else")}");

        Assert.Null(store.Meddle);
        Assert.Equal("null", await ada.SessionAsync());
        Assert.Empty(await app.Sessions.ListAsync(user, Token));
        Assert.Empty(await app.Sessions.ListAsync("somebody-else", Token));
    }

    [Fact]
    public async Task WhoGoesOnAsSomebodyElseLeavesNoSessionBehind()
    {
        await using var app = await StartAsync(setup => setup.Map = host => MapRepeat(host, _ => Task.CompletedTask));
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        var user = (await RowAsync(app, ada)).UserId;

        await ada.PostAsync("/repeat?way=properties&person=somebody-else");

        Assert.Equal("somebody-else", (await RowAsync(app, ada)).UserId);
        Assert.Empty(await app.Sessions.ListAsync(user, Token));
        Assert.Single(await app.Sessions.ListAsync("somebody-else", Token));
    }

    // And back: an app that lets people act as others asks neither who they are.
    [Fact]
    public async Task WhoGoesOnAsSomebodyElseIsNoFresherAndHasNoMoreTime()
    {
        await using var app = await StartAsync(setup => setup.Map = host => MapRepeat(host, _ => Task.CompletedTask));
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        var before = Assert.Single(await SessionsAsync(app, ada));
        app.Clock.Advance(TimeSpan.FromHours(1));

        await ada.PostAsync("/repeat?way=properties&person=somebody-else");
        await ada.PostAsync("/repeat?way=properties&person=" + before.User.Id);

        var after = Assert.Single(await SessionsAsync(app, ada));
        Assert.Equal((before.User.Id, before.AuthenticatedAt, before.CreatedAt), (after.User.Id, after.AuthenticatedAt, after.CreatedAt));
    }

    // An app that asks for a password by itself says when.
    [Fact]
    public async Task WhomTheAppHasAskedBeginsAnotherSession()
    {
        await using var app = await StartAsync(setup => setup.Map = host => host.MapPost("/asked", (HttpContext http, TimeProvider clock) => http.SignInAsync(
            new ClaimsPrincipal(new ClaimsIdentity([.. http.User.Claims, new("auth_time", $"{clock.GetUtcNow().ToUnixTimeSeconds()}")], "own")))).RequireAuthorization());
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        app.Clock.Advance(TimeSpan.FromHours(1));

        await ada.PostAsync("/asked");

        var session = Assert.Single(await SessionsAsync(app, ada));
        Assert.Equal(("own", session.CreatedAt), (session.Provider, session.AuthenticatedAt));
        Assert.Equal(app.Clock.GetUtcNow().ToUnixTimeSeconds(), session.CreatedAt.ToUnixTimeSeconds());
    }

    // To sign out first does not help: nothing ended by it.
    [Theory]
    [InlineData("banned")]
    [InlineData("banned elsewhere, while the store could not be told of the sign-out")]
    [InlineData("signed out in another tab")]
    public async Task WhatEndedDuringTheRequestIsNotSignedInAgainAfterASignOut(string how)
    {
        MeddlingStore store = null!;
        await using var app = await StartAsync(setup =>
        {
            setup.Services = services => services.AddSingleton<ISessionStore>(store = new MeddlingStore(new MemorySessionStore(setup.Clock)));
            setup.Map = host => MapRepeat(host, async http =>
            {
                var sessions = http.RequestServices.GetRequiredService<SessionManager>();
                var user = (await http.GetSessionAsync())!.User.Id;
                var reason = how == "signed out in another tab" ? RevocationReason.SignedOut : RevocationReason.Banned;
                await store.RevokeAllAsync(user, null, 100, sessions.Lifetimes.Revocation(reason), Token);
                store.Meddle = how.StartsWith("banned elsewhere", StringComparison.Ordinal) ? () => throw new SessionStoreException("No answer.") : null;
                await http.SignOutAsync();
            });
        });
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        var user = (await RowAsync(app, ada)).UserId;

        await ada.PostAsync("/repeat?way=principal");

        Assert.Equal("null", await ada.SessionAsync());
        Assert.Empty(await app.Sessions.ListAsync(user, Token));
    }

    [Fact]
    public async Task ACopyThatTheAppSignsOutAndInAgainGetsNothing()
    {
        await using var app = await StartAsync(setup => setup.Map = host => MapRepeat(host, http => http.SignOutAsync()));
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        using var thief = Copy(app, ada);
        await SignInAgainAsync(ada);

        await thief.PostAsync("/repeat?way=principal");

        Assert.Equal("null", await thief.SessionAsync());
        Assert.Equal("Ada Lovelace", await ada.NameAsync());
        Assert.Single(await SessionsAsync(app, ada));
    }

    public static TheoryData<string, bool> WaysToRepeatWithAndWithoutASignOut
    {
        get
        {
            var data = new TheoryData<string, bool>();
            foreach (var way in WaysToRepeat)
            {
                data.Add(way, false);
                data.Add(way, true);
            }

            return data;
        }
    }

    // What began it counts: when, with which provider, and with which account there.
    [Theory]
    [MemberData(nameof(WaysToRepeatWithAndWithoutASignOut))]
    public async Task WhomTheAppSignsInAgainGoesOnWithTheSessionTheyHad(string way, bool signsOut)
    {
        await using var app = await StartAsync(setup => setup.Map = host => MapRepeat(host, http => signsOut ? http.SignOutAsync() : Task.CompletedTask));
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        var before = await RowAsync(app, ada);
        var accounts = app.Services.GetRequiredService<AccountManager>();
        var account = Assert.Single(await accounts.ListAccountsAsync(before.UserId, Token));
        app.Clock.Advance(TimeSpan.FromDays(1));

        await ada.PostAsync("/repeat?way=" + way);

        var after = await RowAsync(app, ada);
        Assert.NotEqual(before.Id, after.Id);
        Assert.Equal((before.Provider, before.CreatedAt), (after.Provider, after.CreatedAt));
        Assert.Equal(account, Assert.Single(await accounts.ListAccountsAsync(before.UserId, Token)));
        Assert.Equal(account.Subject, (await app.Sessions.FindAsync(after.Id, Token))!.Content!.ProviderAccountId);
    }

    // However often: a stolen cookie on such a page would have no end.
    [Theory]
    [MemberData(nameof(WaysToRepeatWithAndWithoutASignOut))]
    public async Task WhomTheAppSignsInAgainAllTheTimeSignsInWhenTheirTimeIsUp(string way, bool signsOut)
    {
        await using var app = await StartAsync(setup => setup.Map = host => MapRepeat(host, http => signsOut ? http.SignOutAsync() : Task.CompletedTask));
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        for (var days = 0; days < 90; days += 15)
        {
            Assert.Equal("Ada Lovelace", await ada.NameAsync());
            app.Clock.Advance(TimeSpan.FromDays(15));
            await ada.PostAsync("/repeat?way=" + way);
        }

        Assert.Equal("null", await ada.SessionAsync());
    }

    private static void MapRepeat(WebApplication host, Func<HttpContext, Task> before) =>
        host.MapPost("/repeat", async (HttpContext http, string way, string? person) =>
        {
            var read = (await http.AuthenticateAsync()).Properties;
            var (user, id) = (http.User, person is { Length: > 0 } ? person : http.User.FindFirstValue(AuthClaims.Subject)!);
            await before(http);
            await (way switch
            {
                "principal" => http.SignInAsync(user),
                "claims" => http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity(user.Claims, "again"))),
                _ => http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([new("sub", id), new("name", "Ada Lovelace")], "again")), read),
            });
        }).RequireAuthorization();
}
