using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace BlazorAuth.Tests.Endpoints;

/// <summary>Bodies that are not what they should be.</summary>
public sealed class BodyTests(PlainApp plain) : IClassFixture<PlainApp>
{
    [Theory]
    [InlineData("{")]
    [InlineData("\0")]
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
    [InlineData("\n\t ")]
    [InlineData("")]
    [InlineData("\uFEFF")]
    [InlineData("\uFEFF {\"json\":true}")]
    [InlineData("[]")]
    public async Task AScriptThatNamesATypeAndSendsNothingSignsOut(string body)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");
        var content = new StringContent(body);
        content.Headers.ContentType = new("application/json") { CharSet = "utf-8" };
        Assert.Equal(HttpStatusCode.OK, (await browser.FetchAsync(HttpMethod.Post, "/api/auth/signout", content, ("X-Auth-Return-Redirect", "1"))).Status);
        Assert.Equal("null", await browser.SessionAsync());
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

    // The platform's reader throws at some of these; a form is read as UTF-8 whatever its type says.
    [Theory]
    [InlineData("application/x-www-form-urlencoded; charset=utf-7")]
    [InlineData("application/x-www-form-urlencoded; charset=\"utf-7\"")]
    [InlineData("application/x-www-form-urlencoded; charset=unicode-1-1-utf-7")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-16")]
    [InlineData("application/x-www-form-urlencoded; charset=utf-32BE")]
    [InlineData("application/x-www-form-urlencoded; charset=65000")]
    [InlineData("application/x-www-form-urlencoded; charset=nonsense")]
    [InlineData("application/x-www-form-urlencoded; charset=")]
    [InlineData("application/x-www-form-urlencoded; boundary=x; charset=utf-8; charset=utf-7")]
    [InlineData("APPLICATION/X-WWW-FORM-URLENCODED;charset=UTF-8")]
    public async Task NoCharsetOfAFormIsAServerError(string type)
    {
        using var browser = plain.App.CreateBrowser();
        foreach (var path in (string[])["signout", "signin", "signin/google", "callback/google", "session", "session/handover", "sessions/revoke", "_log", "nothing/here"])
        {
            var content = new ByteArrayContent("callbackUrl=%2Fbye&name=J%C3%BCrgen"u8.ToArray());
            Assert.True(content.Headers.TryAddWithoutValidation("Content-Type", type));
            var answer = await browser.FetchAsync(HttpMethod.Post, "/api/auth/" + path, content);
            Assert.True((int)answer.Status < 500, $"{path}: {(int)answer.Status}");
            if (path == "signout" && type.Contains("charset=utf-7", StringComparison.Ordinal) && !type.Contains("boundary", StringComparison.Ordinal))
            {
                Assert.Equal("/bye", answer.Location!.AbsolutePath);
            }
        }
    }

    [Theory]
    [InlineData("application/json; charset=utf-7")]
    [InlineData("application/json; charset=utf-16")]
    [InlineData("multipart/form-data; charset=utf-7; boundary=x")]
    [InlineData("multipart/form-data")]
    [InlineData("text/plain; charset=utf-7")]
    [InlineData("application/x-www-form-urlencoded, application/json")]
    [InlineData(";;;")]
    [InlineData("/")]
    public async Task NoOtherTypeOfABodyIsAServerErrorEither(string type)
    {
        using var browser = plain.App.CreateBrowser();
        foreach (var path in (string[])["signout", "signin/google", "callback/google", "session", "session/handover"])
        {
            var content = new ByteArrayContent("{\"circuit\":\"x\"}"u8.ToArray());
            Assert.True(content.Headers.TryAddWithoutValidation("Content-Type", type));
            var answer = await browser.FetchAsync(HttpMethod.Post, "/api/auth/" + path, content);
            Assert.True((int)answer.Status < 500, $"{path}: {(int)answer.Status}");
        }
    }

    [Fact]
    public async Task JsonIsForNoOtherOriginsPageToEmbed()
    {
        using var browser = plain.App.CreateBrowser();
        foreach (var path in (string[])["session", "csrf", "providers", "nothing/here", "callback/nobody"])
        {
            Assert.Equal("same-origin", (await browser.FetchAsync(HttpMethod.Get, "/api/auth/" + path)).Header("Cross-Origin-Resource-Policy"));
        }

        Assert.Equal("same-origin", (await browser.FetchAsync(HttpMethod.Get, "/api/private")).Header("Cross-Origin-Resource-Policy"));
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
