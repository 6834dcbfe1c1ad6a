using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Flows;

/// <summary>What an app does by itself, and what it is told.</summary>
public sealed partial class ReplacedSessionTests
{
    // Apps sign people in again by themselves to put changed claims into the cookie.
    [Theory]
    [InlineData("twice")]
    [InlineData("after the owner")]
    [InlineData("out and in")]
    public async Task WhomTheAppSignsInAgainIsNoFresher(string how)
    {
        await using var app = await StartAsync(setup => setup.Map = host =>
        {
            host.MapGet("/danger", () => "done").RequireFresh(Within);
            host.MapPost("/refresh", async (HttpContext http, bool? signOut) =>
            {
                var person = http.User;
                if (signOut == true)
                {
                    await http.SignOutAsync();
                }

                await http.SignInAsync(person);
            }).RequireAuthorization();
        });
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        app.Clock.Advance(TimeSpan.FromHours(2));
        using var first = Copy(app, ada);
        using var second = Copy(app, ada);
        if (how == "after the owner")
        {
            await SignInAgainAsync(ada);
        }
        else if (how == "twice")
        {
            await first.PostAsync("/refresh");
        }

        await second.PostAsync(how == "out and in" ? "/refresh?signOut=true" : "/refresh");

        Assert.StartsWith("/api/auth/signin", (await second.OpenAsync("/danger")).Address.AbsolutePath, StringComparison.Ordinal);
        Assert.Equal("Ada Lovelace", await second.NameAsync());
    }

    // A request takes as long as whoever sends its body wants it to, and an administrator does not wait for it.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhoWasBannedWhileARequestWasUnderWayIsNotSignedInAgain(bool asACopy)
    {
        await using var app = await StartAsync(setup => setup.Map = host => host.MapPost("/refresh", async (HttpContext http, SessionManager sessions) =>
        {
            var person = http.User;
            await sessions.RevokeUserAsync((await http.GetSessionAsync())!.User.Id);
            await http.SignInAsync(asACopy ? new ClaimsPrincipal(new ClaimsIdentity(person.Claims, "again")) : person);
        }).RequireAuthorization());
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        Assert.NotEqual("null", await ada.SessionAsync());

        await ada.PostAsync("/refresh");

        Assert.Equal("null", await ada.SessionAsync());
    }

    [Theory]
    [MemberData(nameof(WaysToRepeat))]
    public async Task WhoLostARoleWhileARequestWasUnderWayDoesNotGetItBack(string way)
    {
        await using var app = await StartAsync(setup => setup.Map = host => MapRepeat(host, http =>
            http.RequestServices.GetRequiredService<SessionManager>().UpdateUserClaimsAsync(http.User.FindFirstValue(AuthClaims.Subject)!, claims => claims.Remove(AuthClaims.Roles))));
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        var user = await ada.UserIdAsync();
        await app.Sessions.UpdateUserClaimsAsync(user, claims => claims[AuthClaims.Roles] = "admin", Token);

        await ada.PostAsync("/repeat?way=" + way);

        Assert.False(Assert.Single(await app.Sessions.ListAsync(user, Token)).Claims.ContainsKey(AuthClaims.Roles));
        Assert.Equal("Ada Lovelace", await ada.NameAsync());
        Assert.Single(app.Logs.Own, line => line.Event.Name == "SignInOfChangedSessionRefused");
    }

    // The administrator is just a little later than the look-up, and just a little earlier than the row.
    [Theory]
    [MemberData(nameof(WaysToRepeat))]
    public async Task NorDoesWhoLosesItBetweenTheLookUpAndTheNewSession(string way)
    {
        MeddlingStore store = null!;
        await using var app = await StartAsync(setup =>
        {
            setup.Services = services => services.AddSingleton<ISessionStore>(store = new MeddlingStore(new MemorySessionStore(setup.Clock)));
            setup.Map = host => MapRepeat(host, _ => Task.CompletedTask);
        });
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        var user = await ada.UserIdAsync();
        await app.Sessions.UpdateUserClaimsAsync(user, claims => claims[AuthClaims.Roles] = "admin", Token);
        store.Meddle = () => app.Sessions.UpdateUserClaimsAsync(user, claims => claims.Remove(AuthClaims.Roles), Token);

        await ada.PostAsync("/repeat?way=" + way);

        Assert.Null(store.Meddle);
        Assert.False(Assert.Single(await app.Sessions.ListAsync(user, Token)).Claims.ContainsKey(AuthClaims.Roles));
        Assert.Equal("Ada Lovelace", await ada.NameAsync());
        app.Clock.Advance(Grace);
        Assert.Equal("Ada Lovelace", await ada.NameAsync());
    }

    // Whoever changes both of them: the new session can't be told what the old one granted last, and nobody has it.
    [Fact]
    public async Task ANewSessionThatIsChangedBeforeAnybodyHasItEnds()
    {
        MeddlingStore store = null!;
        await using var app = await StartAsync(setup =>
        {
            setup.Services = services => services.AddSingleton<ISessionStore>(store = new MeddlingStore(new MemorySessionStore(setup.Clock)));
            setup.Map = host => MapRepeat(host, _ => Task.CompletedTask);
        });
        using var ada = app.CreateBrowser();
        var user = await SignInAsAdminAsync(app, ada);
        store.Meddle = () => app.Sessions.UpdateUserClaimsAsync(user, claims => claims.Remove(AuthClaims.Roles), Token);
        store.AfterReplacing = () => app.Sessions.UpdateUserClaimsAsync(user, claims => claims["team"] = "red", Token);

        await ada.PostAsync("/repeat?way=principal");

        Assert.Empty(await app.Sessions.ListAsync(user, Token));
        app.Clock.Advance(Grace);
        Assert.Equal("null", await ada.SessionAsync());
    }

    [Fact]
    public async Task NorDoesOneLiveOnOfWhichTheStoreCannotTell()
    {
        MeddlingStore store = null!;
        await using var app = await StartAsync(setup =>
        {
            setup.Services = services => services.AddSingleton<ISessionStore>(store = new MeddlingStore(new MemorySessionStore(setup.Clock)));
            setup.Map = host => MapRepeat(host, _ => Task.CompletedTask);
        });
        using var ada = app.CreateBrowser();
        var user = await SignInAsAdminAsync(app, ada);
        store.AfterReplacing = () =>
        {
            store.Fault = new SessionStoreException("No answer.");
            return Task.CompletedTask;
        };

        await ada.PostAsync("/repeat?way=principal");

        Assert.Null(store.Fault);
        Assert.Empty(await app.Sessions.ListAsync(user, Token));
    }

    // The app has asked the person, and repeats what their session granted when the request began: in the other tab there is its successor by then, without the role.
    [Fact]
    public async Task NorDoesWhoConfirmsWhileAnotherTabSignsInAgain()
    {
        var meanwhile = () => Task.CompletedTask;
        await using var app = await StartAsync(setup => setup.Map = host =>
        {
            MapRepeat(host, _ => Task.CompletedTask);
            MapAsked(host, () => meanwhile());
        });
        using var ada = app.CreateBrowser();
        var user = await SignInAsAdminAsync(app, ada);
        using var tab = app.CreateBrowser();
        ada.Cookies.CopyTo(tab.Cookies);
        meanwhile = async () =>
        {
            await tab.PostAsync("/repeat?way=principal");
            await app.Sessions.UpdateUserClaimsAsync(user, claims => claims.Remove(AuthClaims.Roles), Token);
        };

        await ada.PostAsync("/asked");

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.False(Assert.Single(await app.Sessions.ListAsync(user, Token)).Claims.ContainsKey(AuthClaims.Roles));
    }

    // … and it is taken away at that very moment.
    [Fact]
    public async Task NorDoesWhoConfirmsJustAfterAnotherTabSignedInAgain()
    {
        var meanwhile = () => Task.CompletedTask;
        MeddlingStore store = null!;
        await using var app = await StartAsync(setup =>
        {
            setup.Services = services => services.AddSingleton<ISessionStore>(store = new MeddlingStore(new MemorySessionStore(setup.Clock)));
            setup.Map = host =>
            {
                MapRepeat(host, _ => Task.CompletedTask);
                MapAsked(host, () => meanwhile());
            };
        });
        using var ada = app.CreateBrowser();
        var user = await SignInAsAdminAsync(app, ada);
        using var tab = app.CreateBrowser();
        ada.Cookies.CopyTo(tab.Cookies);
        var changed = 0;
        meanwhile = async () =>
        {
            await tab.PostAsync("/repeat?way=principal");

            // The first attempt finds that the other tab came first; before the second, the role goes.
            store.Meddle = () =>
            {
                store.Meddle = async () => changed = await app.Sessions.UpdateUserClaimsAsync(user, claims => claims.Remove(AuthClaims.Roles), Token);
                return Task.CompletedTask;
            };
        };

        await ada.PostAsync("/asked");

        Assert.Equal(1, changed);
        Assert.False(Assert.Single(await app.Sessions.ListAsync(user, Token)).Claims.ContainsKey(AuthClaims.Roles));
    }

    [Fact]
    public async Task NorDoesWhoConfirmsAtThatVeryMoment()
    {
        MeddlingStore store = null!;
        await using var app = await StartAsync(setup =>
        {
            setup.Services = services => services.AddSingleton<ISessionStore>(store = new MeddlingStore(new MemorySessionStore(setup.Clock)));
            setup.Map = host => MapAsked(host, () => Task.CompletedTask);
        });
        using var ada = app.CreateBrowser();
        var user = await SignInAsAdminAsync(app, ada);
        store.Meddle = () => app.Sessions.UpdateUserClaimsAsync(user, claims => claims.Remove(AuthClaims.Roles), Token);

        await ada.PostAsync("/asked");

        Assert.Null(store.Meddle);
        Assert.False(Assert.Single(await app.Sessions.ListAsync(user, Token)).Claims.ContainsKey(AuthClaims.Roles));
    }

    private static async Task<string> SignInAsAdminAsync(AuthApp app, Browser browser)
    {
        await browser.SignInAsync("google");
        var user = await browser.UserIdAsync();
        await app.Sessions.UpdateUserClaimsAsync(user, claims => claims[AuthClaims.Roles] = "admin", Token);
        await browser.SessionAsync();
        app.Clock.Advance(TimeSpan.FromMinutes(10));
        return user;
    }

    private static void MapAsked(WebApplication host, Func<Task> before) => host.MapPost("/asked", async (HttpContext http, TimeProvider clock) =>
    {
        await before();
        await http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([.. http.User.Claims, new("auth_time", $"{clock.GetUtcNow().ToUnixTimeSeconds()}")], "own")));
    }).RequireAuthorization();

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
}
