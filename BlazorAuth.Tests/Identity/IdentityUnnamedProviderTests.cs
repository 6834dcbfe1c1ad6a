using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;

namespace BlazorAuth.Tests.Identity;

/// <summary>Pages of an app that read a provider's answer and sign in without saying with which provider, or call it otherwise.</summary>
public sealed class IdentityUnnamedProviderTests
{
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
        Assert.False(await IdentityApp.IsFreshAsync(browser));

        await app.ArriveAsync(browser);
        await browser.PostAsync(page);
        Assert.Equal("ada@example.com", await browser.NameAsync());
        Assert.False(await IdentityApp.IsFreshAsync(browser));

        await app.UseSecondFactorAsync(ada);
        app.App.Clock.Advance(TimeSpan.FromSeconds(5));
        await app.ArriveAsync(browser);
        await browser.PostAsync(page);
        Assert.Equal("ada@example.com", await browser.NameAsync());
        Assert.False(await IdentityApp.IsFreshAsync(browser));
        await app.ChangeAsync(ada, (users, user) => users.SetTwoFactorEnabledAsync(user, false));

        // The answer is still there; the password was given.
        Assert.Equal("Succeeded", (await browser.PostAsync("/password-after-answer")).Text);
        Assert.True(await IdentityApp.IsFreshAsync(browser));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task NorDoesItSignInWhoseSessionsWereEndedSinceTheProviderWasAsked(bool isWritten)
    {
        await using var app = await StartAsync(isWritten);
        await app.CreateLinkedAsync();
        using var thief = app.App.CreateBrowser();
        await app.ArriveAsync(thief);
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));
        await app.EndAsync("sessions");
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));

        await thief.PostAsync("/unnamed");

        Assert.Equal("null", await thief.SessionAsync());
    }

    // The provider that answered counts for FreshProviders, whatever the page calls it.
    [Theory]
    [InlineData("/external/sign-in")]
    [InlineData("/unnamed")]
    [InlineData("/unnamed?called=Work")]
    public async Task TheProviderThatAnsweredIsTheSessions(string page)
    {
        await using var app = await StartAsync(options: options => options.Session.FreshProviders.Add("work"));
        var ada = await app.CreateLinkedAsync("Google");
        using var browser = app.App.CreateBrowser();
        await app.ArriveAsync(browser, "Google");
        await browser.PostAsync(page);

        Assert.Equal("google", Assert.Single(await app.App.Sessions.ListAsync(ada.Id, TestContext.Current.CancellationToken)).Provider);
        Assert.False(await IdentityApp.IsFreshAsync(browser));
    }

    private static Task<IdentityApp> StartAsync(bool isWritten = false, Action<AuthOptions>? options = null) => IdentityApp.StartAsync(
        setup =>
        {
            setup.Map += Map;
            setup.Options += options;
        },
        identity: builder => _ = isWritten ? builder.AddClaimsPrincipalFactory<FactoryOfTheDocumentation>() : builder);

    private static void Map(WebApplication host)
    {
        host.MapPost("/unnamed", async (string? called, SignInManager<IdentityUser> signIns) =>
        {
            var info = (await signIns.GetExternalLoginInfoAsync())!;
            await signIns.SignInAsync((await signIns.UserManager.FindByLoginAsync(info.LoginProvider, info.ProviderKey))!, isPersistent: false, called);
        });
        host.MapPost("/password-after-answer", async (SignInManager<IdentityUser> signIns) =>
        {
            Assert.NotNull(await signIns.GetExternalLoginInfoAsync());
            return (await signIns.PasswordSignInAsync("ada@example.com", IdentityApp.Password, isPersistent: false, lockoutOnFailure: true)).ToString();
        });
    }
}
