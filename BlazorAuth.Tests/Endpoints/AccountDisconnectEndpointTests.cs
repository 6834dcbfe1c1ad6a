using System.Net;
using BlazorAuth.Tests.Accounts;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>POST account/disconnect</c>: one way less, never none.</summary>
public sealed class AccountDisconnectEndpointTests
{
    private const string Disconnect = "/api/auth/account/disconnect";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AWayIsDisconnectedAndTheLastOneStays()
    {
        await using var linking = await Linking.StartAsync();
        using var browser = linking.App.CreateBrowser();
        var id = await linking.SignInAsync(browser, "acme");
        Assert.Empty((await browser.OpenAsync("/api/auth/account")).Document.QuerySelectorAll("form[action$=disconnect]"));
        var connected = await linking.ConnectAsync(browser);
        using var elsewhere = linking.App.CreateBrowser();
        Assert.Equal(id, await linking.SignInAsync(elsewhere, "work"));
        var forms = connected.Document.QuerySelectorAll("form[action$=disconnect] button").Select(button => button.GetAttribute("aria-label"));
        Assert.Equal(["Disconnect Acme", "Disconnect Work"], forms);

        var page = await browser.PressAsync(connected, "[aria-label='Disconnect Work']");

        Assert.Contains("Disconnected.", page.Text, StringComparison.Ordinal);
        Assert.Equal("acme", Assert.Single(await linking.Store.ListAccountsAsync(id, Token)).Provider);
        Assert.Equal("null", await elsewhere.SessionAsync());
        Assert.NotEqual("null", await browser.SessionAsync());
        using var later = linking.App.CreateBrowser();
        Assert.NotEqual(id, await linking.SignInAsync(later, "work"));

        // A page that was open before still has the form.
        var last = await browser.PressAsync(connected, "[aria-label='Disconnect Acme']");
        Assert.Contains("only way to sign in", last.Text, StringComparison.Ordinal);
        Assert.Single(await linking.Store.ListAccountsAsync(id, Token));
    }

    [Fact]
    public async Task NobodyDisconnectsSomebodyElseOrWithoutARecentSignIn()
    {
        await using var linking = await Linking.StartAsync();
        using var browser = linking.App.CreateBrowser();
        using var eve = linking.App.CreateBrowser();
        var id = await linking.SignInAsync(browser, "acme");
        await linking.ConnectAsync(browser);
        var account = (await linking.Store.ListAccountsAsync(id, Token))[1];
        linking.Fake.User["id"] = 43;
        await linking.SignInAsync(eve, "acme");

        var answer = await eve.FetchFormAsync(Disconnect, new() { ["account"] = account.DefaultUserId });
        Assert.Equal("?done=gone", answer.Location!.Query);
        browser.SendsCookiesFromEverySite = true;
        await browser.PostAsync(Disconnect, [new("account", account.DefaultUserId)], site: "cross-site");
        Assert.Equal(2, (await linking.Store.ListAccountsAsync(id, Token)).Count);
        linking.App.Clock.Advance(TimeSpan.FromMinutes(16));
        answer = await browser.FetchFormAsync(Disconnect, new() { ["account"] = account.DefaultUserId });
        Assert.StartsWith("/api/auth/signin/acme?fresh=true", answer.Location!.PathAndQuery, StringComparison.Ordinal);
        using var nobody = linking.App.CreateBrowser();
        Assert.Equal("/api/auth/signin", (await nobody.PostAsync(Disconnect)).Location!.AbsolutePath);
        Assert.Equal(2, (await linking.Store.ListAccountsAsync(id, Token)).Count);
    }

    [Fact]
    public async Task WhereNoUsersAreKeptThereIsNothingToDisconnect()
    {
        await using var linking = await Linking.StartAsync(options => options.Accounts.Enabled = false);
        using var browser = linking.App.CreateBrowser();
        await linking.SignInAsync(browser, "acme");

        Assert.Equal(HttpStatusCode.NotFound, (await browser.PostAsync(Disconnect)).Status);
    }
}
