using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace BlazorAuth.Tests.Endpoints;

/// <summary>Bodies that are not what they should be.</summary>
public sealed class BodyTests(PlainApp plain) : IClassFixture<PlainApp>
{
    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("{\"csrfToken\":}")]
    public async Task MalformedJsonIsABadRequest(string body)
    {
        var app = plain.App;
        using var browser = app.CreateBrowser();
        foreach (var path in (string[])["session", "signout", "signin/google"])
        {
            var answer = await browser.FetchAsync(HttpMethod.Post, $"/api/auth/{path}", Json(body));
            Assert.Equal((HttpStatusCode.BadRequest, "\"Bad request.\""), (answer.Status, answer.Text));
        }
    }

    [Theory]
    [InlineData("[1,2]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("{\"csrfToken\":5,\"callbackUrl\":{}}")]
    [InlineData("{\"csrfToken\":\"\\ud800\",\"callbackUrl\":\"\\udc00\",\"\\ud800\":1}")]
    public async Task JsonThatIsNoFormHasNoToken(string body)
    {
        var app = plain.App;
        using var browser = app.CreateBrowser();
        browser.SendsFetchHeaders = false;
        var answer = await browser.FetchAsync(HttpMethod.Post, "/api/auth/session", Json(body));
        Assert.Equal((HttpStatusCode.BadRequest, "null"), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task ABodyBeyondTheLimitIsNotRead(string type)
    {
        var app = plain.App;
        using var browser = app.CreateBrowser();
        var text = type.EndsWith("json", StringComparison.Ordinal) ? $"{{\"a\":\"{new string('x', 300_000)}\"}}" : $"a={new string('x', 300_000)}";
        var answer = await browser.FetchAsync(HttpMethod.Post, "/api/auth/session", new StringContent(text, Encoding.UTF8, type));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("text/plain;x=application/x-www-form-urlencoded")]
    [InlineData("application/jsonp")]
    [InlineData("nonsense")]
    [InlineData(null)]
    public async Task OtherBodiesCountAsNone(string? type)
    {
        var app = plain.App;
        using var browser = app.CreateBrowser();
        var token = await browser.CsrfTokenAsync();
        browser.SendsFetchHeaders = false;
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes($"csrfToken={token}"));
        if (type is not null)
        {
            Assert.True(content.Headers.TryAddWithoutValidation("Content-Type", type));
        }

        var answer = await browser.FetchAsync(HttpMethod.Post, "/api/auth/session", content);
        Assert.Equal((HttpStatusCode.BadRequest, "null"), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task AMultipartFormCountsAsNone()
    {
        var app = plain.App;
        using var browser = app.CreateBrowser();
        using var content = new MultipartFormDataContent { { new StringContent(await browser.CsrfTokenAsync()), "csrfToken" } };
        browser.SendsFetchHeaders = false;
        var answer = await browser.FetchAsync(HttpMethod.Post, "/api/auth/signout", content);
        Assert.Equal("MissingCSRF", Page.Query(answer.Location!, "error"));
    }

    [Fact]
    public async Task OfARepeatedFieldTheLastCounts()
    {
        var app = plain.App;
        using var browser = app.CreateBrowser();
        var token = await browser.CsrfTokenAsync();
        browser.SendsFetchHeaders = false;
        var answer = await browser.PostAsync(
            "/api/auth/signout?callbackUrl=/query", [new("csrfToken", "no"), new("csrfToken", token), new("callbackUrl", "/first"), new("callbackUrl", "/last")]);
        Assert.Equal("http://localhost/last", answer.Location!.ToString());
    }

    [Fact]
    public async Task TooManyFieldsAreABadRequest()
    {
        var app = plain.App;
        using var browser = app.CreateBrowser();
        var answer = await browser.PostAsync("/api/auth/signout", Enumerable.Range(0, 2000).Select(i => KeyValuePair.Create($"f{i}", "x")));
        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
    }

    private static StringContent Json(string body) => new(body, new MediaTypeHeaderValue("application/json"));
}
