using System.Net;
using BlazorAuth.Tests.Accounts;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>POST account/export</c>: what is kept of a user, for the user alone.</summary>
public sealed class AccountExportEndpointTests
{
    private const string Export = "/api/auth/account/export";

    [Fact]
    public async Task AUserDownloadsWhatIsKeptOfThem()
    {
        await using var linking = await Linking.StartAsync();
        using var browser = linking.App.CreateBrowser();
        using var eve = linking.App.CreateBrowser();
        var id = await linking.SignInAsync(browser, "acme");
        (linking.Fake.User["id"], linking.Fake.User["name"]) = (43, "Eve");
        await linking.SignInAsync(eve, "acme");

        var file = await browser.PressAsync(await browser.OpenAsync("/api/auth/account"), "form[action$=export] button");

        Assert.Equal(("application/json", "attachment; filename=account.json; filename*=UTF-8''account.json"), (file.Header("Content-Type"), file.Header("Content-Disposition")));
        Assert.Contains("no-store", file.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Equal(id, file.Json!["user"]!["id"]!.GetValue<string>());
        Assert.Single(file.Json!["sessions"]!.AsArray());
        Assert.DoesNotContain("Eve", file.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NobodyGetsItByALinkOrWithoutARecentSignIn()
    {
        await using var linking = await Linking.StartAsync();
        using var browser = linking.App.CreateBrowser();
        Assert.Equal("/api/auth/signin", (await browser.PostAsync(Export)).Location!.AbsolutePath);
        await linking.SignInAsync(browser, "acme");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await browser.OpenAsync(Export)).Status);
        browser.SendsCookiesFromEverySite = true;
        Assert.DoesNotContain("Ada", (await browser.PostAsync(Export, site: "cross-site")).Text, StringComparison.Ordinal);
        Assert.Contains("Ada", (await browser.PostAsync(Export)).Text, StringComparison.Ordinal);

        linking.App.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.StartsWith("/api/auth/signin/acme?fresh=true", (await browser.PostAsync(Export)).Location!.PathAndQuery, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhereNoUsersAreKeptThereIsNothing()
    {
        await using var linking = await Linking.StartAsync(options => options.Accounts.Enabled = false);
        using var browser = linking.App.CreateBrowser();
        await linking.SignInAsync(browser, "acme");

        Assert.Equal(HttpStatusCode.NotFound, (await browser.PostAsync(Export)).Status);
    }
}
