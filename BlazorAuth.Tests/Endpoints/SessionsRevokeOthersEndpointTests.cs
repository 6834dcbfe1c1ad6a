using System.Net;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>POST sessions/revoke-others</c>: signs every other device out.</summary>
public sealed class SessionsRevokeOthersEndpointTests
{
    private const string Address = "/api/auth/sessions";

    [Fact]
    public async Task AllOtherDevicesAreSignedOutAtOnce()
    {
        await using var app = await AuthApp.StartAsync();
        using var here = app.CreateBrowser();
        using var second = app.CreateBrowser();
        using var third = app.CreateBrowser();
        foreach (var browser in new[] { here, second, third })
        {
            await browser.SignInAsync("google");
        }

        var done = await here.PressAsync(await here.OpenAsync(Address), ".ba-all + form button");
        Assert.Contains("You’ve signed out of all other devices.", done.Document.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["null", "null"], [await second.SessionAsync(), await third.SessionAsync()]);
        Assert.NotEqual("null", await here.SessionAsync());
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
        await here.PostAsync(Address + "/revoke-others", [new("session", id)], site: "cross-site");
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
        var answer = await nobody.PostAsync(Address + "/revoke-others", [new("session", id)]);
        Assert.Equal((HttpStatusCode.Found, "/api/auth/signin"), (answer.Status, answer.Location!.AbsolutePath));
        Assert.NotEqual("null", await ada.SessionAsync());
    }
}
