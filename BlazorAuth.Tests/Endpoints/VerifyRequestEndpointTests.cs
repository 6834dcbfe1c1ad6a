using System.Net;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>GET verify-request</c>: look in your mailbox.</summary>
public sealed class VerifyRequestEndpointTests(PlainApp plain) : IClassFixture<PlainApp>
{
    [Fact]
    public async Task APersonIsSentToTheirMailbox()
    {
        using var browser = plain.App.CreateBrowser();
        var page = await browser.GetAsync("/api/auth/verify-request?provider=email&type=email");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("email", page.Document.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NothingOfTheAddressIsShown()
    {
        using var browser = plain.App.CreateBrowser();
        var page = await browser.GetAsync("/api/auth/verify-request?provider=call-0900&type=%3Cscript%3Ealert(1)%3C/script%3E");
        Assert.DoesNotContain("call-0900", page.Document.Body!.TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("alert(1)", page.Document.Body.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task APageOfTheAppsOwnLearnsWhatTheProviderSaid()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = auth => auth.Pages.VerifyRequest = "/mailbox");
        using var browser = app.CreateBrowser();
        var answer = await browser.GetAsync("/api/auth/verify-request?provider=email&type=email");
        Assert.Equal((HttpStatusCode.Found, "/mailbox?provider=email&type=email"), (answer.Status, answer.Location!.PathAndQuery));
    }
}
