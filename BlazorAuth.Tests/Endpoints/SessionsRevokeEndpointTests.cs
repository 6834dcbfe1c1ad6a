using System.Net;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>POST sessions/revoke</c>: signs one other device out.</summary>
public sealed class SessionsRevokeEndpointTests
{
    private const string Address = "/api/auth/sessions";

    [Fact]
    public async Task ADeviceIsSignedOutFromAnother()
    {
        await using var app = await AuthApp.StartAsync();
        using var here = app.CreateBrowser();
        using var there = app.CreateBrowser();
        await here.SignInAsync("github");
        await there.SignInAsync("github");

        var list = await here.OpenAsync(Address);
        Assert.Equal(2, list.Document.QuerySelectorAll(".ba-device").Length);
        Assert.Single(list.Document.QuerySelectorAll(".ba-device")[0].QuerySelectorAll(".ba-badge"));
        Assert.Empty(list.Document.QuerySelectorAll(".ba-device")[0].QuerySelectorAll("form"));

        var done = await here.PressAsync(list, ".ba-device form button");
        Assert.Contains("You’ve signed out of Chrome on Linux.", done.Document.QuerySelector("[role=status]")!.TextContent, StringComparison.Ordinal);
        Assert.Single(done.Document.QuerySelectorAll(".ba-device"));
        Assert.Equal("null", await there.SessionAsync());
        Assert.NotEqual("null", await here.SessionAsync());
        Assert.Contains("Signed out", (await here.OpenAsync("/api/auth/account")).Document.QuerySelector("[aria-labelledby=events]")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NobodySignsOutSomebodyElse()
    {
        await using var app = await AuthApp.StartAsync();
        using var ada = app.CreateBrowser();
        using var grace = app.CreateBrowser();
        await ada.SignInAsync("github");
        await grace.SignInAsync("github", person: "grace");
        var id = (await grace.OpenAsync(Address)).Document.QuerySelector("[data-ba-session]")!.GetAttribute("data-ba-session")!;

        var answer = await ada.PostAsync(Address + "/revoke", [new("session", id)]);
        Assert.Equal("gone", answer.Location!.Query.Split('=')[^1]);
        Assert.NotEqual("null", await grace.SessionAsync());
    }

    [Fact]
    public async Task TheCurrentDeviceIsNotSignedOutFromItsOwnList()
    {
        await using var app = await AuthApp.StartAsync();
        using var here = app.CreateBrowser();
        await here.SignInAsync("github");
        var id = (await here.OpenAsync(Address)).Document.QuerySelector("[data-ba-session]")!.GetAttribute("data-ba-session")!;
        var answer = await here.PostAsync(Address + "/revoke", [new("session", id)]);
        Assert.Equal("?done=gone", answer.Location!.Query);
        Assert.NotEqual("null", await here.SessionAsync());
        Assert.Single((await here.OpenAsync(Address)).Document.QuerySelectorAll(".ba-device"));
    }

    [Fact]
    public async Task APostOfAnotherSiteChangesNothing()
    {
        await using var app = await AuthApp.StartAsync();
        using var here = app.CreateBrowser();
        using var there = app.CreateBrowser();
        await here.SignInAsync("github");
        await there.SignInAsync("github");
        var id = (await there.OpenAsync(Address)).Document.QuerySelector("[data-ba-session]")!.GetAttribute("data-ba-session")!;
        await here.PostAsync(Address + "/revoke", [new("session", id)], site: "cross-site");
        Assert.NotEqual("null", await there.SessionAsync());
    }

    [Fact]
    public async Task WhoIsNotSignedInEndsNothing()
    {
        await using var app = await AuthApp.StartAsync();
        using var ada = app.CreateBrowser();
        using var nobody = app.CreateBrowser();
        await ada.SignInAsync("github");
        var id = (await ada.OpenAsync(Address)).Document.QuerySelector("[data-ba-session]")!.GetAttribute("data-ba-session")!;
        var answer = await nobody.PostAsync(Address + "/revoke", [new("session", id)]);
        Assert.Equal((HttpStatusCode.Found, "/api/auth/signin"), (answer.Status, answer.Location!.AbsolutePath));
        Assert.NotEqual("null", await ada.SessionAsync());
    }
}
