using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Tests.Identity;

/// <summary>Pages of an app that call <c>SignInManager.SignInAsync(user)</c> for somebody who is signed in already.</summary>
public sealed class IdentityAgainTests
{

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Such as to bring changed claims into the session: nobody was asked.
    [Fact]
    public async Task WhoIsSignedInAgainIsNoFresher()
    {
        await using var app = await StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await app.SignInAsync(ada);
        app.App.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.False(await IdentityApp.IsFreshAsync(browser));

        await browser.PostAsync("/again");

        Assert.Equal("ada@example.com", await browser.NameAsync());
        Assert.False(await IdentityApp.IsFreshAsync(browser));
        Assert.Single(await app.App.Sessions.ListAsync(ada.Id, Token));
    }

    // A page for signing in that says nothing of what it has asked.
    [Theory]
    [InlineData("password")]
    [InlineData("link")]
    [InlineData("code")]
    public async Task WhoHasShownWhoTheyAreIs(string what)
    {
        await using var app = await StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await app.SignInAsync(ada);
        app.App.Clock.Advance(TimeSpan.FromMinutes(6));

        await browser.PostAsync("/own-login?name=ada@example.com&what=" + what);

        Assert.True(await IdentityApp.IsFreshAsync(browser));
    }

    // Somebody at an unlocked device enters an address of their own, and proves that one, or reads the key that the page shows.
    [Theory]
    [InlineData("phone")]
    [InlineData("email")]
    [InlineData("confirm")]
    [InlineData("set-up")]
    public async Task WhoHasProvedAnAddressOrSetsUpAnAuthenticatorIsNot(string what)
    {
        await using var app = await StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await app.SignInAsync(ada);
        app.App.Clock.Advance(TimeSpan.FromMinutes(6));

        await browser.PostAsync("/own-login?name=ada@example.com&what=" + what);

        Assert.NotEqual("null", await browser.SessionAsync());
        Assert.False(await IdentityApp.IsFreshAsync(browser));
    }

    // Identity's principal is all that the session is to grant, also where the app's users have no stamps.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AClaimThatWasTakenAwayGoes(bool hasStamps)
    {
        await using var app = await IdentityApp.StartAsync(identity: builder => _ = hasStamps ? builder : builder.AddUserManager<WithoutStamps>());
        var ada = await app.CreateAsync("ada@example.com");
        await app.ChangeAsync(ada, (users, user) => users.AddClaimAsync(user, new Claim("department", "sales")));
        using var browser = await app.SignInAsync(ada);
        Assert.Contains("sales", (await browser.GetAsync("/claims")).Text, StringComparison.Ordinal);
        await app.ChangeAsync(ada, (users, user) => users.RemoveClaimAsync(user, new Claim("department", "sales")));

        await browser.PostAsync("/refresh");

        Assert.Equal("ada@example.com", await browser.NameAsync());
        Assert.DoesNotContain("sales", (await browser.GetAsync("/claims")).Text, StringComparison.Ordinal);
    }

    // The cookie that waits for a second factor goes with a sign-out, though nobody has shown one.
    [Fact]
    public async Task NorIsWhoSignsOutBeforeIt()
    {
        await using var app = await StartAsync(host => host.MapPost("/out-and-in", async (HttpContext http, SignInManager<IdentityUser> signIns) =>
        {
            var user = (await signIns.UserManager.GetUserAsync(http.User))!;
            await signIns.SignOutAsync();
            await signIns.SignInAsync(user, isPersistent: false);
        }));
        var ada = await app.CreateLinkedAsync();
        var code = await app.UseSecondFactorAsync(ada);
        using var browser = app.App.CreateBrowser();
        await browser.PostAsync($"/login?name={ada.UserName}&remember=false");
        Assert.Equal("Succeeded", (await browser.PostAsync("/second?code=" + code)).Text);
        app.App.Clock.Advance(TimeSpan.FromMinutes(6));
        await app.ArriveAsync(browser);
        Assert.Equal("RequiresTwoFactor", (await browser.PostAsync("/external/sign-in")).Text);

        await browser.PostAsync("/out-and-in");

        Assert.Equal("ada@example.com", await browser.NameAsync());
        Assert.False(await IdentityApp.IsFreshAsync(browser));
    }

    [Fact]
    public async Task ThePasswordOfSomebodyElseDoesNotCount()
    {
        await using var app = await StartAsync();
        await app.CreateAsync("kim@example.com");
        using var browser = await app.SignInAsync(await app.CreateAsync("ada@example.com"));
        app.App.Clock.Advance(TimeSpan.FromMinutes(6));

        await browser.PostAsync("/own-login?name=kim@example.com&what=password&as=ada@example.com");

        Assert.Equal("ada@example.com", await browser.NameAsync());
        Assert.False(await IdentityApp.IsFreshAsync(browser));
    }

    [Fact]
    public async Task WhoseDeviceWasSignedOutMeanwhileIsNotIn()
    {
        var (arrived, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var app = await StartAsync(host => host.MapPost("/again-slowly", async (HttpContext http, SignInManager<IdentityUser> signIns) =>
        {
            var user = (await signIns.UserManager.GetUserAsync(http.User))!;
            arrived.SetResult();
            await goOn.Task;
            await signIns.SignInAsync(user, isPersistent: false);
        }));
        var ada = await app.CreateAsync("ada@example.com");
        using var thief = await app.SignInAsync(ada);
        var session = Assert.Single(await app.App.Sessions.ListAsync(ada.Id, Token));
        var slow = thief.PostAsync("/again-slowly");
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        Assert.Equal(RevokeResult.Revoked, await app.App.Sessions.RevokeAsync(ada.Id, session.Id, Token));
        goOn.SetResult();
        await slow;

        Assert.Equal("null", await thief.SessionAsync());
    }

    [Fact]
    public async Task ACopyOfAReplacedSessionBecomesNoneOfItsOwn()
    {
        await using var app = await StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await app.SignInAsync(ada);
        using var thief = app.App.CreateBrowser();
        thief.Cookies[AuthApp.SessionCookie] = browser.Cookies[AuthApp.SessionCookie];
        await browser.PostAsync($"/login?name={ada.UserName}&remember=false");

        await thief.PostAsync("/again");
        app.App.Clock.Advance(TimeSpan.FromSeconds(31));

        Assert.Equal("null", await thief.SessionAsync());
    }

    private static Task<IdentityApp> StartAsync(Action<WebApplication>? map = null) => IdentityApp.StartAsync(setup => setup.Map += host =>
    {
        host.MapPost("/again", async (HttpContext http, SignInManager<IdentityUser> signIns) =>
            await signIns.SignInAsync((await signIns.UserManager.GetUserAsync(http.User))!, isPersistent: false));
        host.MapPost("/own-login", OwnLoginAsync);
        map?.Invoke(host);
    });

    private static async Task OwnLoginAsync(string name, string what, string? @as, SignInManager<IdentityUser> signIns)
    {
        var users = signIns.UserManager;
        var user = (await users.FindByNameAsync(name))!;
        Assert.True(what switch
        {
            "link" => await users.VerifyUserTokenAsync(user, "Default", "sign in", await users.GenerateUserTokenAsync(user, "Default", "sign in")),
            "phone" => (await users.ChangePhoneNumberAsync(user, "+1", await users.GenerateChangePhoneNumberTokenAsync(user, "+1"))).Succeeded,
            "email" => (await users.ChangeEmailAsync(user, "m@example.com", await users.GenerateChangeEmailTokenAsync(user, "m@example.com"))).Succeeded,
            "confirm" => (await users.ConfirmEmailAsync(user, await users.GenerateEmailConfirmationTokenAsync(user))).Succeeded,
            "set-up" => await SetUpAsync(users, user),
            "code" => await users.VerifyTwoFactorTokenAsync(user, "Email", await users.GenerateTwoFactorTokenAsync(user, "Email")),
            _ => await users.CheckPasswordAsync(user, IdentityApp.Password),
        });
        await signIns.SignInAsync(@as is null ? user : (await users.FindByNameAsync(@as))!, isPersistent: false);
    }

    // What EnableAuthenticator does.
    private static async Task<bool> SetUpAsync(UserManager<IdentityUser> users, IdentityUser user)
    {
        await users.ResetAuthenticatorKeyAsync(user);
        var code = Totp.Of((await users.GetAuthenticatorKeyAsync(user))!, TimeProvider.System.GetUtcNow());
        return await users.VerifyTwoFactorTokenAsync(user, users.Options.Tokens.AuthenticatorTokenProvider, code);
    }

    private sealed class WithoutStamps(
        IUserStore<IdentityUser> store, IOptions<IdentityOptions> options, IPasswordHasher<IdentityUser> hasher, IEnumerable<IUserValidator<IdentityUser>> userValidators,
        IEnumerable<IPasswordValidator<IdentityUser>> passwordValidators, ILookupNormalizer normalizer, IdentityErrorDescriber errors, IServiceProvider services,
        ILogger<UserManager<IdentityUser>> logger)
        : UserManager<IdentityUser>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, logger)
    {
        public override bool SupportsUserSecurityStamp => false;
    }
}
