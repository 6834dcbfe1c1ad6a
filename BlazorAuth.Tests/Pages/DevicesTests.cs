using System.Net;

namespace BlazorAuth.Tests.Pages;

/// <summary>The page of devices, as a browser without script sees it.</summary>
public sealed class DevicesTests
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
        Assert.Contains("That device is signed out.", done.Document.QuerySelector("[role=status]")!.TextContent, StringComparison.Ordinal);
        Assert.Single(done.Document.QuerySelectorAll(".ba-device"));
        Assert.Equal("null", await there.SessionAsync());
        Assert.NotEqual("null", await here.SessionAsync());
        Assert.Contains("Signed out", (await here.OpenAsync("/api/auth/account")).Document.QuerySelector(".ba-list")!.TextContent, StringComparison.Ordinal);
    }

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

        var done = await here.PressAsync(await here.OpenAsync(Address), ".ba-all form button");
        Assert.Contains("All other devices are signed out.", done.Text, StringComparison.Ordinal);
        Assert.Equal(["null", "null"], [await second.SessionAsync(), await third.SessionAsync()]);
        Assert.NotEqual("null", await here.SessionAsync());
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

    [Theory]
    [InlineData("/revoke")]
    [InlineData("/revoke-others")]
    public async Task APostOfAnotherSiteChangesNothing(string action)
    {
        await using var app = await AuthApp.StartAsync();
        using var here = app.CreateBrowser();
        using var there = app.CreateBrowser();
        await here.SignInAsync("github");
        await there.SignInAsync("github");
        var id = (await there.OpenAsync(Address)).Document.QuerySelector("[data-ba-session]")!.GetAttribute("data-ba-session")!;
        await here.PostAsync(Address + action, [new("session", id)], site: "cross-site");
        Assert.NotEqual("null", await there.SessionAsync());
    }

    [Theory]
    [InlineData("/api/auth/sessions")]
    [InlineData("/api/auth/account")]
    public async Task WhoIsNotSignedInSignsInFirstAndComesBack(string address)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        var answer = await browser.GetAsync(address);
        Assert.Equal(HttpStatusCode.Found, answer.Status);
        Assert.Equal("/api/auth/signin", answer.Location!.AbsolutePath);
        Assert.Equal(new Uri(app.Address, address).AbsoluteUri, Microsoft.AspNetCore.WebUtilities.QueryHelpers.ParseQuery(answer.Location.Query)["callbackUrl"]);
    }

    [Fact]
    public async Task SigningOutEverywhereEndsEveryDeviceAndSaysSo()
    {
        await using var app = await AuthApp.StartAsync();
        using var here = app.CreateBrowser();
        using var there = app.CreateBrowser();
        await here.SignInAsync("github");
        await there.SignInAsync("github");
        var done = await here.PressAsync(await here.OpenAsync("/api/auth/signout?callbackUrl=/page"), "button", ("where", "everywhere"));
        Assert.Contains("Your sessions on all devices have ended.", done.Text, StringComparison.Ordinal);
        var elsewhere = await there.OpenAsync("/api/auth/signin");
        Assert.Contains("signed out from another window or device", elsewhere.Document.QuerySelector("[role=status]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["null", "null"], [await here.SessionAsync(), await there.SessionAsync()]);
    }

    [Fact]
    public async Task TheDeviceAtHandIsNotSignedOutFromItsOwnList()
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
    public async Task AListThatCannotBeReadIsAFaultOfTheSiteWithAnotherTry()
    {
        await using var app = await AuthApp.StartAsync(setup => FaultyStore.AddTo(setup, nameof(ISessionStore.ListAsync)));
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");
        var page = await browser.OpenAsync(Address);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.Status);
        Assert.Contains("You stay signed in.", page.Document.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(Address, page.Document.QuerySelectorAll("a.ba-button").Single().GetAttribute("href"));
        Assert.NotEqual("null", await browser.SessionAsync());
    }

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox on Windows")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15", "Safari on Mac")]
    [InlineData("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 OPR/124.0.0.0", "Opera on Mac")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1", "Safari on iPhone")]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0.0.0 Mobile/15E148 Safari/604.1", "Chrome on iPhone")]
    [InlineData("Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) FxiOS/143.0 Mobile/15E148 Safari/605.1.15", "Firefox on iPad")]
    [InlineData("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome on Android")]
    [InlineData("Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36", "Samsung Internet on Android")]
    [InlineData("Mozilla/5.0 (X11; CrOS x86_64 16181.61.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36", "Chrome on ChromeOS")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox on Linux")]
    [InlineData("curl/8.9.1", null)]
    [InlineData("<script>alert(1)</script> on Windows", "Windows")]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void ABrowserAndItsSystemAreSaidInWords(string? userAgent, string? words) => Assert.Equal(words, DeviceName.From(userAgent));
}
