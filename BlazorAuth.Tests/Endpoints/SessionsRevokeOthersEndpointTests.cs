namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>POST sessions/revoke-others</c>: signs every other device out.</summary>
public sealed class SessionsRevokeOthersEndpointTests
{
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

        var done = await here.PressAsync(await here.OpenAsync(Devices.Address), ".ba-all + form button");
        Assert.Contains("You’ve signed out of all other devices.", done.Document.Body!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["null", "null"], [await second.SessionAsync(), await third.SessionAsync()]);
        Assert.NotEqual("null", await here.SessionAsync());
    }

    [Fact]
    public Task APostOfAnotherSiteChangesNothing() => Devices.AssertNeedsOurOwnPageAsync(Devices.Address + "/revoke-others");

    [Fact]
    public Task WhoIsNotSignedInEndsNothing() => Devices.AssertNeedsASessionAsync(Devices.Address + "/revoke-others");
}
