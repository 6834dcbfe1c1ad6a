namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>POST sessions/revoke</c>: signs one other device out.</summary>
public sealed partial class SessionsRevokeEndpointTests
{
    [Fact]
    public async Task ADeviceIsSignedOutFromAnother()
    {
        await using var app = await AuthApp.StartAsync();
        using var here = app.CreateBrowser();
        using var there = app.CreateBrowser();
        await here.SignInAsync("github");
        await there.SignInAsync("github");

        var list = await here.OpenAsync(Devices.Address);
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

    // Whoever found this device open, or copied its cookie, must not lock the owner out of all others.
    [Theory]
    [InlineData("/api/auth/sessions/revoke", "/api/auth/sessions")]
    [InlineData("/api/auth/sessions/revoke-others", "/api/auth/sessions")]
    [InlineData("/api/auth/signout", "/api/auth/signout?where=everywhere&callbackUrl=http%3A%2F%2Flocalhost%2Fbye")]
    public async Task WhoSignedInLongAgoIsAskedToSignInOnceMoreBeforeOthersAreSignedOut(string address, string back)
    {
        await using var app = await AuthApp.StartAsync();
        using var here = app.CreateBrowser();
        using var there = app.CreateBrowser();
        await there.SignInAsync("github");
        await here.SignInAsync("github");
        var id = await there.DeviceAsync();
        KeyValuePair<string, string>[] fields = [new("session", id), new("where", "everywhere"), new("callbackUrl", "/bye")];
        app.Clock.Advance(TimeSpan.FromMinutes(15));

        var asked = await here.PostAsync(address, fields);

        Assert.Equal("/api/auth/signin/github", asked.Location!.AbsolutePath);
        Assert.Equal(("true", "http://localhost" + back), (Page.Query(asked.Location, "fresh"), Page.Query(asked.Location, "callbackUrl")));
        Assert.NotEqual("null", await there.SessionAsync());
        Assert.NotEqual("null", await here.SessionAsync());

        var returned = await here.ChooseAsync(await here.PressAsync(await here.GetAsync(asked.Location.PathAndQuery)));
        Assert.Equal(new Uri("http://localhost" + back).PathAndQuery, returned.Address.PathAndQuery);
        await here.PostAsync(address, fields);
        Assert.Equal("null", await there.SessionAsync());
    }

    [Fact]
    public async Task SigningOutHereAloneIsNeverAskedAbout()
    {
        await using var app = await AuthApp.StartAsync();
        using var here = app.CreateBrowser();
        await here.SignInAsync("github");
        app.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal("/bye", (await here.PostAsync("/api/auth/signout", [new("callbackUrl", "/bye")])).Location!.AbsolutePath);
        Assert.Equal("null", await here.SessionAsync());
    }

    [Fact]
    public async Task AnAppMaySayThatNobodyIsAskedAgain()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.Session.FreshFor = Timeout.InfiniteTimeSpan);
        using var here = app.CreateBrowser();
        await here.SignInAsync("github");
        app.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal("?done=others", (await here.PostAsync(Devices.Address + "/revoke-others")).Location!.Query);
    }

    [Fact]
    public async Task NobodySignsOutSomebodyElse()
    {
        await using var app = await AuthApp.StartAsync();
        using var ada = app.CreateBrowser();
        using var grace = app.CreateBrowser();
        await ada.SignInAsync("github");
        await grace.SignInAsync("github", person: "grace");
        var id = await grace.DeviceAsync();

        var answer = await ada.PostAsync(Devices.Address + "/revoke", [new("session", id)]);
        Assert.Equal("gone", answer.Location!.Query.Split('=')[^1]);
        Assert.NotEqual("null", await grace.SessionAsync());
    }

    [Fact]
    public async Task TheCurrentDeviceIsNotSignedOutFromItsOwnList()
    {
        await using var app = await AuthApp.StartAsync();
        using var here = app.CreateBrowser();
        await here.SignInAsync("github");
        var id = await here.DeviceAsync();
        var answer = await here.PostAsync(Devices.Address + "/revoke", [new("session", id)]);
        Assert.Equal("?done=gone", answer.Location!.Query);
        Assert.NotEqual("null", await here.SessionAsync());
        Assert.Single((await here.OpenAsync(Devices.Address)).Document.QuerySelectorAll(".ba-device"));
    }

    [Fact]
    public Task APostOfAnotherSiteChangesNothing() => Devices.AssertNeedsOurOwnPageAsync(Devices.Address + "/revoke");

    [Fact]
    public Task WhoIsNotSignedInEndsNothing() => Devices.AssertNeedsASessionAsync(Devices.Address + "/revoke");
}
