using System.Net;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>GET sessions</c>: the page of devices, as a browser without script sees it.</summary>
public sealed class SessionsEndpointTests
{
    private const string Address = "/api/auth/sessions";

    [Fact]
    public async Task AListThatCannotBeReadIsAFaultOfTheSiteWithAnotherTry()
    {
        await using var app = await AuthApp.StartAsync(setup => FaultyStore.AddTo(setup, nameof(ISessionStore.ListAsync)));
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");
        var page = await browser.OpenAsync(Address);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.Status);
        Assert.Contains("You’re still signed in.", page.Document.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(Address, page.Document.QuerySelectorAll("a.ba-button").Single().GetAttribute("href"));
        Assert.NotEqual("null", await browser.SessionAsync());
    }

    [Fact]
    public async Task WhoIsNotSignedInSignsInFirstAndComesBack()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        var answer = await browser.GetAsync(Address);
        Assert.Equal(HttpStatusCode.Found, answer.Status);
        Assert.Equal("/api/auth/signin", answer.Location!.AbsolutePath);
        Assert.Equal(new Uri(app.Address, Address).AbsoluteUri, Page.Query(answer.Location, "callbackUrl"));
    }
}
