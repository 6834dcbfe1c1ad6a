using System.Net;
using BlazorAuth.Tests.Circuits;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>GET signout</c>, <c>POST signout</c>: what ends, and what the page says, which is never more than what was done.</summary>
public sealed partial class SignOutEndpointTests
{
    private const string Address = "/api/auth/signout";
    private const string Nobody = "You’re not signed in on this browser.";
    private const string Everywhere = "You’ve signed out on all your devices.";

    [Fact]
    public async Task ItNamesWhoIsSignedInAndAsksWhere()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");
        var page = await browser.OpenAsync(Address);
        Assert.Contains("You’re signed in as Ada Lovelace.", page.Document.QuerySelector("main")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["here", "everywhere"], page.Document.QuerySelectorAll("input[name=where]").Select(choice => choice.GetAttribute("value")!));
        Assert.True(page.Document.QuerySelector("input[value=here]")!.HasAttribute("checked"));
    }

    [Fact]
    public async Task SigningOutHereSaysSoAndLeadsBackToWhereThePersonWas()
    {
        await using var app = await AuthApp.StartAsync();
        using var here = app.CreateBrowser();
        using var there = app.CreateBrowser();
        await here.SignInAsync("github");
        await there.SignInAsync("github");
        var done = await here.PressAsync(await here.OpenAsync(Address + "?callbackUrl=/page"), "button", ("where", "here"));
        Assert.Equal("You’ve signed out on this device. Your other devices stay signed in.", Says(done));
        var again = new Uri(app.Address, done.Document.QuerySelector("a.ba-primary")!.GetAttribute("href")!);
        Assert.Equal(("/api/auth/signin", new Uri(app.Address, "/page").AbsoluteUri), (again.AbsolutePath, Page.Query(again, "callbackUrl")));
        Assert.Equal("null", await here.SessionAsync());
        Assert.NotEqual("null", await there.SessionAsync());
    }

    [Fact]
    public async Task WithoutASessionItClaimsNoEnding()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        Assert.Equal(Nobody, Says(await browser.OpenAsync(Address)));
        Assert.Equal(Nobody, Says(await browser.FollowAsync(Post(browser, app, "everywhere"))));
    }

    [Theory]
    [InlineData("everywhere")]
    [InlineData("here")]
    [InlineData("only-here")]
    public async Task AnAddressAloneIsNotBelieved(string done)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        Assert.Equal(Nobody, Says(await browser.OpenAsync($"{Address}?done={done}")));

        // Nor more than what was done, nor for longer than a moment.
        await browser.SignInAsync("github");
        await browser.PressAsync(await browser.OpenAsync(Address), "button", ("where", done == "here" ? "everywhere" : "here"));
        Assert.Equal(Nobody, Says(await browser.OpenAsync($"{Address}?done={done}")));
    }

    [Fact]
    public async Task WhatEndedIsSaidForAMoment()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");
        var done = await browser.PressAsync(await browser.OpenAsync(Address), "button", ("where", "everywhere"));
        Assert.Equal(Everywhere, Says(done));
        Assert.Equal(Everywhere, Says(await browser.OpenAsync(done.Address.PathAndQuery)));
        app.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(Nobody, Says(await browser.OpenAsync(done.Address.PathAndQuery)));
    }

    [Fact]
    public async Task ARevokedCookieEndsNothingElse()
    {
        await using var app = await AuthApp.StartAsync();
        using var here = app.CreateBrowser();
        using var there = app.CreateBrowser();
        await here.SignInAsync("github");
        var old = here.Cookies["authjs.session-token"];
        await here.PostAsync(Address);
        await there.SignInAsync("github");
        here.Cookies["authjs.session-token"] = old;

        var done = await here.FollowAsync(Post(here, app, "everywhere"));

        Assert.Equal(Nobody, Says(done));
        Assert.Null(here.Cookies.Find("authjs.session-token"));
        Assert.NotEqual("null", await there.SessionAsync());
    }

    [Fact]
    public async Task AStalePageOfOurOwnCanAlwaysSignOut()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");
        var done = await browser.PostAsync(Address, [new("csrfToken", new string('0', 64)), new("page", "1")]);
        Assert.Equal(HttpStatusCode.Found, done.Status);
        Assert.Equal("null", await browser.SessionAsync());
    }

    [Theory]
    [InlineData("1")]
    [InlineData(null)]
    public async Task AStoreThatIsDownKeepsNobodySignedInHere(string? page)
    {
        CountingStore store = null!;
        await using var app = await AuthApp.StartAsync(setup => setup.Providers = builder =>
        {
            var inner = new MemorySessionStore(setup.Clock);
            store = new CountingStore(inner);
            builder.AddGitHub().Services.Replace(ServiceDescriptor.Singleton<ISessionStore>(store)).Replace(ServiceDescriptor.Singleton<IProtectionKeyStore>(inner));
        });
        using var here = app.CreateBrowser();
        using var there = app.CreateBrowser();
        await here.SignInAsync("github");
        await there.SignInAsync("github");
        var copy = here.Cookies["authjs.session-token"];
        store.IsDown = true;

        var done = await here.FollowAsync(Post(here, app, "everywhere", page));

        Assert.Equal(HttpStatusCode.OK, done.Status);
        Assert.StartsWith("You’ve signed out on this device. We couldn’t reach your other devices", Says(done), StringComparison.Ordinal);
        Assert.Null(here.Cookies.Find("authjs.session-token"));
        here.Cookies["authjs.session-token"] = copy;
        Assert.Equal("null", await here.SessionAsync());
        Assert.NotEqual("null", await there.SessionAsync());
    }

    [Theory]
    [InlineData("/bye?callbackUrl=http%3A%2F%2Flocalhost%2Fpage", null)]
    [InlineData("/bye?callbackUrl=http%3A%2F%2Flocalhost%2Fpage&done=everywhere", "everywhere")]
    public async Task APageOfTheAppsOwnLearnsWhereThePersonGoesAndWhatEnded(string expected, string? where)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = auth => auth.Pages.SignOut = "/bye");
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");
        var answer = where is null
            ? await browser.GetAsync(Address + "?callbackUrl=/page&done=everywhere")
            : await browser.GetAsync((await browser.SendAsync(Post(browser, app, where))).Location!.PathAndQuery);
        Assert.Equal(expected, answer.Location!.PathAndQuery);
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
        Assert.Contains("You’ve signed out on all your devices.", done.Document.Body!.TextContent, StringComparison.Ordinal);
        var elsewhere = await there.OpenAsync("/api/auth/signin");
        Assert.Contains("signed out in another window or on another device", elsewhere.Document.QuerySelector("[role=status]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(["null", "null"], [await here.SessionAsync(), await there.SessionAsync()]);
    }

    private static HttpRequestMessage Post(Browser browser, AuthApp app, string where, string? page = "1")
    {
        var message = browser.Message(HttpMethod.Post, new Uri(app.Address, Address), "same-origin");
        List<KeyValuePair<string, string>> fields = [new("where", where), new("callbackUrl", "/page")];
        if (page is not null)
        {
            fields.Add(new("page", page));
        }

        message.Content = new FormUrlEncodedContent(fields);
        return message;
    }

    private static string? Says(Page page) => page.Document.QuerySelector("main .ba-outcome .ba-lead")?.TextContent;
}
