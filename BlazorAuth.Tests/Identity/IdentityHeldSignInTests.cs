using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace BlazorAuth.Tests.Identity;

/// <summary>Sign-ins of Identity's users that began before everything of them was ended, and come after it.</summary>
public sealed class IdentityHeldSignInTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // Somebody who knows the password has passed it, and has the page for the second factor open. The owner changes the password (ResetPasswordAsync: a new stamp).
    [Theory]
    [InlineData("password")]
    [InlineData("stamp")]
    public async Task WhoHasPassedAnEarlierPasswordIsNotInWithTheSecondFactorAlone(string how)
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        var code = await app.UseSecondFactorAsync(ada);
        using var thief = app.App.CreateBrowser();
        Assert.Equal("RequiresTwoFactor", (await thief.PostAsync($"/login?name={ada.UserName}&remember=false")).Text);
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.ChangeAsync(ada, async (users, user) => Assert.True((how == "password"
            ? await users.ChangePasswordAsync(user, IdentityApp.Password, IdentityApp.Password + "!")
            : await users.UpdateSecurityStampAsync(user)).Succeeded));
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));

        await thief.PostAsync("/second?code=" + code);

        Assert.Equal("null", await thief.SessionAsync());
    }

    // The same, and an administrator ends all sessions of the user: HeldAnswerTests' promise. The page is loaded again now and then, which renews Identity's cookie.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NorAfterASignOutEverywhereHoweverOftenThePageIsLoaded(bool loads)
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        var code = await app.UseSecondFactorAsync(ada);
        using var thief = app.App.CreateBrowser();
        Assert.Equal("RequiresTwoFactor", (await thief.PostAsync($"/login?name={ada.UserName}&remember=false")).Text);
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.App.Sessions.RevokeUserAsync(ada.Id, Token);
        app.App.Clock.Advance(TimeSpan.FromMinutes(2));
        if (loads)
        {
            Assert.Contains(ada.UserName!, (await thief.OpenAsync("/Account/LoginWith2fa")).Text, StringComparison.Ordinal);
        }

        app.App.Clock.Advance(TimeSpan.FromSeconds(30));
        await thief.PostAsync("/second?code=" + code);

        Assert.Equal("null", await thief.SessionAsync());
    }

    // The provider's answer is kept, as in HeldAnswerTests, by somebody with a second factor: the cookie for that one is written when the answer comes.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NorWithAProvidersAnswerThatWasKept(bool hasSecondFactor)
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateLinkedAsync();
        var code = hasSecondFactor ? await app.UseSecondFactorAsync(ada) : "";
        using var thief = app.App.CreateBrowser();
        var asked = (await thief.StartSignInAsync("work")).Location!;
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.App.Sessions.RevokeUserAsync(ada.Id, Token);
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));
        await thief.ArriveAsync(app.Provider.Answer(asked));
        if (hasSecondFactor)
        {
            await thief.PostAsync("/second?code=" + code);
        }

        Assert.Equal("null", await thief.SessionAsync());
    }

    // A new stamp is Identity's sign-out everywhere: a provider's answer that was kept meanwhile.
    [Theory]
    [InlineData("own")]
    [InlineData("page")]
    public async Task NorWithAProvidersAnswerThatWasKeptWhenTheStampIsNew(string way)
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateLinkedAsync();
        using var thief = app.App.CreateBrowser();
        var asked = way == "own" ? (await thief.StartSignInAsync("work")).Location! : (await thief.OpenAsync("/external?provider=Work")).Location!;
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));
        using var owner = await app.SignInAsync(ada);
        await owner.PostAsync("/password");
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));
        await thief.ArriveAsync(app.Provider.Answer(asked));
        if (way == "page")
        {
            await thief.PostAsync("/external/sign-in");
        }

        Assert.Equal("null", await thief.SessionAsync());
    }

    // An administrator's page takes the user from a list (UserManager.Users, GetUsersInRoleAsync), not by FindByIdAsync.
    [Theory]
    [InlineData("found")]
    [InlineData("listed")]
    public async Task NorWhenAnAdministratorTakesTheUserFromAList(string how)
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateLinkedAsync();
        using var thief = app.App.CreateBrowser();
        var asked = (await thief.StartSignInAsync("work")).Location!;
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.UsersAsync(async users =>
        {
            var user = how == "found" ? (await users.FindByIdAsync(ada.Id))! : users.Users.Single(one => one.Id == ada.Id);
            Assert.True((await users.UpdateSecurityStampAsync(user)).Succeeded);
        });
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));

        await thief.ArriveAsync(app.Provider.Answer(asked));

        Assert.Equal("null", await thief.SessionAsync());
    }

    // A page that knows the provider's logins by another name than the scheme's. The provider's answer was kept until all sessions were ended.
    [Theory]
    [InlineData("Work")]
    [InlineData("Old name")]
    public async Task AKeptAnswerGetsNoYoungerByTheNameThatAPageGivesTheProviderBeforeTheSecondFactor(string called)
    {
        await using var app = await IdentityApp.StartAsync(setup => setup.Map += host => host.MapPost("/called", async (string called, SignInManager<IdentityUser> signIns) =>
        {
            var info = (await signIns.GetExternalLoginInfoAsync())!;
            return (await signIns.ExternalLoginSignInAsync(called, info.ProviderKey, isPersistent: false, bypassTwoFactor: false)).ToString();
        }));
        var ada = await app.CreateLinkedAsync();
        if (called != "Work")
        {
            await app.ChangeAsync(ada, (users, user) => users.AddLoginAsync(user, new UserLoginInfo(called, "42", called)));
        }

        var code = await app.UseSecondFactorAsync(ada);
        using var thief = app.App.CreateBrowser();
        await app.ArriveAsync(thief);
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.EndAsync("sessions");
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("RequiresTwoFactor", (await thief.PostAsync("/called?called=" + Uri.EscapeDataString(called))).Text);
        await thief.PostAsync("/second?code=" + code);

        Assert.Equal("null", await thief.SessionAsync());
    }

    // A handler that is none of the platform's remote ones (SAML) writes Identity's cookie itself.
    [Fact]
    public async Task AKeptAnswerOfAHandlerOfItsOwnSignsNobodyIn()
    {
        await using var app = await IdentityApp.StartAsync(setup => setup.Map += host => host.MapPost("/saml", (HttpContext http) => http.SignInAsync(
            IdentityConstants.ExternalScheme,
            new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "42")], "Saml")),
            new AuthenticationProperties { Items = { ["LoginProvider"] = "Saml" } })));
        var ada = await app.CreateLinkedAsync("Saml");
        using var thief = app.App.CreateBrowser();
        await thief.PostAsync("/saml");
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.EndAsync("sessions");
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));

        await thief.PostAsync("/external/sign-in");

        Assert.Equal("null", await thief.SessionAsync());
        Assert.Empty(await app.App.Sessions.ListAsync(ada.Id, Token));
    }
}
