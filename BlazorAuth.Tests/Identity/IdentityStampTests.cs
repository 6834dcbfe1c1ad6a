using System.Security.Claims;
using BlazorAuth.Tests.Stores;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Tests.Identity;

/// <summary>A changed security stamp ends sessions: at once where <c>UserManager</c> changed it, within the validation interval where something else did.</summary>
public sealed partial class IdentityStampTests
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
        var circuit = await app.OpenCircuitAsync(there);

        Assert.Equal("Succeeded", (await here.PostAsync("/password")).Text);
        Assert.False((await circuit.NewsAsync()).Identity!.IsAuthenticated);
        Assert.Equal("null", await there.SessionAsync());
        Assert.Equal("ada@example.com", await here.NameAsync());
        Assert.Equal("eve@example.com", await stranger.NameAsync());

        // The one that made the change has the new stamp, and goes on when it is asked about.
        app.App.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("ada@example.com", await here.NameAsync());
    }

    // The password was checked, and the session is not written yet: whoever lists the sessions to end does not find it.
    [Theory]
    [InlineData("password")]
    [InlineData("provider")]
    public async Task ASignInThatIsUnderWayDoesNotOutliveANewPassword(string way)
    {
        StrikingStore store = null!;
        await using var app = await IdentityApp.StartAsync(setup =>
            setup.Services += services => services.AddSingleton<ISessionStore>(store = new StrikingStore(new MemorySessionStore(setup.Clock))));
        var ada = await app.CreateAsync("ada@example.com");
        await app.ChangeAsync(ada, (users, user) => users.AddLoginAsync(user, new UserLoginInfo("Work", "42", "Work")));
        store.BeforeCreate = () => app.ChangeAsync(ada, async (users, user) =>
            Assert.True((await users.ResetPasswordAsync(user, await users.GeneratePasswordResetTokenAsync(user), IdentityApp.Password + "!")).Succeeded));
        using var thief = app.App.CreateBrowser();

        await (way == "password" ? thief.PostAsync($"/login?name={ada.UserName}&remember=true")
            : thief.ArriveAsync(app.Provider.Answer((await thief.StartSignInAsync("work")).Location!)));

        Assert.Null(store.BeforeCreate);
        Assert.Equal("null", await thief.SessionAsync());
        Assert.Empty(await app.App.Sessions.ListAsync(ada.Id, TestContext.Current.CancellationToken));
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

    private sealed class OwnManager(
        IUserStore<IdentityUser> store, IOptions<IdentityOptions> options, IPasswordHasher<IdentityUser> hasher, IEnumerable<IUserValidator<IdentityUser>> userValidators,
        IEnumerable<IPasswordValidator<IdentityUser>> passwordValidators, ILookupNormalizer normalizer, IdentityErrorDescriber errors, IServiceProvider services,
        ILogger<UserManager<IdentityUser>> logger, IdentitySessions sessions)
        : UserManager<IdentityUser>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, logger)
    {
        protected override async Task<IdentityResult> UpdateUserAsync(IdentityUser user)
        {
            var earlier = await sessions.StoredStampAsync(user.Id);
            var result = await base.UpdateUserAsync(user);
            if (result.Succeeded)
            {
                await sessions.StampChangedAsync(user.Id, user.SecurityStamp!, earlier);
            }

            return result;
        }
    }

    /// <summary>A session store in which something happens once, just before a session is written.</summary>
    private sealed class StrikingStore(ISessionStore inner) : ForwardingStore(inner)
    {
        public Func<Task>? BeforeCreate { get; set; }

        public override async Task<SessionRecord> CreateAsync(SessionRecord session, CancellationToken cancellationToken = default)
        {
            var before = BeforeCreate;
            BeforeCreate = null;
            await (before?.Invoke() ?? Task.CompletedTask);
            return await base.CreateAsync(session, cancellationToken);
        }
    }
}
