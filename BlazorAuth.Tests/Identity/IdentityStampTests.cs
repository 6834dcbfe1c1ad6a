using System.Security.Claims;
using BlazorAuth.Tests.Circuits;
using BlazorAuth.Tests.Stores;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Tests.Identity;

/// <summary>A changed security stamp ends sessions: at once where <c>UserManager</c> changed it, within the validation interval where something else did.</summary>
public sealed class IdentityStampTests
{
    [Fact]
    public async Task ANewPasswordEndsTheOtherSessionsAndTheirPagesAtOnce()
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        var eve = await app.CreateAsync("eve@example.com");
        using var here = await app.SignInAsync(ada);
        using var there = await app.SignInAsync(ada);
        using var stranger = await app.SignInAsync(eve);
        var circuit = await OpenCircuitAsync(app, ada, there);

        Assert.Equal("Succeeded", (await here.PostAsync("/password")).Text);
        Assert.False((await circuit.NewsAsync()).Identity!.IsAuthenticated);
        Assert.Equal("null", await there.SessionAsync());
        Assert.Equal("ada@example.com", await here.NameAsync());
        Assert.Equal("eve@example.com", await stranger.NameAsync());

        // The one that made the change has the new stamp, and goes on when it is asked about.
        app.App.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("ada@example.com", await here.NameAsync());
    }

    [Fact]
    public async Task AnAdministratorsChangeEndsAllSessionsOfTheUserAndNotTheirOwn()
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await app.SignInAsync(ada);
        using var other = await app.SignInAsync(ada);
        using var administrator = await app.SignInAsync(await app.CreateAsync("admin@example.com"));
        Assert.Equal("Succeeded", (await administrator.PostAsync($"/phone?name={ada.UserName}")).Text);
        Assert.Equal("null", await browser.SessionAsync());
        Assert.Equal("null", await other.SessionAsync());
        Assert.Equal("admin@example.com", await administrator.NameAsync());
    }

    [Fact]
    public async Task AnUpdateThatLeavesTheStampEndsNothing()
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await app.SignInAsync(ada);
        await app.ChangeAsync(ada, (users, user) => users.AccessFailedAsync(user));
        await app.ChangeAsync(ada, (users, user) => users.AddClaimAsync(user, new Claim("a", "b")));
        Assert.Equal("ada@example.com", await browser.NameAsync());
    }

    [Fact]
    public async Task ADeletedUserHasNoSession()
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await app.SignInAsync(ada);
        await app.ChangeAsync(ada, (users, user) => users.DeleteAsync(user));
        Assert.Equal("null", await browser.SessionAsync());
    }

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
    public async Task APageThatSendsNothingIsAskedAboutToo()
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await app.SignInAsync(ada);
        var circuit = await OpenCircuitAsync(app, ada, browser);
        await ChangeRowAsync(app, users => users.ExecuteDeleteAsync());
        app.App.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.False((await circuit.NewsAsync()).Identity!.IsAuthenticated);
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

    /// <summary>The user is changed by then: the app must not take it for a failure, and other sessions end later.</summary>
    [Fact]
    public async Task WhileTheSessionStoreIsDownAPasswordCanBeChangedAndSessionsEndWithinTheInterval()
    {
        OwnStore store = null!;
        await using var app = await IdentityApp.StartAsync(setup =>
        {
            store = new OwnStore(setup.Clock);
            setup.Services += services => services.AddSingleton<ISessionStore>(store);
        });
        var ada = await app.CreateAsync("ada@example.com");
        using var there = await app.SignInAsync(ada);
        store.OnCall = name => _ = name == nameof(ISessionStore.RevokeAsync) ? throw new SessionStoreException("down") : name;
        await app.ChangeAsync(ada, async (users, user) => Assert.True((await users.ChangePasswordAsync(user, IdentityApp.Password, "Battery-Staple-8")).Succeeded));
        Assert.Contains(app.App.Logs.All, line => line.Event.Id == 723);
        store.OnCall = _ => { };
        app.App.Clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal("null", await there.SessionAsync());
    }

    [Fact]
    public async Task AnAppsOwnManagerStaysAndTellsByItself()
    {
        await using var app = await IdentityApp.StartAsync(identity: builder => builder.AddUserManager<OwnManager>());
        var ada = await app.CreateAsync("ada@example.com");
        using var here = await app.SignInAsync(ada);
        using var there = await app.SignInAsync(ada);
        await app.UsersAsync(users => Task.FromResult(Assert.IsType<OwnManager>(users)));
        Assert.Equal("Succeeded", (await here.PostAsync("/password")).Text);
        Assert.Equal("null", await there.SessionAsync());
        Assert.Equal("ada@example.com", await here.NameAsync());
    }

    private static Task ChangeRowAsync(IdentityApp app, Func<IQueryable<IdentityUser>, Task> change) => app.WithAsync<IdentityDbContext>(context => change(context.Users));

    /// <summary>The page of a browser: a circuit that its cookie's principal began.</summary>
    private static async Task<TestCircuit> OpenCircuitAsync(IdentityApp app, IdentityUser user, Browser browser)
    {
        var id = (string?)(await browser.OpenAsync("/claims")).Json![AuthClaims.SessionId];
        var ticket = await app.App.Sessions.FindTicketAsync(id!, TestContext.Current.CancellationToken);
        var circuit = new TestCircuit(new SessionStateProvider(app.App.Services.GetRequiredService<CircuitSessions>()));
        circuit.State.SetAuthenticationState(TestTicket.State(ticket));
        await circuit.State.OpenAsync();
        Assert.True(circuit.IsSignedIn);
        return circuit.Settled();
    }

    private sealed class OwnManager(
        IUserStore<IdentityUser> store, IOptions<IdentityOptions> options, IPasswordHasher<IdentityUser> hasher, IEnumerable<IUserValidator<IdentityUser>> userValidators,
        IEnumerable<IPasswordValidator<IdentityUser>> passwordValidators, ILookupNormalizer normalizer, IdentityErrorDescriber errors, IServiceProvider services,
        ILogger<UserManager<IdentityUser>> logger, IdentitySessions sessions)
        : UserManager<IdentityUser>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, logger)
    {
        protected override async Task<IdentityResult> UpdateUserAsync(IdentityUser user)
        {
            var result = await base.UpdateUserAsync(user);
            if (result.Succeeded)
            {
                await sessions.StampChangedAsync(user.Id, user.SecurityStamp!);
            }

            return result;
        }
    }
}
