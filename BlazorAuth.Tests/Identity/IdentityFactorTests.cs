using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Tests.Identity;

/// <summary>What a second factor or a passkey proves on Identity's pages, and since when the sign-in has been under way.</summary>
public sealed class IdentityFactorTests
{
    private const string Sensitive = "/sensitive";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Microsoft's page on MFA has the app's factory write amr=mfa for everybody who has a second factor. Somebody at an unlocked device, on which Identity does not ask
    // for it, presses the provider's button: the provider lets them through without asking.
    [Theory]
    [InlineData(false, "Work", null)]
    [InlineData(true, "Work", null)]
    [InlineData(true, "Work", -600)]
    [InlineData(true, "Google", null)]
    public async Task WhoHasASecondFactorAndDoesNotShowItGetsNoFresherByAProvider(bool isWritten, string provider, int? askedBefore)
    {
        await using var app = await StartAsync(isWritten);
        var ada = await app.CreateLinkedAsync(provider);
        using var browser = await RememberedAsync(app, ada);
        Assert.True(await IsFreshAsync(browser));
        app.App.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.False(await IsFreshAsync(browser));

        app.Provider.ChangeIdToken = claims =>
        {
            claims["exp"] = app.App.Clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds();
            if (askedBefore is { } seconds)
            {
                claims["auth_time"] = app.App.Clock.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds();
            }
        };
        await ArriveAsync(app, browser, provider);
        Assert.Equal("Succeeded", (await browser.PostAsync("/external/sign-in")).Text);

        Assert.False(await IsFreshAsync(browser));
    }

    [Theory]
    [InlineData(false, "sessions")]
    [InlineData(true, "sessions")]
    [InlineData(true, "stamp")]
    public async Task NorDoesAnAnswerThatWasKeptSignThemIn(bool isWritten, string ends)
    {
        await using var app = await StartAsync(isWritten);
        var ada = await app.CreateLinkedAsync();
        using var thief = await RememberedAsync(app, ada);
        var asked = (await thief.OpenAsync("/external?provider=Work")).Location!;
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));
        await EndAsync(app.App.Services, ends);
        app.App.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal("null", await thief.SessionAsync());

        await thief.ArriveAsync(app.Provider.Answer(asked));
        await thief.PostAsync("/external/sign-in");

        Assert.Equal("null", await thief.SessionAsync());
    }

    [Fact]
    public async Task ANewStampForgetsTheMachineAtOnce()
    {
        await using var app = await StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await RememberedAsync(app, ada);
        Assert.Equal("Succeeded", (await browser.PostAsync($"/login?name={ada.UserName}&remember=false")).Text);

        await EndAsync(app.App.Services, "stamp");

        Assert.Equal("RequiresTwoFactor", (await browser.PostAsync($"/login?name={ada.UserName}&remember=false")).Text);
    }

    // A page that signs out first: the cookie that waited for the second factor goes, too, though nobody has shown one.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NobodyGetsFresherByASignOutOfTheCookieThatWaitsForASecondFactor(bool isWritten)
    {
        await using var app = await StartAsync(isWritten);
        var ada = await app.CreateLinkedAsync();
        using var browser = await app.SignInAsync(ada);
        await app.UseSecondFactorAsync(ada);
        app.App.Clock.Advance(TimeSpan.FromMinutes(6));
        await ArriveAsync(app, browser, "Work");
        Assert.Equal("RequiresTwoFactor", (await browser.PostAsync("/external/sign-in")).Text);

        await ArriveAsync(app, browser, "Work");
        Assert.Equal("Succeeded", (await browser.PostAsync("/sign-out-and-in")).Text);

        Assert.Equal("ada@example.com", await browser.NameAsync());
        Assert.False(await IsFreshAsync(browser));
    }

    // One that reads the answer and signs in without saying with which provider.
    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(false, "Work, Inc.")]
    [InlineData(true, "Work, Inc.")]
    public async Task APageThatDoesNotNameTheProviderMakesNobodyFresher(bool isWritten, string? called)
    {
        var page = "/unnamed" + (called is null ? "" : "?called=" + Uri.EscapeDataString(called));
        await using var app = await StartAsync(isWritten);
        var ada = await app.CreateLinkedAsync();
        using var browser = await app.SignInAsync(ada);
        app.App.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.False(await IsFreshAsync(browser));

        await ArriveAsync(app, browser, "Work");
        await browser.PostAsync(page);
        Assert.False(await IsFreshAsync(browser));

        await app.UseSecondFactorAsync(ada);
        app.App.Clock.Advance(TimeSpan.FromSeconds(5));
        await ArriveAsync(app, browser, "Work");
        await browser.PostAsync(page);
        Assert.False(await IsFreshAsync(browser));
        await app.ChangeAsync(ada, (users, user) => users.SetTwoFactorEnabledAsync(user, false));

        // The answer is still there; the password was given.
        Assert.Equal("Succeeded", (await browser.PostAsync("/password-after-answer")).Text);
        Assert.True(await IsFreshAsync(browser));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NorDoesItSignInWhoseSessionsWereEndedSinceTheProviderWasAsked(bool isWritten)
    {
        await using var app = await StartAsync(isWritten);
        await app.CreateLinkedAsync();
        using var thief = app.App.CreateBrowser();
        await ArriveAsync(app, thief, "Work");
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));
        await EndAsync(app.App.Services, "sessions");
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));

        await thief.PostAsync("/unnamed");

        Assert.Equal("null", await thief.SessionAsync());
    }

    // An app that allows one session for each user ends the others as soon as the first factor is right. The second comes in another request.
    [Theory]
    [InlineData("password", "none")]
    [InlineData("password", "sessions")]
    [InlineData("page", "none")]
    [InlineData("page", "sessions")]
    [InlineData("page", "stamp")]
    [InlineData("event", "none")]
    [InlineData("event", "sessions")]
    [InlineData("callback", "none")]
    [InlineData("callback", "sessions")]
    public async Task WhatTheRequestOfTheFirstFactorDecidesKeepsItsPersonOutOnlyIfSomebodyElseDecidesItToo(string where, string ends)
    {
        await using var app = await StartAsync(more: setup => EndWithFirstFactor(setup, where, ends));
        var ada = await app.CreateLinkedAsync();
        var code = await app.UseSecondFactorAsync(ada);
        using var browser = app.App.CreateBrowser();
        await ShowFirstFactorAsync(app, browser, where, ends);
        app.App.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("Succeeded", (await browser.PostAsync("/second?code=" + code)).Text);
        Assert.Equal("ada@example.com", await browser.NameAsync());

        using var late = app.App.CreateBrowser();
        code = await app.UseSecondFactorAsync(ada);
        await ShowFirstFactorAsync(app, late, where, ends);
        app.App.Clock.Advance(TimeSpan.FromSeconds(20));
        await app.App.Sessions.RevokeUserAsync(ada.Id, RevocationReason.SignedOut, Token);
        app.App.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("Succeeded", (await late.PostAsync("/second?code=" + code)).Text);
        Assert.Equal("null", await late.SessionAsync());
    }

    [Theory]
    [InlineData("none")]
    [InlineData("sessions")]
    [InlineData("stamp")]
    public async Task APasskeysAnswerThatWasKeptSignsNobodyIn(string ends)
    {
        await using var app = await StartAsync();
        await app.CreateLinkedAsync();
        using var thief = app.App.CreateBrowser();
        await thief.PostAsync("/passkey/options");
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));
        await EndAsync(app.App.Services, ends);
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("Succeeded", (await thief.PostAsync("/passkey")).Text);

        Assert.Equal(ends != "none", await thief.SessionAsync() == "null");
    }

    private static Task<IdentityApp> StartAsync(bool isWritten = false, Action<AuthAppSetup>? more = null) => IdentityApp.StartAsync(
        setup =>
        {
            setup.Map += Map;
            more?.Invoke(setup);
        },
        identity: builder =>
        {
            builder.Services.AddScoped<IPasskeyHandler<IdentityUser>, AdasPasskey>();
            if (isWritten)
            {
                builder.AddClaimsPrincipalFactory<FactoryOfTheDocumentation>();
            }
        });

    private static void Map(WebApplication host)
    {
        host.MapGet(Sensitive, () => "here you are").WithMetadata(new RequireFreshAttribute(5));
        host.MapPost("/remember", async (HttpContext http, SignInManager<IdentityUser> signIns) =>
            await signIns.RememberTwoFactorClientAsync((await signIns.UserManager.GetUserAsync(http.User))!));
        host.MapPost("/unnamed", async (string? called, SignInManager<IdentityUser> signIns) =>
        {
            var info = (await signIns.GetExternalLoginInfoAsync())!;
            await signIns.SignInAsync((await signIns.UserManager.FindByLoginAsync(info.LoginProvider, info.ProviderKey))!, isPersistent: false, called);
        });
        host.MapPost("/sign-out-and-in", async (SignInManager<IdentityUser> signIns) =>
        {
            var info = (await signIns.GetExternalLoginInfoAsync())!;
            await signIns.SignOutAsync();
            return (await signIns.ExternalLoginSignInAsync(info.LoginProvider, info.ProviderKey, isPersistent: false, bypassTwoFactor: true)).ToString();
        });
        host.MapPost("/password-after-answer", async (SignInManager<IdentityUser> signIns) =>
        {
            Assert.NotNull(await signIns.GetExternalLoginInfoAsync());
            return (await signIns.PasswordSignInAsync("ada@example.com", IdentityApp.Password, isPersistent: false, lockoutOnFailure: true)).ToString();
        });
        host.MapPost("/ending/password", async (string ends, IServiceProvider services, SignInManager<IdentityUser> signIns) =>
        {
            await EndAsync(services, ends);
            return (await signIns.PasswordSignInAsync("ada@example.com", IdentityApp.Password, isPersistent: false, lockoutOnFailure: true)).ToString();
        });
        host.MapPost("/ending/page", async (string ends, IServiceProvider services, SignInManager<IdentityUser> signIns) =>
        {
            var info = (await signIns.GetExternalLoginInfoAsync())!;
            await EndAsync(services, ends);
            return (await signIns.ExternalLoginSignInAsync(info.LoginProvider, info.ProviderKey, isPersistent: false, bypassTwoFactor: false)).ToString();
        });
        host.MapPost("/passkey/options", (SignInManager<IdentityUser> signIns) => signIns.MakePasskeyRequestOptionsAsync(null));
        host.MapPost("/passkey", async (SignInManager<IdentityUser> signIns) => (await signIns.PasskeySignInAsync("{}")).ToString());
    }

    private static void EndWithFirstFactor(AuthAppSetup setup, string where, string ends)
    {
        if (where == "event")
        {
            setup.Services += services => services.Configure<OpenIdConnectOptions>("Work", options => options.Events.OnTicketReceived = context =>
                EndAsync(context.HttpContext.RequestServices, ends));
        }

        if (where == "callback")
        {
            setup.Options += options => options.Callbacks.OnSignIn = async context =>
            {
                await EndAsync(context.Services, ends);
                return SignInDecision.Allow;
            };
        }
    }

    private static async Task ShowFirstFactorAsync(IdentityApp app, Browser browser, string where, string ends)
    {
        if (where == "password")
        {
            Assert.Equal("RequiresTwoFactor", (await browser.PostAsync("/ending/password?ends=" + ends)).Text);
            return;
        }

        var asked = where == "page" ? (await browser.OpenAsync("/external?provider=Work")).Location! : (await browser.StartSignInAsync("work")).Location!;
        app.App.Clock.Advance(TimeSpan.FromSeconds(20));
        await browser.ArriveAsync(app.Provider.Answer(asked));
        if (where == "page")
        {
            Assert.Equal("RequiresTwoFactor", (await browser.PostAsync("/ending/page?ends=" + ends)).Text);
        }
    }

    private static async Task EndAsync(IServiceProvider services, string ends)
    {
        await using var scope = services.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();
        var user = (await users.FindByEmailAsync("ada@example.com"))!;
        await (ends switch
        {
            "stamp" => users.UpdateSecurityStampAsync(user),
            "sessions" => services.GetRequiredService<SessionManager>().RevokeUserAsync(user.Id, RevocationReason.SignedOut, Token),
            _ => Task.CompletedTask,
        });
    }

    private static async Task<Browser> RememberedAsync(IdentityApp app, IdentityUser ada)
    {
        var code = await app.UseSecondFactorAsync(ada);
        var browser = app.App.CreateBrowser();
        Assert.Equal("RequiresTwoFactor", (await browser.PostAsync($"/login?name={ada.UserName}&remember=false")).Text);
        Assert.Equal("Succeeded", (await browser.PostAsync("/second?code=" + code)).Text);
        await browser.PostAsync("/remember");
        return browser;
    }

    private static async Task ArriveAsync(IdentityApp app, Browser browser, string provider) =>
        await browser.ArriveAsync(app.Provider.Answer((await browser.OpenAsync("/external?provider=" + provider)).Location!));

    private static async Task<bool> IsFreshAsync(Browser browser) => (await browser.FetchAsync(HttpMethod.Get, Sensitive)).Status == HttpStatusCode.OK;

    // https://learn.microsoft.com/aspnet/core/security/authentication/mfa: a policy of the app's asks for a second factor by it.
    private sealed class FactoryOfTheDocumentation(UserManager<IdentityUser> users, IOptions<IdentityOptions> options) : UserClaimsPrincipalFactory<IdentityUser>(users, options)
    {
        public override async Task<ClaimsPrincipal> CreateAsync(IdentityUser user)
        {
            var principal = await base.CreateAsync(user);
            ((ClaimsIdentity)principal.Identity!).AddClaim(new Claim("amr", user.TwoFactorEnabled ? "mfa" : "pwd"));
            return principal;
        }
    }

    // In place of an authenticator and its signature; what is around it is Identity's.
    private sealed class AdasPasskey(UserManager<IdentityUser> users) : IPasskeyHandler<IdentityUser>
    {
        public Task<PasskeyCreationOptionsResult> MakeCreationOptionsAsync(PasskeyUserEntity userEntity, HttpContext httpContext) => throw new NotSupportedException();

        public Task<PasskeyAttestationResult> PerformAttestationAsync(PasskeyAttestationContext context) => throw new NotSupportedException();

        public Task<PasskeyRequestOptionsResult> MakeRequestOptionsAsync(IdentityUser? user, HttpContext httpContext) =>
            Task.FromResult(new PasskeyRequestOptionsResult { RequestOptionsJson = "{}", AssertionState = "challenge" });

        public async Task<PasskeyAssertionResult<IdentityUser>> PerformAssertionAsync(PasskeyAssertionContext context)
        {
            Assert.Equal("challenge", context.AssertionState);
            return PasskeyAssertionResult.Success(
                new UserPasskeyInfo([1], [2], DateTimeOffset.UnixEpoch, 0, null, true, false, false, [3], [4]), (await users.FindByEmailAsync("ada@example.com"))!);
        }
    }
}
