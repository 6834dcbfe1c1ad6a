using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace BlazorAuth.Tests.Identity;

/// <summary>What a second factor or a passkey proves on Identity's pages, and since when the sign-in has been under way.</summary>
public sealed class IdentityFactorTests
{
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
        Assert.True(await IdentityApp.IsFreshAsync(browser));
        app.App.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.False(await IdentityApp.IsFreshAsync(browser));

        app.AnswersAsked(askedBefore);
        await app.ArriveAsync(browser, provider);
        Assert.Equal("Succeeded", (await browser.PostAsync("/external/sign-in")).Text);

        Assert.False(await IdentityApp.IsFreshAsync(browser));
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
        await app.EndAsync(ends);
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

        await app.EndAsync("stamp");

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
        await app.ArriveAsync(browser);
        Assert.Equal("RequiresTwoFactor", (await browser.PostAsync("/external/sign-in")).Text);

        await app.ArriveAsync(browser);
        Assert.Equal("Succeeded", (await browser.PostAsync("/sign-out-and-in")).Text);

        Assert.Equal("ada@example.com", await browser.NameAsync());
        Assert.False(await IdentityApp.IsFreshAsync(browser));
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
        await app.EndAsync(ends);
        app.App.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("Succeeded", (await thief.PostAsync("/passkey")).Text);

        Assert.Equal(ends != "none", await thief.SessionAsync() == "null");
    }

    private static Task<IdentityApp> StartAsync(bool isWritten = false) => IdentityApp.StartAsync(
        setup => setup.Map += Map,
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
        host.MapPost("/remember", async (HttpContext http, SignInManager<IdentityUser> signIns) =>
            await signIns.RememberTwoFactorClientAsync((await signIns.UserManager.GetUserAsync(http.User))!));
        host.MapPost("/sign-out-and-in", async (SignInManager<IdentityUser> signIns) =>
        {
            var info = (await signIns.GetExternalLoginInfoAsync())!;
            await signIns.SignOutAsync();
            return (await signIns.ExternalLoginSignInAsync(info.LoginProvider, info.ProviderKey, isPersistent: false, bypassTwoFactor: true)).ToString();
        });
        host.MapPost("/passkey/options", (SignInManager<IdentityUser> signIns) => signIns.MakePasskeyRequestOptionsAsync(null));
        host.MapPost("/passkey", async (SignInManager<IdentityUser> signIns) => (await signIns.PasskeySignInAsync("{}")).ToString());
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
}
