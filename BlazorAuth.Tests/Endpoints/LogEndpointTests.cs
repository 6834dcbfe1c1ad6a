using System.Net;
using System.Net.Http.Headers;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>POST _log</c>: where next-auth 4 reports its own troubles.</summary>
public sealed class LogEndpointTests(PlainApp plain) : IClassFixture<PlainApp>
{
    [Fact]
    public async Task TheLogOfAnOldClientIsTakenAndNotKept()
    {
        var app = plain.App;
        using var browser = app.CreateBrowser();
        var answer = await browser.PostAsync("/api/auth/_log", [new("level", "error"), new("message", "text-of-anybody")], site: "cross-site");
        Assert.Equal((HttpStatusCode.OK, ""), (answer.Status, answer.Text));
        app.Logs.AssertHoldsNone(["text-of-anybody"]);
    }

    [Theory]
    [InlineData("{", "application/json", 400)]
    [InlineData("{\"level\":\"error\"}", "application/json", 200)]
    [InlineData("anything", "text/plain", 200)]
    public async Task OnlyWhatCannotBeReadIsRefused(string body, string type, int status)
    {
        var app = plain.App;
        using var browser = app.CreateBrowser();
        var answer = await browser.FetchAsync(HttpMethod.Post, "/api/auth/_log", new StringContent(body, new MediaTypeHeaderValue(type)));
        Assert.Equal(status, (int)answer.Status);
        Assert.Empty(answer.SetCookies);
    }

    [Fact]
    public async Task NobodyFillsTheMemoryThroughIt()
    {
        using var browser = plain.App.CreateBrowser();
        var answer = await browser.FetchAsync(HttpMethod.Post, "/api/auth/_log", new FormUrlEncodedContent([new("message", new string('x', 300_000))]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
    }
}
