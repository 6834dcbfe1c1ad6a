using System.Net;
using BlazorAuth.Tests.Accounts;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>account/delete</c>: two questions, a recent sign-in, and then nothing is left.</summary>
public sealed class AccountDeleteEndpointTests
{
    private const string Delete = "/api/auth/account/delete";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AfterTwoQuestionsTheUserIsDeletedAndSignedOutEverywhere()
    {
        var told = new List<string>();
        await using var linking = await Linking.StartAsync(options => options.Events.OnUserDeleted = context =>
        {
            told.Add(context.UserId);
            return ValueTask.CompletedTask;
        });
        using var browser = linking.App.CreateBrowser();
        using var phone = linking.App.CreateBrowser();
        var id = await linking.SignInAsync(browser, "acme");
        await linking.SignInAsync(phone, "acme");
        var copy = browser.Cookies[AuthApp.SessionCookie];

        var first = await browser.OpenAsync((await browser.OpenAsync("/api/auth/account")).Document.QuerySelector("a.ba-danger")!.GetAttribute("href")!);
        Assert.Equal("Delete your account?", first.Document.QuerySelector("h1")!.TextContent);
        Assert.Contains("Ada Lovelace", first.Text, StringComparison.Ordinal);
        var second = await browser.PressAsync(first, "main form button");
        Assert.Equal("Are you sure?", second.Document.QuerySelector("h1")!.TextContent);
        Assert.NotNull(await linking.Store.FindAsync((await linking.Store.ListAccountsAsync(id, Token))[0].Issuer, "42", Token));
        Assert.Empty(told);
        var end = await browser.PressAsync(second, "button[name=sure]");

        Assert.Equal("Your account is deleted", end.Document.QuerySelector("h1")!.TextContent);
        Assert.Equal([id], told);
        Assert.NotNull((await linking.Store.FindUserAsync(id, Token))!.DeletedAt);
        Assert.Null(browser.Cookies[AuthApp.SessionCookie]);
        Assert.Equal("null", await phone.SessionAsync());
        browser.Cookies[AuthApp.SessionCookie] = copy;
        Assert.Equal("null", await browser.SessionAsync());
        Assert.NotEqual(id, await linking.SignInAsync(browser, "acme"));
    }

    [Fact]
    public async Task NobodyDeletesByAForeignFormOrWithoutARecentSignIn()
    {
        await using var linking = await Linking.StartAsync();
        using var browser = linking.App.CreateBrowser();
        Assert.Equal("/api/auth/signin", (await browser.OpenAsync(Delete)).Address.AbsolutePath);
        var id = await linking.SignInAsync(browser, "acme");
        browser.SendsCookiesFromEverySite = true;
        await browser.PostAsync(Delete, [new("sure", "yes")], site: "cross-site");
        Assert.NotEqual("null", await browser.SessionAsync());

        // A link asks the first question again, whatever it says.
        Assert.Equal("Delete your account?", (await browser.OpenAsync(Delete + "?sure=yes")).Document.QuerySelector("h1")!.TextContent);
        linking.App.Clock.Advance(TimeSpan.FromMinutes(16));
        var asked = await browser.FetchFormAsync(Delete, new() { ["sure"] = "yes" });

        Assert.StartsWith("/api/auth/signin/acme?fresh=true", asked.Location!.PathAndQuery, StringComparison.Ordinal);
        Assert.Equal("/api/auth/signin/acme", (await browser.OpenAsync(Delete)).Address.AbsolutePath);
        Assert.Null((await linking.Store.FindUserAsync(id, Token))!.DeletedAt);
    }

    [Theory]
    [InlineData("no users")]
    [InlineData("not allowed")]
    public async Task WhereUsersCannotDeleteThemselvesThereIsNothing(string how)
    {
        await using var linking = await Linking.StartAsync(options => (options.Accounts.Enabled, options.Accounts.AllowDeletion) = (how != "no users", how != "not allowed"));
        using var browser = linking.App.CreateBrowser();
        await linking.SignInAsync(browser, "acme");

        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync(Delete)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.FetchFormAsync(Delete, new() { ["sure"] = "yes" })).Status);
        Assert.Empty((await browser.OpenAsync("/api/auth/account")).Document.QuerySelectorAll("a.ba-danger"));
    }
}
