using System.Net;

namespace BlazorAuth.Tests.Endpoints;

/// <summary>What holds for every address that lists or ends sessions.</summary>
internal static class Devices
{
    /// <summary>The page that lists them.</summary>
    public const string Address = "/api/auth/sessions";

    /// <summary>The name by which the list tells a browser's own session.</summary>
    public static async Task<string> DeviceAsync(this Browser browser) =>
        (await browser.OpenAsync(Address)).Document.QuerySelector("[data-ba-session]")!.GetAttribute("data-ba-session")!;

    /// <summary>A page that is about somebody leads whoever is not signed in to the sign-in, and back.</summary>
    public static async Task AssertSignsInFirstAsync(string page)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        var answer = await browser.GetAsync(page);
        Assert.Equal(HttpStatusCode.Found, answer.Status);
        Assert.Equal("/api/auth/signin", answer.Location!.AbsolutePath);
        Assert.Equal(new Uri(app.Address, page).AbsoluteUri, Page.Query(answer.Location, "callbackUrl"));
    }

    /// <summary>A form of another site ends no session, even where the cookies come along; the same form of the own page does.</summary>
    public static async Task AssertNeedsOurOwnPageAsync(string action)
    {
        await using var app = await AuthApp.StartAsync();
        using var here = app.CreateBrowser();
        using var there = app.CreateBrowser();
        await here.SignInAsync("github");
        await there.SignInAsync("github");
        KeyValuePair<string, string>[] fields = [new("session", await there.DeviceAsync())];
        here.SendsCookiesFromEverySite = true;
        await here.PostAsync(action, fields, site: "cross-site");
        Assert.NotEqual("null", await there.SessionAsync());
        await here.PostAsync(action, fields);
        Assert.Equal("null", await there.SessionAsync());
    }

    /// <summary>Who is not signed in ends nothing and is asked to sign in.</summary>
    public static async Task AssertNeedsASessionAsync(string action)
    {
        await using var app = await AuthApp.StartAsync();
        using var ada = app.CreateBrowser();
        using var nobody = app.CreateBrowser();
        await ada.SignInAsync("github");
        var answer = await nobody.PostAsync(action, [new("session", await ada.DeviceAsync())]);
        Assert.Equal((HttpStatusCode.Found, "/api/auth/signin"), (answer.Status, answer.Location!.AbsolutePath));
        Assert.NotEqual("null", await ada.SessionAsync());
    }
}
