using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;

namespace BlazorAuth.Tests.Identity;

/// <summary>Somebody whom Identity does not know comes by a provider: who becomes a user, and what is left when that fails halfway.</summary>
public sealed class IdentityNewUserTests
{
    [Fact]
    public async Task SomebodyNewBecomesAUserOfIdentity()
    {
        await using var app = await IdentityApp.StartAsync();
        using var browser = await app.ComeAsync("google");
        await app.UsersAsync(async users =>
        {
            var ada = await users.FindByLoginAsync("Google", "42");
            Assert.Equal("ada@example.com", ada!.Email, ignoreCase: true);
            Assert.True(ada.EmailConfirmed);
            Assert.Equal(ada.Id, (string?)(await browser.OpenAsync("/claims")).Json!["sub"]);
        });
        using var again = await app.ComeAsync("google");
        await app.UsersAsync(users => Task.FromResult(Assert.Single(users.Users)));
    }

    /// <summary>A provider that confirms an address does not make its person the user who has that address here.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnAddressThatAUserHasMakesNobodyThatUser(bool isConfirmed)
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("ada@example.com", isConfirmed);
        using var browser = await app.ComeAsync("google", "ConfirmToLink");
        Assert.Equal("null", await browser.SessionAsync());
        await app.ChangeAsync(ada, async (users, user) => Assert.Empty(await users.GetLoginsAsync(user)));
    }

    [Theory]
    [InlineData(nameof(SignInOptions.RequireConfirmedAccount))]
    [InlineData(nameof(SignInOptions.RequireConfirmedEmail))]
    [InlineData(nameof(UserOptions.RequireUniqueEmail))]
    public async Task WithoutAVerifiedAddressNobodyIsCreatedWhereIdentityAsksForOne(string option)
    {
        await using var app = await IdentityApp.StartAsync(identity: builder => builder.Services.Configure<IdentityOptions>(options =>
        {
            options.SignIn.RequireConfirmedAccount = option == nameof(SignInOptions.RequireConfirmedAccount);
            options.SignIn.RequireConfirmedEmail = option == nameof(SignInOptions.RequireConfirmedEmail);
            options.User.RequireUniqueEmail = option == nameof(UserOptions.RequireUniqueEmail);
        }));
        app.Provider.User["email_verified"] = false;
        using var browser = await app.ComeAsync("google", "EmailNotVerified");
        await app.UsersAsync(NobodyAsync);
    }

    [Fact]
    public async Task NobodyIsCreatedWhereTheAppDoesNotWantThat()
    {
        await using var app = await IdentityApp.StartAsync(configure: options => options.CreateUsers = false);
        using var browser = await app.ComeAsync("google", null);
        Assert.Equal("null", await browser.SessionAsync());
        await app.UsersAsync(NobodyAsync);
    }

    [Fact]
    public async Task SomebodyWhoIsDeniedLeavesNoUser()
    {
        await using var app = await IdentityApp.StartAsync(setup => setup.Options = options => options.Callbacks.OnSignIn = context =>
        {
            Assert.True(context.IsNewUser);
            return ValueTask.FromResult(SignInDecision.Deny);
        });
        using var browser = await app.ComeAsync("google", null);
        await app.UsersAsync(NobodyAsync);
    }

    /// <summary>Somebody presses twice, or has two windows: whatever the other request has written by then, they are one user, and signed in.</summary>
    [Theory]
    [InlineData(Moment.Decision)]
    [InlineData(Moment.User)]
    [InlineData(Moment.Login)]
    public async Task WhoComesTwiceAtOnceIsOneUser(Moment moment)
    {
        IdentityApp app = null!;
        var moments = new Moments();
        await using var running = app = await StartAsync(moments);
        moments.Reached = async reached =>
        {
            if (reached == moment)
            {
                moments.Reached = _ => Task.CompletedTask;
                var other = await app.CreateAsync(moment == Moment.Login ? "grace@example.com" : "ada@example.com");
                await app.ChangeAsync(other, (users, user) => users.AddLoginAsync(user, new UserLoginInfo("Google", "42", "Google")));
            }
        };
        using var browser = await app.ComeAsync("google");
        await app.UsersAsync(async users => Assert.Equal(Assert.Single(users.Users).Id, (string?)(await browser.OpenAsync("/claims")).Json!["sub"]));
    }

    /// <summary>A user with the address and without the login would keep its owner out for good.</summary>
    [Fact]
    public async Task AUserWhoseLoginCannotBeWrittenIsNotLeftBehind()
    {
        var moments = new Moments { Reached = moment => moment == Moment.Login ? throw new IOException("down") : Task.CompletedTask };
        await using var app = await StartAsync(moments);
        using var refused = await app.ComeAsync("google", null);
        await app.UsersAsync(NobodyAsync);
        moments.Reached = _ => Task.CompletedTask;
        using var browser = await app.ComeAsync("google");
        Assert.NotEqual("null", await browser.SessionAsync());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AUserWhoCannotBeDeletedEitherIsNamedInTheLog(bool throws)
    {
        var moments = new Moments { Reached = moment => moment == Moment.Login || (throws && moment == Moment.Deletion) ? throw new IOException("down") : Task.CompletedTask, Deletes = throws };
        await using var app = await StartAsync(moments);
        using var browser = await app.ComeAsync("google", null);
        await app.UsersAsync(users =>
        {
            var left = Assert.Single(users.Users);
            Assert.Contains(left.Id, Assert.Single(app.App.Logs.All, line => line.Event.Id == 724).Text, StringComparison.Ordinal);
            return Task.CompletedTask;
        });
    }

    /// <summary>The user name of somebody without a verified address comes from the account, and stays with whoever it was made for.</summary>
    [Fact]
    public async Task WhoHasTakenTheirLoginAwayComesBackAsSomebodyElse()
    {
        await using var app = await IdentityApp.StartAsync(identity: builder => builder.Services.Configure<IdentityOptions>(options => options.SignIn.RequireConfirmedAccount = false));
        app.Provider.User["email_verified"] = false;
        using var first = await app.ComeAsync("google");
        await app.UsersAsync(async users => Assert.True((await users.RemoveLoginAsync(Assert.Single(users.Users), "Google", "42")).Succeeded));
        using var second = await app.ComeAsync("google");
        await app.UsersAsync(async users =>
        {
            Assert.Equal(2, users.Users.Count());
            Assert.Equal((await users.FindByLoginAsync("Google", "42"))!.Id, (string?)(await second.OpenAsync("/claims")).Json!["sub"]);
        });
    }

    private static Task<IdentityApp> StartAsync(Moments moments) => IdentityApp.StartAsync(
        setup => setup.Options = options => options.Callbacks.OnSignIn = async _ =>
        {
            await moments.Reached(Moment.Decision);
            return SignInDecision.Allow;
        },
        identity: builder => builder.AddUserStore<Store>().Services.AddSingleton(moments));

    private static Task NobodyAsync(UserManager<IdentityUser> users)
    {
        Assert.Empty(users.Users);
        return Task.CompletedTask;
    }

    public enum Moment
    {
        Decision,
        User,
        Login,
        Deletion,
    }

    /// <summary>What happens right before something is written.</summary>
    private sealed class Moments
    {
        public Func<Moment, Task> Reached { get; set; } = _ => Task.CompletedTask;

        public bool Deletes { get; init; } = true;
    }

    private sealed class Store(IdentityDbContext context, Moments moments) : UserStore<IdentityUser, IdentityRole, IdentityDbContext>(context)
    {
        public override async Task<IdentityResult> CreateAsync(IdentityUser user, CancellationToken cancellationToken = default)
        {
            await moments.Reached(Moment.User);
            return await base.CreateAsync(user, cancellationToken);
        }

        public override async Task AddLoginAsync(IdentityUser user, UserLoginInfo login, CancellationToken cancellationToken = default)
        {
            await moments.Reached(Moment.Login);
            await base.AddLoginAsync(user, login, cancellationToken);
        }

        public override async Task<IdentityResult> DeleteAsync(IdentityUser user, CancellationToken cancellationToken = default)
        {
            await moments.Reached(Moment.Deletion);
            return moments.Deletes ? await base.DeleteAsync(user, cancellationToken) : IdentityResult.Failed(ErrorDescriber.ConcurrencyFailure());
        }
    }
}
