using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Flows;

/// <content>What is taken away while an app signs somebody in again.</content>
public sealed partial class ReplacedSessionTests
{
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
        var (app, store) = await StartMeddlingAsync(host => MapRepeat(host, _ => Task.CompletedTask));
        await using var _ = app;
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
        var (app, store) = await StartMeddlingAsync(host => MapRepeat(host, _ => Task.CompletedTask));
        await using var _ = app;
        using var ada = app.CreateBrowser();
        var user = await SignInAsAdminAsync(app, ada);
        store.Meddle = () => app.Sessions.UpdateUserClaimsAsync(user, claims => claims.Remove(AuthClaims.Roles), Token);
        store.AfterReplacing = () => app.Sessions.UpdateUserClaimsAsync(user, claims => claims["team"] = "red", Token);

        await ada.PostAsync("/repeat?way=principal");

        Assert.Empty(await app.Sessions.ListAsync(user, Token));
        app.Clock.Advance(Grace);
        Assert.Equal("null", await ada.SessionAsync());
    }

    // A node that has another secret already took a role away.
    [Fact]
    public async Task NorDoesOneLiveOnWhoseLastChangeNothingHereOpens()
    {
        var (app, store) = await StartMeddlingAsync(host => MapRepeat(host, _ => Task.CompletedTask));
        await using var _ = app;
        using var ada = app.CreateBrowser();
        var user = await SignInAsAdminAsync(app, ada);
        var row = await RowAsync(app, ada);
        store.Meddle = () => store.UpdateAsync(row.Id, row.Version, "sealed under a secret that is not here", Token);

        await ada.PostAsync("/repeat?way=principal");

        Assert.Null(store.Meddle);
        Assert.Empty(await app.Sessions.ListAsync(user, Token));
    }

    [Fact]
    public async Task NorDoesOneLiveOnOfWhichTheStoreCannotTell()
    {
        var (app, store) = await StartMeddlingAsync(host => MapRepeat(host, _ => Task.CompletedTask));
        await using var _ = app;
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
        var (app, store) = await StartMeddlingAsync(host =>
        {
            MapRepeat(host, _ => Task.CompletedTask);
            MapAsked(host, () => meanwhile());
        });
        await using var _ = app;
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
        var (app, store) = await StartMeddlingAsync(host => MapAsked(host, () => Task.CompletedTask));
        await using var _ = app;
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
}
