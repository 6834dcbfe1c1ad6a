using System.Net;
using System.Security.Claims;
using System.Text.Json.Nodes;
using BlazorAuth.Tests.Stores;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Tests.Identity;

/// <summary>What something else than <c>UserManager</c> changed, which the check of each interval finds.</summary>
public sealed partial class IdentityStampTests
{
    [Fact]
    public async Task AStampThatAnotherProgramChangedEndsTheSessionWithinTheInterval()
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await app.SignInAsync(ada);
        await ChangeRowAsync(app, users => users.ExecuteUpdateAsync(update => update.SetProperty(user => user.SecurityStamp, "another")));
        Assert.Equal("ada@example.com", await browser.NameAsync());
        app.App.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal("null", await browser.SessionAsync());
        Assert.Empty(await app.App.Sessions.ListAsync(ada.Id, TestContext.Current.CancellationToken));
    }

    /// <summary>Each renewal of the token makes the session look as if it had just been seen.</summary>
    [Fact]
    public async Task ASessionThatIsRenewedMoreOftenThanCheckedIsCheckedAllTheSame()
    {
        await using var app = await IdentityApp.StartAsync(setup => setup.Options = options => options.Session.UpdateAge = TimeSpan.FromMinutes(5));
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await app.SignInAsync(ada);
        await ChangeRowAsync(app, users => users.ExecuteUpdateAsync(update => update.SetProperty(user => user.SecurityStamp, "another")));
        for (var minutes = 10; minutes < 30; minutes += 10)
        {
            var before = browser.Cookies[AuthApp.SessionCookie];
            app.App.Clock.Advance(TimeSpan.FromMinutes(10));
            Assert.Equal("ada@example.com", await browser.NameAsync());
            Assert.NotEqual(before, browser.Cookies[AuthApp.SessionCookie]);
        }

        app.App.Clock.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal("null", await browser.SessionAsync());
    }

    [Fact]
    public async Task ARoleThatWasTakenAwayIsGoneWithinTheInterval()
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("ada@example.com", true, new Claim("department", "engines"));
        await app.WithAsync<RoleManager<IdentityRole>>(roles => roles.CreateAsync(new IdentityRole("editor")));
        await app.ChangeAsync(ada, (users, user) => users.AddToRoleAsync(user, "editor"));
        using var browser = await app.SignInAsync(ada);
        await app.App.Sessions.UpdateUserClaimsAsync(ada.Id, claims => claims["theme"] = "dark", TestContext.Current.CancellationToken);
        await app.ChangeAsync(ada, (users, user) => users.RemoveFromRoleAsync(user, "editor"));
        app.App.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal("ada@example.com", await browser.NameAsync());
        var claims = (await browser.OpenAsync("/claims")).Json!;
        Assert.Null(claims[ClaimTypes.Role]);
        Assert.Equal("engines", (string?)claims["department"]);
        Assert.Equal("dark", (string?)claims["theme"]);
        Assert.Equal("pwd", (string?)claims["amr"]);
    }

    // However long it sent nothing.
    [Theory]
    [InlineData(31)]
    [InlineData(72 * 60)]
    public async Task TheRequestThatHasItAskedIsServedWithWhatTheAnswerIs(int minutes)
    {
        var (app, ada, browser) = await StartWithEditorAsync();
        await using var running = app;
        Assert.Equal(HttpStatusCode.OK, (await browser.FetchAsync(HttpMethod.Post, "/edit")).Status);
        await app.ChangeAsync(ada, (users, user) => users.RemoveFromRoleAsync(user, "editor"));
        app.App.Clock.Advance(TimeSpan.FromMinutes(minutes));

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.FetchAsync(HttpMethod.Post, "/edit")).Status);
    }

    // A request of the client's at that moment, on another node.
    [Fact]
    public async Task AnUpdateDuringTheCheckDoesNotPutItOff()
    {
        Func<Task>? during = null;
        var (app, ada, browser) = await StartWithEditorAsync(setup =>
        {
            var services = setup.Services;
            setup.Services = all =>
            {
                services!(all);
                all.AddSingleton<Func<Task>>(() => Interlocked.Exchange(ref during, null)?.Invoke() ?? Task.CompletedTask);
            };
        });
        await using var running = app;
        await app.ChangeAsync(ada, (users, user) => users.RemoveFromRoleAsync(user, "editor"));
        app.App.Clock.Advance(TimeSpan.FromMinutes(31));
        during = () => app.App.Sessions.UpdateUserClaimsAsync(ada.Id, claims => claims["theme"] = "dark", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Forbidden, (await browser.FetchAsync(HttpMethod.Post, "/edit")).Status);

        Assert.Null(during);
        Assert.Equal("dark", (string?)(await browser.OpenAsync("/claims")).Json!["theme"]);
    }

    // A client may have filled it, by a callback that copies what it sends.
    [Fact]
    public async Task ASessionThatIsTooFullForWhatIdentityHasEnds()
    {
        var (app, ada, browser) = await StartWithEditorAsync();
        await using var running = app;
        for (var length = 100_000; ; length -= 20)
        {
            if (await Record.ExceptionAsync(() => app.App.Sessions.UpdateUserClaimsAsync(ada.Id, claims => claims["notes"] = new string('x', length), TestContext.Current.CancellationToken)) is null)
            {
                break;
            }
        }

        await app.ChangeAsync(ada, (users, user) => users.RemoveFromRoleAsync(user, "editor"));
        await app.ChangeAsync(ada, (users, user) => users.AddClaimAsync(user, new Claim("department", new string('y', 200))));
        app.App.Clock.Advance(TimeSpan.FromMinutes(31));

        Assert.NotEqual(HttpStatusCode.OK, (await browser.FetchAsync(HttpMethod.Post, "/edit")).Status);
        Assert.Equal("null", await browser.SessionAsync());
        Assert.Single(app.App.Logs.All, line => line.Event.Id == 727);
    }

    [Fact]
    public async Task ANumberThatNoTypeHoldsKeepsNoRoleThatWasTakenAway()
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        await app.WithAsync<RoleManager<IdentityRole>>(roles => roles.CreateAsync(new IdentityRole("editor")));
        using var browser = await app.SignInAsync(ada);
        await app.App.Sessions.UpdateUserClaimsAsync(ada.Id, claims => claims["volume"] = JsonNode.Parse("1e99999999999"), TestContext.Current.CancellationToken);
        await app.ChangeAsync(ada, (users, user) => users.AddToRoleAsync(user, "editor"));
        app.App.Clock.Advance(TimeSpan.FromMinutes(31));
        await browser.NameAsync();
        Assert.Contains("editor", (await browser.OpenAsync("/claims")).Text, StringComparison.Ordinal);
        await app.ChangeAsync(ada, (users, user) => users.RemoveFromRoleAsync(user, "editor"));
        await app.ChangeAsync(ada, (users, user) => users.AddClaimAsync(user, new Claim("department", "engines")));
        app.App.Clock.Advance(TimeSpan.FromMinutes(31));
        await browser.NameAsync();
        Assert.DoesNotContain("editor", (await browser.OpenAsync("/claims")).Text, StringComparison.Ordinal);
        Assert.DoesNotContain(app.App.Logs.All, line => line.Event.Id == 722);
    }

    [Fact]
    public async Task ASessionThatIsFoundOutdatedIsRefusedThoughItsEndCannotBeWritten()
    {
        OwnStore store = null!;
        await using var app = await IdentityApp.StartAsync(setup =>
            setup.Services += services => services.AddSingleton<ISessionStore>(store = new OwnStore(setup.Clock)));
        var ada = await app.CreateAsync("ada@example.com");
        using var thief = await app.SignInAsync(ada);
        using var copy = app.App.CreateBrowser();
        thief.Cookies.CopyTo(copy.Cookies);
        await ChangeRowAsync(app, users => users.ExecuteUpdateAsync(update => update.SetProperty(user => user.SecurityStamp, "another")));
        app.App.Clock.Advance(TimeSpan.FromMinutes(31));
        store.OnCall = name => _ = name == nameof(ISessionStore.RevokeAsync) ? throw new SessionStoreException("The store refuses writes.") : 0;

        Assert.Equal("null", await thief.SessionAsync());
        Assert.Contains(app.App.Logs.All, line => line.Event.Id == 726);
        store.OnCall = _ => { };
        Assert.Equal("null", await copy.SessionAsync());
        Assert.Empty(await app.App.Sessions.ListAsync(ada.Id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task WhileIdentitysDatabaseIsDownSessionsGoOn()
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await app.SignInAsync(ada);
        await app.WithAsync<IdentityDbContext>(context => context.Database.ExecuteSqlRawAsync("ALTER TABLE AspNetUsers RENAME TO Away"));
        app.App.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal("ada@example.com", await browser.NameAsync());
        Assert.Contains(app.App.Logs.All, line => line.Event.Id == 722);
        await app.WithAsync<IdentityDbContext>(context => context.Database.ExecuteSqlRawAsync("ALTER TABLE Away RENAME TO AspNetUsers"));
        await ChangeRowAsync(app, users => users.ExecuteUpdateAsync(update => update.SetProperty(user => user.SecurityStamp, "another")));
        app.App.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("null", await browser.SessionAsync());
    }

    /// <summary>Ada is signed in and an editor, and <c>/edit</c> is for editors.</summary>
    private static async Task<(IdentityApp App, IdentityUser Ada, Browser Browser)> StartWithEditorAsync(Action<AuthAppSetup>? more = null)
    {
        var app = await IdentityApp.StartAsync(
            setup =>
            {
                var map = setup.Map;
                setup.Map = web =>
                {
                    map!(web);
                    web.MapPost("/edit", () => "done").RequireAuthorization(policy => policy.RequireRole("editor"));
                };
                setup.Services += services => services.AddSingleton<Func<Task>>(() => Task.CompletedTask);
                more?.Invoke(setup);
            },
            identity: identity => identity.AddClaimsPrincipalFactory<WaitingFactory>());
        var ada = await app.CreateAsync("ada@example.com");
        await app.WithAsync<RoleManager<IdentityRole>>(roles => roles.CreateAsync(new IdentityRole("editor")));
        await app.ChangeAsync(ada, (users, user) => users.AddToRoleAsync(user, "editor"));
        return (app, ada, await app.SignInAsync(ada, remember: true));
    }

    /// <summary>The platform's, a moment later.</summary>
    private sealed class WaitingFactory(UserManager<IdentityUser> users, RoleManager<IdentityRole> roles, IOptions<IdentityOptions> options, Func<Task> wait)
        : UserClaimsPrincipalFactory<IdentityUser, IdentityRole>(users, roles, options)
    {
        public override async Task<ClaimsPrincipal> CreateAsync(IdentityUser user)
        {
            await wait();
            return await base.CreateAsync(user);
        }
    }
}
