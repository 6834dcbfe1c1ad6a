using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Tests.Identity;

/// <summary>Sign-ins with a provider on Identity's own pages: what the provider's answer proves, and in whose browser it counts.</summary>
public sealed class IdentityExternalTests
{
    private const string Cookie = "Identity.External";

    // The provider lets people through without asking, as single sign-on does.
    [Theory]
    [InlineData("Work", null, false)]
    [InlineData("Work", -600, false)]
    [InlineData("Work", 0, true)]
    [InlineData("Google", null, true)]
    public async Task ANewSessionIsAsFreshAsTheProviderSays(string provider, int? askedBefore, bool isFresh)
    {
        await using var app = await IdentityApp.StartAsync();
        await app.CreateLinkedAsync(provider);
        using var browser = app.App.CreateBrowser();
        await SignInAsync(app, browser, provider, askedBefore);
        Assert.Equal(isFresh, await IdentityApp.IsFreshAsync(browser));
    }

    // Somebody at an unlocked device, whose owner is asked to confirm who they are, presses the provider's button on Identity's page instead.
    [Theory]
    [InlineData("Work", null)]
    [InlineData("Work", -600)]
    [InlineData("Google", null)]
    public async Task ASessionGetsNoFresherByAProviderThatLetsPeopleThrough(string provider, int? askedBefore)
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateLinkedAsync(provider);
        using var browser = await app.SignInAsync(ada);
        Assert.True(await IdentityApp.IsFreshAsync(browser));
        app.App.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.False(await IdentityApp.IsFreshAsync(browser));

        await SignInAsync(app, browser, provider, askedBefore);

        Assert.Equal(provider, Assert.Single(await app.App.Sessions.ListAsync(ada.Id, TestContext.Current.CancellationToken)).Provider, ignoreCase: true);
        Assert.False(await IdentityApp.IsFreshAsync(browser));

        // The password makes it fresh, and so does the confirmation.
        await browser.PostAsync($"/login?name={ada.UserName}&remember=false");
        Assert.True(await IdentityApp.IsFreshAsync(browser));
    }

    [Fact]
    public async Task WhoShowsASecondFactorAfterTheProviderHasBeenAsked()
    {
        await using var app = await IdentityApp.StartAsync();
        var ada = await app.CreateLinkedAsync();
        var code = await app.UseSecondFactorAsync(ada);
        using var browser = app.App.CreateBrowser();
        await SignInAsync(app, browser, "Work", askedBefore: null);
        Assert.Equal("null", await browser.SessionAsync());

        await browser.PostAsync("/second?code=" + code);

        Assert.True(await IdentityApp.IsFreshAsync(browser));
    }

    // Mallory finishes her own flow up to the cookie that Identity's pages read; a sibling host sets that cookie in Ada's browser, and Ada clicks one link.
    [Theory]
    [InlineData("https://app.example")]
    [InlineData("http://intranet.example")]
    public async Task AnAnswerThatIsPlantedInAnotherBrowserSignsNobodyIn(string address)
    {
        await using var app = await IdentityApp.StartAsync(setup => setup.Address = new Uri(address));
        await app.CreateLinkedAsync();
        using var mallory = app.App.CreateBrowser();
        await ArriveAsync(app, mallory, "Work", askedBefore: null);
        using var ada = app.App.CreateBrowser();
        await ada.StartSignInAsync("work");
        ada.Cookies[Cookie] = mallory.Cookies[Cookie];
        Assert.NotNull(ada.Cookies[Cookie]);

        Assert.Equal("nothing", (await ada.OpenAsync("/external/back")).Text);
        Assert.Equal("no answer", (await ada.PostAsync("/external/sign-in")).Text);
        Assert.Equal("null", await ada.SessionAsync());
        Assert.Contains(app.App.Logs.All, line => line.Event.Id == 728);
        Assert.Equal("Succeeded", (await mallory.PostAsync("/external/sign-in")).Text);
    }

    // Databases whose usual collation ignores the case of letters.
    [Fact]
    public async Task ALoginThatDiffersInTheCaseOfLettersIsAnotherPersons()
    {
        await using var app = await IdentityApp.StartAsync(identity: builder => builder.AddUserManager<IgnoringCase>());
        var ada = await app.CreateAsync("ada@example.com");
        await app.ChangeAsync(ada, (users, user) => users.AddLoginAsync(user, new UserLoginInfo("Work", "admin", "Work")));
        app.Provider.User["sub"] = "admin";
        using var own = await app.ComeAsync("work");
        Assert.Equal("ada@example.com", await own.NameAsync());

        app.Provider.User["sub"] = "ADMIN";
        using var other = app.App.CreateBrowser();
        await other.ArriveAsync(app.Provider.Answer((await other.StartSignInAsync("work")).Location!));

        Assert.Equal("null", await other.SessionAsync());
        Assert.Single(await app.App.Sessions.ListAsync(ada.Id, TestContext.Current.CancellationToken));
    }

    private static async Task SignInAsync(IdentityApp app, Browser browser, string provider, int? askedBefore)
    {
        await ArriveAsync(app, browser, provider, askedBefore);
        await browser.PostAsync("/external/sign-in");
    }

    private static async Task ArriveAsync(IdentityApp app, Browser browser, string provider, int? askedBefore)
    {
        app.AnswersAsked(askedBefore);
        var page = await app.ArriveAsync(browser, provider);
        Assert.StartsWith(provider + " 42", page.Text, StringComparison.Ordinal);
    }


    private sealed class IgnoringCase(
        IUserStore<IdentityUser> store, IOptions<IdentityOptions> options, IPasswordHasher<IdentityUser> hasher, IEnumerable<IUserValidator<IdentityUser>> userValidators,
        IEnumerable<IPasswordValidator<IdentityUser>> passwordValidators, ILookupNormalizer normalizer, IdentityErrorDescriber errors, IServiceProvider services,
        ILogger<UserManager<IdentityUser>> logger)
        : UserManager<IdentityUser>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, logger)
    {
        public override Task<IdentityUser?> FindByLoginAsync(string loginProvider, string providerKey) => base.FindByLoginAsync(loginProvider, providerKey.ToLowerInvariant());
    }
}
