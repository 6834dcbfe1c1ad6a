using System.Net;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>GET signed-in</c>: where a sign-in beside an open page ends. What the page's script does is tested in Chromium.</summary>
public sealed class SignedInEndpointTests(PlainApp plain) : IClassFixture<PlainApp>
{
    private const string Address = "/api/auth/signed-in";

    [Fact]
    public async Task ASignInBesideAnOpenPageEndsHere()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        var end = await browser.SignInAsync("github", callbackUrl: Address);
        Assert.Equal((HttpStatusCode.OK, Address), (end.Status, end.Address.AbsolutePath));
        Assert.NotNull(end.Document.QuerySelector("[data-signed-in] [role=status]"));
        Assert.Contains("Ada", await browser.SessionAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThePageHasTheScriptThatTellsTheOtherAndAWayHomeWithoutIt()
    {
        using var browser = plain.App.CreateBrowser();
        var page = await browser.GetAsync(Address);
        Assert.Contains(page.Document.QuerySelectorAll("script[src]"), script => script.GetAttribute("src")!.StartsWith("/api/auth/assets/blazorauth.js", StringComparison.Ordinal));
        Assert.Equal("/", page.Document.QuerySelector("[data-signed-in] a")!.GetAttribute("href"));
    }

    [Fact]
    public async Task ItSignsNobodyInAndSendsNobodyAway()
    {
        using var browser = plain.App.CreateBrowser();
        var page = await browser.GetAsync(Address + "?callbackUrl=https://evil.example/");
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.DoesNotContain("evil.example", page.Text, StringComparison.Ordinal);
        Assert.Equal("null", await browser.SessionAsync());
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await browser.PostAsync(Address)).Status);
    }
}
