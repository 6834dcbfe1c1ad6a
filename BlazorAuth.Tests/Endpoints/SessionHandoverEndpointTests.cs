using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>POST session/handover</c>: the session of the cookie, for the page's own circuit.</summary>
public sealed class SessionHandoverEndpointTests
{
    [Fact]
    public async Task AHandoverIsForOneCircuitForAMinuteAndIsNoCookie()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        Assert.Equal("null", (await HandOverAsync(browser, "circuit")).Text);
        await browser.SignInAsync("google");
        var session = Assert.Single(await app.Sessions.ListAsync(await browser.UserIdAsync(), TestContext.Current.CancellationToken));

        var handle = (string)(await HandOverAsync(browser, "circuit")).Json!["handle"]!;
        var handover = app.Services.GetRequiredService<SessionHandover>();
        var hash = HashOf(app, browser);
        Assert.Equal(session.Id, handover.Read(handle, "circuit", hash)!.Id);
        Assert.Equal(session.ExpiresAt, handover.Read(handle, "circuit", hash)!.ExpiresAt);
        Assert.Null(handover.Read(handle, "another", hash));
        Assert.Null(handover.Read(handle[..^4] + "AAAA", "circuit", hash));

        using var thief = app.CreateBrowser();
        Assert.Equal("null", (await thief.FetchAsync(HttpMethod.Get, "/api/auth/session", null, ("Cookie", "authjs.session-token=" + handle))).Text);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(handover.Read(handle, "circuit", hash));
    }

    [Fact]
    public async Task AHandoverNeedsProofThatOurOwnPageAsks()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        browser.SendsCookiesFromEverySite = true;

        var answer = await browser.FetchAsync(
            HttpMethod.Post, "/api/auth/session/handover", JsonContent.Create(new { circuit = "circuit" }), ("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example"));

        Assert.DoesNotContain("handle", answer.Text, StringComparison.Ordinal);
        Assert.Contains("handle", (await HandOverAsync(browser, "circuit")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"circuit\":\"\"}")]
    [InlineData("{\"circuit\":7}")]
    [InlineData("{\"circuit\":\"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef0\"}")]
    public async Task WithoutACircuitOfAPageItIsABadRequest(string body)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var answer = await browser.FetchAsync(
            HttpMethod.Post, "/api/auth/session/handover", new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")));
        Assert.Equal((HttpStatusCode.BadRequest, "\"Bad request.\""), (answer.Status, answer.Text));
    }

    // A script names its owner's circuit and has the visitor's browser fetch the handle: it must be good for nothing in that circuit.
    [Fact]
    public async Task AHandoverIsOfNoUseToACircuitOfAnotherBrowser()
    {
        await using var app = await AuthApp.StartAsync();
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        using var mallory = app.CreateBrowser();
        await mallory.StartSignInAsync("google");

        var handle = (string)(await HandOverAsync(ada, "mallorys circuit")).Json!["handle"]!;

        var handover = app.Services.GetRequiredService<SessionHandover>();
        Assert.Null(handover.Read(handle, "mallorys circuit", HashOf(app, mallory)));
        Assert.NotNull(handover.Read(handle, "mallorys circuit", HashOf(app, ada)));
        Assert.NotEqual(HashOf(app, ada), HashOf(app, mallory));
    }

    [Fact]
    public async Task AnAllowedFrontEndGetsNoHandover()
    {
        const string FrontEnd = "http://localhost:5173";
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.AllowedOrigins.Add(FrontEnd));
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        browser.SendsCookiesFromEverySite = true;
        var token = await browser.CsrfTokenAsync();
        foreach (var site in (string[])["same-site", "cross-site"])
        {
            var answer = await browser.FetchAsync(
                HttpMethod.Post, "/api/auth/session/handover", JsonContent.Create(new { circuit = "circuit", csrfToken = token }), ("Sec-Fetch-Site", site), ("Origin", FrontEnd));
            Assert.DoesNotContain("handle", answer.Text, StringComparison.Ordinal);
            Assert.Null(answer.Header("Access-Control-Allow-Origin"));
        }
    }

    private static string HashOf(AuthApp app, Browser browser)
    {
        var http = new DefaultHttpContext();
        (http.Request.Scheme, http.Request.Host) = (app.Address.Scheme, new HostString(app.Address.Authority));
        http.Request.Headers.Cookie = browser.Cookies.Header(app.Address, isCrossSitePost: false);
        return app.Services.GetRequiredService<BlazorAuth.Http.Cookies.BrowserCookie>().Hash(http)!;
    }

    private static Task<Page> HandOverAsync(Browser browser, string circuit) =>
        browser.FetchAsync(HttpMethod.Post, "/api/auth/session/handover", JsonContent.Create(new { circuit }));
}
