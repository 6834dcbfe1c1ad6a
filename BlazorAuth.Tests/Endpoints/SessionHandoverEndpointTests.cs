using System.Net;
using System.Net.Http.Json;

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
        var session = Assert.Single(await app.Sessions.ListAsync((string)(await browser.FetchAsync(HttpMethod.Get, "/api/private")).Json!["id"]!, TestContext.Current.CancellationToken));

        var handle = (string)(await HandOverAsync(browser, "circuit")).Json!["handle"]!;
        var handover = app.Services.GetRequiredService<SessionHandover>();
        Assert.Equal(session.Id, handover.Read(handle, "circuit")!.Id);
        Assert.Equal(session.ExpiresAt, handover.Read(handle, "circuit")!.ExpiresAt);
        Assert.Null(handover.Read(handle, "another"));
        Assert.Null(handover.Read(handle[..^4] + "AAAA", "circuit"));

        using var thief = app.CreateBrowser();
        Assert.Equal("null", (await thief.FetchAsync(HttpMethod.Get, "/api/auth/session", null, ("Cookie", "authjs.session-token=" + handle))).Text);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        Assert.Null(handover.Read(handle, "circuit"));
    }

    [Fact]
    public async Task AHandoverNeedsProofThatOurOwnPageAsks()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");

        var answer = await browser.FetchAsync(
            HttpMethod.Post, "/api/auth/session/handover", JsonContent.Create(new { circuit = "circuit" }), ("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example"));

        Assert.DoesNotContain("handle", answer.Text, StringComparison.Ordinal);
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

    private static Task<Page> HandOverAsync(Browser browser, string circuit) =>
        browser.FetchAsync(HttpMethod.Post, "/api/auth/session/handover", JsonContent.Create(new { circuit }));
}
