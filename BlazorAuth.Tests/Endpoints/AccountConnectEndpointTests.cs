using System.Net;
using BlazorAuth.Tests.Accounts;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>POST account/connect/{provider}</c>: the one place where linking starts, and what cannot be slipped into it.</summary>
public sealed class AccountConnectEndpointTests
{
    private const string Connect = "/api/auth/account/connect/work";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AUserConnectsAnotherWayAndKeepsTheirSession()
    {
        var told = new List<string>();
        await using var linking = await Linking.StartAsync(options => options.Events.OnAccountLinked = context =>
        {
            told.Add($"{context.Account.Provider} to {context.Account.UserId}");
            return ValueTask.CompletedTask;
        });
        using var browser = linking.App.CreateBrowser();
        var id = await linking.SignInAsync(browser, "acme");
        var session = Assert.Single(await linking.App.Sessions.ListAsync(id, Token)).Id;

        var page = await linking.ConnectAsync(browser);

        Assert.Equal("/api/auth/account", page.Address.AbsolutePath);
        Assert.Contains("Connected.", page.Text, StringComparison.Ordinal);
        Assert.Equal([$"work to {id}"], told);
        Assert.Equal([session], (await linking.App.Sessions.ListAsync(id, Token)).Select(live => live.Id));
        using var other = linking.App.CreateBrowser();
        Assert.Equal(id, await linking.SignInAsync(other, "work"));
    }

    [Fact]
    public async Task OnlyAFormOfOurOwnStartsItForSomebodyWhoSignedInLately()
    {
        await using var linking = await Linking.StartAsync();
        using var browser = linking.App.CreateBrowser();

        Assert.Equal("/api/auth/signin", (await browser.PostAsync(Connect)).Location!.AbsolutePath);
        await linking.SignInAsync(browser, "acme");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await browser.OpenAsync(Connect)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.PostAsync(Connect + "x")).Status);
        browser.SendsCookiesFromEverySite = true;
        Assert.NotEqual("id.example", (await browser.PostAsync(Connect, site: "cross-site")).Location?.Host);
        Assert.Equal("id.example", (await browser.PostAsync(Connect)).Location!.Host);

        linking.App.Clock.Advance(TimeSpan.FromMinutes(16));
        var asked = await browser.PostAsync(Connect);
        Assert.StartsWith("/api/auth/signin/acme?fresh=true", asked.Location!.PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnAnswerThatAnotherBrowserGetsLinksNothing()
    {
        await using var linking = await Linking.StartAsync();
        using var mine = linking.App.CreateBrowser();
        using var victim = linking.App.CreateBrowser();
        var id = await linking.SignInAsync(mine, "acme");
        linking.Fake.User["id"] = 43;
        await linking.SignInAsync(victim, "acme");

        var away = await Linking.StartConnectAsync(mine);
        var page = await victim.ArriveAsync(linking.Fake.Answer(away));

        Assert.Equal("/api/auth/error", page.Address.AbsolutePath);
        Assert.Null(await linking.Store.FindAsync(FakeProvider.Issuer, "42", Token));
        Assert.Single(await linking.Store.ListAccountsAsync(id, Token));
    }

    [Theory]
    [InlineData("signed out")]
    [InlineData("somebody else")]
    [InlineData("banned")]
    [InlineData("deleted")]
    public async Task AnAnswerThatComesToAnotherSessionLinksNothing(string how)
    {
        await using var linking = await Linking.StartAsync();
        using var browser = linking.App.CreateBrowser();
        var id = await linking.SignInAsync(browser, "acme");
        var away = await Linking.StartConnectAsync(browser);
        switch (how)
        {
            case "signed out":
                await browser.PostAsync("/api/auth/signout");
                break;
            case "somebody else":
                linking.Fake.User["id"] = 43;
                Assert.NotEqual(id, await linking.SignInAsync(browser, "acme"));
                break;
            case "banned":
                await linking.Store.BanAsync(id, DateTimeOffset.MaxValue, null, Token);
                break;
            default:
                await linking.App.Services.GetRequiredService<AccountManager>().DeleteAsync(id, Token);
                break;
        }

        var page = await browser.ArriveAsync(linking.Fake.Answer(away));

        Assert.Equal("/api/auth/error", page.Address.AbsolutePath);
        Assert.Null(await linking.Store.FindAsync(FakeProvider.Issuer, "42", Token));
    }

    // By the store's clock the session has ended, by the machine's it has not: nobody can say which of them is right.
    [Fact]
    public async Task AClockThatIsInDoubtEndsNoSessionWhileSomebodyIsAtTheProvider()
    {
        await using var linking = await Linking.StartAsync();
        using var browser = linking.App.CreateBrowser();
        await linking.SignInAsync(browser, "acme");
        var away = await Linking.StartConnectAsync(browser);
        // Once the answer counts, and before the session does: an answer of 31 days ago would be over.
        linking.Fake.ChangeIdToken = _ => linking.App.Services.GetRequiredService<SharedClock>().Saw(linking.App.Clock.GetUtcNow().AddDays(31));
        // As after another site's form; with its cookie, the session would be renewed first.
        browser.Cookies[AuthApp.SessionCookie] = null;

        await browser.ArriveAsync(linking.Fake.Answer(away));

        Assert.NotNull(await linking.Store.FindAsync(FakeProvider.Issuer, "42", Token));
    }

    [Fact]
    public async Task TheAppsNoConnectsNothing()
    {
        await using var linking = await Linking.StartAsync(options => options.Callbacks.OnSignIn = context =>
            ValueTask.FromResult(context.Account.Provider == "work" ? SignInDecision.Deny : SignInDecision.Allow));
        using var browser = linking.App.CreateBrowser();
        await linking.SignInAsync(browser, "acme");

        var page = await linking.ConnectAsync(browser);

        Assert.Equal(HttpStatusCode.Forbidden, page.Status);
        Assert.Null(await linking.Store.FindAsync(FakeProvider.Issuer, "42", Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TheAccountCallbackHearsWhoConnects(bool agrees)
    {
        string? connecting = null;
        await using var linking = await Linking.StartAsync(options => options.Callbacks.OnAccount = context =>
        {
            connecting = context.ConnectingUserId;
            return ValueTask.FromResult(AccountDecision.User(context.Provider == "acme" || agrees ? "mine" : "somebody-else"));
        });
        using var browser = linking.App.CreateBrowser();
        Assert.Equal("mine", await linking.SignInAsync(browser, "acme"));
        Assert.Null(connecting);

        var page = await linking.ConnectAsync(browser);

        Assert.Equal("mine", connecting);
        Assert.Contains(agrees ? "Connected." : "Another user has that account", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereNoUsersAreKeptThereIsNothingToConnect()
    {
        await using var linking = await Linking.StartAsync(options => options.Accounts.Enabled = false);
        using var browser = linking.App.CreateBrowser();
        await linking.SignInAsync(browser, "acme");

        Assert.Equal(HttpStatusCode.NotFound, (await browser.PostAsync(Connect)).Status);
        Assert.Empty((await browser.OpenAsync("/api/auth/account")).Document.QuerySelectorAll("form[action*=connect]"));
    }
}
