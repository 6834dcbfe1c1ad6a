using System.Net;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>GET sessions</c>: the page of devices, as a browser without script sees it.</summary>
public sealed class SessionsEndpointTests
{
    [Fact]
    public async Task AListThatCannotBeReadIsAFaultOfTheSiteWithAnotherTry()
    {
        await using var app = await AuthApp.StartAsync(setup => FaultyStore.AddTo(setup, nameof(ISessionStore.ListAsync)));
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");
        var page = await browser.OpenAsync(Devices.Address);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.Status);
        Assert.Contains("You’re still signed in.", page.Document.QuerySelector("[role=alert]")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(Devices.Address, page.Document.QuerySelectorAll("a.ba-button").Single().GetAttribute("href"));
        Assert.NotEqual("null", await browser.SessionAsync());
    }

    [Fact]
    public Task WhoIsNotSignedInSignsInFirstAndComesBack() => Devices.AssertSignsInFirstAsync(Devices.Address);
}
