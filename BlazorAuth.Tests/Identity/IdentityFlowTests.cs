using System.Security.Claims;
using System.Text.Json.Nodes;
using BlazorAuth.Tests.Flows;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace BlazorAuth.Tests.Identity;

/// <summary>External logins in an app with Identity: flows that its pages began, and flows that ours did.</summary>
public sealed class IdentityFlowTests
{
    [Fact]
    public async Task AFlowThatIdentitysPagesBeganEndsThereAndSignsNobodyIn()
    {
        await using var app = await IdentityApp.StartAsync();
        using var browser = app.App.CreateBrowser();
        var page = await browser.OpenAsync("/external?provider=Work");
        page = await browser.ArriveAsync(app.Provider.Answer(page.Location!));
        Assert.Equal("Work 42 Ada@Example.com", page.Text);
        Assert.Equal("null", await browser.SessionAsync());
    }

    [Fact]
    public async Task LinkingOnIdentitysPagesLeavesThePersonSignedIn()
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await app.SignInAsync(ada);
        var page = await browser.OpenAsync("/external?provider=Google");
        page = await browser.ArriveAsync(app.Provider.Answer(page.Location!));
        Assert.Equal("Google 42 Ada@Example.com", page.Text);
        Assert.Equal("ada@example.com", await browser.NameAsync());
    }

    /// <summary>Whoever could begin a flow under another provider's name would come back as that provider's person with the same id.</summary>
    [Fact]
    public async Task TheProviderThatAnsweredCountsNotTheOneThatWasNamed()
    {
        await using var app = await IdentityApp.StartAsync();
        using var browser = app.App.CreateBrowser();
        var page = await browser.OpenAsync("/external?provider=Work&named=Google");
        page = await browser.ArriveAsync(app.Provider.Answer(page.Location!));
        Assert.StartsWith("Work 42", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAnswerInAnotherBrowserIsHandedToNobody()
    {
        await using var app = await IdentityApp.StartAsync();
        using var attacker = app.App.CreateBrowser();
        var page = await attacker.OpenAsync("/external?provider=Work");
        var answer = app.Provider.Answer(page.Location!);
        using var visitor = app.App.CreateBrowser();
        await visitor.StartSignInAsync("work");
        FlowBindingTests.Plant(app.App, attacker, visitor);
        Assert.Equal("CookieLost", (await visitor.ArriveAsync(answer)).Query("reason"));
        Assert.Equal("nothing", (await visitor.OpenAsync("/external/back")).Text);
    }

    [Fact]
    public async Task AFlowOfOursFindsTheUserByTheirLoginAndBringsIdentitysClaims()
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("countess@example.com", true, new Claim("department", "engines"));
        await LinkAsync(app, ada, "Work");
        using var browser = await app.ComeAsync("work");
        var claims = (await browser.OpenAsync("/claims")).Json!;
        Assert.Equal(ada.Id, (string?)claims["sub"]);
        Assert.Equal("countess@example.com", (string?)claims[ClaimTypes.Name]);
        Assert.Equal("engines", (string?)claims["department"]);
        Assert.Equal("work", (string?)claims[AuthClaims.Provider]);
        Assert.Equal("Work", (string?)claims[ClaimTypes.AuthenticationMethod]);
        Assert.Equal("true", (await browser.OpenAsync("/is-signed-in")).Text);
        await app.ChangeAsync(ada, (users, user) => users.UpdateSecurityStampAsync(user));
        Assert.Equal("null", await browser.SessionAsync());
    }

    [Fact]
    public async Task ALockedOutUserDoesNotComeInByAProvider()
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("countess@example.com");
        await LinkAsync(app, ada, "Work");
        await app.ChangeAsync(ada, (users, user) => users.SetLockoutEndDateAsync(user, DateTimeOffset.MaxValue));
        using var browser = await app.ComeAsync("work", "Banned");
        Assert.Equal("null", await browser.SessionAsync());
    }

    // Its holder has another way in, or an old copy: neither is the second factor.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ATokenOfAnAuthJsDoesNotReplaceTheSecondFactor(bool hasSecondFactor)
    {
        await using var app = await IdentityApp.StartAsync(setup => setup.Options = options => options.Session.AcceptAuthJsTokens = true);
        var ada = await app.CreateAsync("countess@example.com");
        await app.ChangeAsync(ada, async (users, user) =>
        {
            await users.ResetAuthenticatorKeyAsync(user);
            await users.SetTwoFactorEnabledAsync(user, hasSecondFactor);
        });
        using var browser = WithTokenOf(app, ada);

        Assert.Equal(hasSecondFactor, await browser.SessionAsync() == "null");
    }

    [Fact]
    public async Task ASessionOfAnAuthJsEndsWhenAnotherProgramChangesThePasswordBeforeTheFirstCheck()
    {
        await using var app = await IdentityApp.StartAsync(setup => setup.Options = options => options.Session.AcceptAuthJsTokens = true);
        var ada = await app.CreateAsync("countess@example.com");
        using var browser = WithTokenOf(app, ada);
        Assert.NotEqual("null", await browser.SessionAsync());
        await app.WithAsync<IdentityDbContext>(async database =>
        {
            (await database.Users.SingleAsync(TestContext.Current.CancellationToken)).SecurityStamp = "ANOTHER";
            await database.SaveChangesAsync(TestContext.Current.CancellationToken);
        });

        app.App.Clock.Advance(TimeSpan.FromMinutes(31));

        Assert.Equal("null", await browser.SessionAsync());
    }

    [Fact]
    public async Task AUserWhoMayNotSignInYetDoesNotComeInByAProvider()
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("countess@example.com", isConfirmed: false);
        await LinkAsync(app, ada, "Work");
        using var browser = await app.ComeAsync("work", "EmailNotVerified");
        Assert.Equal("null", await browser.SessionAsync());
    }

    [Fact]
    public async Task TheSecondFactorIsAskedForBeforeThereIsASession()
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("countess@example.com");
        await LinkAsync(app, ada, "Work");
        await app.ChangeAsync(ada, async (users, user) =>
        {
            await users.ResetAuthenticatorKeyAsync(user);
            await users.SetTwoFactorEnabledAsync(user, true);
        });
        using var browser = app.App.CreateBrowser();
        var page = await browser.ArriveAsync(app.Provider.Answer((await browser.StartSignInAsync("work", "/private")).Location!));
        Assert.Equal("second factor of countess@example.com: /private", page.Text);
        Assert.Equal("null", await browser.SessionAsync());
        Assert.Empty(await app.App.Sessions.ListAsync(ada.Id, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task TheEndpointThatConnectsAddsALoginAndNeverTakesAnothersOver()
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        var eve = await app.CreateAsync("eve@example.com");
        using var browser = await app.SignInAsync(ada);
        await ConnectAsync(app, browser);
        await app.ChangeAsync(ada, async (users, user) => Assert.Equal("Google", Assert.Single(await users.GetLoginsAsync(user)).LoginProvider));
        Assert.Equal("ada@example.com", await browser.NameAsync());

        using var other = await app.SignInAsync(eve);
        Assert.Equal("AccountOfSomebodyElse", (await ConnectAsync(app, other)).Query("reason"));
        await app.ChangeAsync(eve, async (users, user) => Assert.Empty(await users.GetLoginsAsync(user)));
    }

    [Fact]
    public async Task ALoginThatWasAddedShowsInOpenPagesAtOnce()
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await app.SignInAsync(ada);
        var circuit = await app.OpenCircuitAsync(browser);
        await ConnectAsync(app, browser);
        Assert.True((await circuit.NewsAsync()).Identity!.IsAuthenticated);
    }

    private static async Task<Page> ConnectAsync(IdentityApp app, Browser browser)
    {
        var page = await browser.PostAsync("/api/auth/account/connect/google");
        return await browser.ArriveAsync(app.Provider.Answer(page.Location!));
    }

    private static Browser WithTokenOf(IdentityApp app, IdentityUser user)
    {
        var (browser, now) = (app.App.CreateBrowser(), app.App.Clock.GetUtcNow());
        browser.Cookies[AuthApp.SessionCookie] = new SessionToken(new SessionKeyRing([AuthApp.Secret])).Write(
            new JsonObject { ["name"] = "Ada", ["sub"] = user.Id }, AuthApp.SessionCookie, now, now.AddHours(1));
        return browser;
    }

    private static Task LinkAsync(IdentityApp app, IdentityUser user, string provider) =>
        app.ChangeAsync(user, async (users, found) => Assert.True((await users.AddLoginAsync(found, new UserLoginInfo(provider, "42", provider))).Succeeded));
}
