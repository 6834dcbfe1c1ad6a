using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Tests.Http;

/// <summary>Whose request it is: the session counts only where no page of another origin can have sent it.</summary>
public sealed partial class OriginCheckTests(OriginCheckTests.OpenApp fixture) : IClassFixture<OriginCheckTests.OpenApp>
{
    private const string Address = "https://app.example";

    // The columns: the app's address; Sec-Fetch-Site; Origin; whether the session counts for a POST.
    public static TheoryData<string, string?, string?, bool> Posts => new()
    {
        // Over https, and on localhost, browsers say where a POST comes from.
        { "https://app.example", "same-origin", "https://app.example", true },
        { "https://app.example", "same-origin", "null", true },
        { "https://app.example", "none", null, true },
        { "https://app.example", "same-site", "https://sibling.app.example", false },
        { "https://app.example", "same-site", "https://app.example:8443", false },
        { "https://app.example", "cross-site", "https://evil.test", false },
        { "https://app.example", "cross-site", "null", false },
        { "https://app.example", "cross-site", null, false },
        { "https://app.example", "cross-site", "https://app.example", false },
        { "https://app.example", "Same-Origin", "https://app.example", false },
        { "https://app.example", "same-origin, cross-site", "https://app.example", false },
        { "http://localhost:5000", "same-origin", "http://localhost:5000", true },
        { "http://localhost:5000", "none", null, true },
        { "http://localhost:5000", "same-site", "http://localhost:3000", false },
        { "http://localhost:5000", "cross-site", "http://127.0.0.1:5000", false },
        { "http://localhost:5000", "cross-site", "null", false },

        // Over plain http they do not, nor do other clients anywhere: Origin decides.
        { "http://intranet.example", null, "http://intranet.example", true },
        { "http://intranet.example", null, "http://intranet.example:8080", false },
        { "http://intranet.example", null, "http://sibling.intranet.example", false },
        { "http://intranet.example", null, "http://evil.test", false },
        { "http://intranet.example", null, "null", false },
        { "http://intranet.example", null, null, true },
        { "http://intranet.example:8080", null, "http://intranet.example:8080", true },
        { "http://intranet.example:8080", null, "http://intranet.example", false },
        { "https://app.example", null, "https://app.example", true },
        { "https://app.example", null, "http://app.example", true },
        { "https://app.example", null, "https://app.example:443", true },
        { "https://app.example", null, "https://app.example:80", false },
        { "https://app.example", null, "https://APP.example", true },
        { "https://app.example", null, "https://app.example/", false },
        { "https://app.example", null, "https://app.example.evil.test", false },
        { "https://app.example", null, "https://evil@app.example", false },
        { "https://app.example", null, "chrome-extension://app.example", false },
        { "https://app.example", null, null, true },
        { "http://localhost:5000", null, "http://localhost:5000", true },
        { "http://localhost:5000", null, "http://localhost:3000", false },
        { "http://localhost:5000", null, "http://127.0.0.1:5000", false },
        { "http://[::1]:5000", null, "http://[::1]:5000", true },
    };

    // WebSocket handshakes carry no Sec-Fetch-Site.
    public static TheoryData<string, string?, bool> WebSockets => new()
    {
        { "https://app.example", "https://app.example", true },
        { "https://app.example", "https://sibling.app.example", false },
        { "https://app.example", "https://app.example:8443", false },
        { "https://app.example", "http://app.example", false },
        { "https://app.example", "HTTP://app.example", false },
        { "https://app.example", "https://evil.test", false },
        { "https://app.example", "null", false },
        { "https://app.example", null, true },
        { "http://intranet.example", "http://intranet.example", true },
        { "http://intranet.example", "https://intranet.example", true },
        { "http://intranet.example", "http://sibling.intranet.example", false },
        { "http://intranet.example", "http://evil.test", false },
        { "http://intranet.example", "null", false },
        { "http://intranet.example", null, true },
        { "http://localhost:5000", "http://localhost:5000", true },
        { "http://localhost:5000", "http://localhost:3000", false },
        { "http://localhost:5000", "http://127.0.0.1:5000", false },
        { "http://localhost:5000", "null", false },
        { "http://localhost:5000", null, true },
    };

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task APostCountsOnlyIfNoForeignPageCanHaveMadeIt(string address, string? site, string? origin, bool counts)
    {
        var cookie = await SessionOfAdaAsync(address);
        Assert.Equal(counts ? "Ada Lovelace" : "nobody", await AskAsync(cookie, HttpMethod.Post, address + "/act", site, origin));
    }

    [Theory]
    [MemberData(nameof(WebSockets))]
    public async Task AWebSocketCountsOnlyIfNoForeignPageCanHaveOpenedIt(string address, string? origin, bool counts)
    {
        var cookie = await SessionOfAdaAsync(address);
        Assert.Equal(counts ? "Ada Lovelace" : "nobody", await AskAsync(cookie, HttpMethod.Get, address + "/page", null, origin, upgrade: "websocket"));
        Assert.Equal(counts ? "Ada Lovelace" : "nobody", await AskAsync(cookie, HttpMethod.Get, address + "/page", null, origin, upgrade: "h2c, WebSocket"));
    }

    [Theory]
    [InlineData("same-site", "https://sibling.app.example")]
    [InlineData("cross-site", "https://evil.test")]
    [InlineData("cross-site", null)]
    [InlineData(null, "null")]
    public async Task ReadingCountsAsBeforeBecauseTheBrowserGuardsTheAnswer(string? site, string? origin)
    {
        var cookie = await SessionOfAdaAsync();
        Assert.Equal("Ada Lovelace", await AskAsync(cookie, HttpMethod.Get, "/page", site, origin));
        Assert.Equal("Ada Lovelace", await AskAsync(cookie, HttpMethod.Options, "/act", site, origin));
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    [InlineData("PATCH")]
    [InlineData("QUERY")]
    public async Task EveryOtherMethodIsJudged(string method)
    {
        var cookie = await SessionOfAdaAsync();
        Assert.Equal("nobody", await AskAsync(cookie, new HttpMethod(method), "/act", "cross-site", "https://evil.test"));
        Assert.Equal("Ada Lovelace", await AskAsync(cookie, new HttpMethod(method), "/act", "same-origin", "https://app.example"));
    }

    [Fact]
    public async Task AWebSocketOverHttp2IsJudgedToo()
    {
        var check = App.Services.GetRequiredService<OriginCheck>();
        foreach (var method in (string[])["CONNECT", "GET"])
        {
            var http = new DefaultHttpContext { RequestServices = App.Services };
            http.Features.Set<IHttpExtendedConnectFeature>(new ExtendedConnect());
            (http.Request.Method, http.Request.Host, http.Request.Headers.Origin) = (method, new HostString("app.example"), "https://evil.test");
            Assert.True(await check.IsForeignAsync(http));
        }
    }

    [Theory]
    [InlineData("Authorization", "Basic !!!")]
    [InlineData("Authorization", "Bearer")]
    [InlineData("Authorization", "\"")]
    [InlineData("Cookie", ";;;=;__Host-authjs.session-token;=x;%FF=%FF")]
    [InlineData("Origin", "//\\")]
    [InlineData("Referer", "::")]
    [InlineData("Sec-Fetch-Site", ",")]
    [InlineData("Upgrade", ",,")]
    [InlineData("X-Forwarded-For", "unknown, [::")]
    [InlineData("Accept-Language", "*;q=x,,-")]
    [InlineData("Accept", "/;q=")]
    [InlineData("User-Agent", "()<>")]
    public async Task NoHeaderIsAServerError(string name, string value)
    {
        using var client = new HttpClient(App.CreateHandler());
        foreach (var (method, path) in new[] { ("GET", "session"), ("GET", "signin"), ("GET", "error"), ("GET", "callback/google"), ("POST", "signin/google"), ("POST", "signout"), ("POST", "session") })
        {
            using var message = new HttpRequestMessage(new HttpMethod(method), new Uri(App.Address, "/api/auth/" + path));
            message.Headers.TryAddWithoutValidation(name, value);
            using var answer = await client.SendAsync(message, TestContext.Current.CancellationToken);
            Assert.True((int)answer.StatusCode < 500, $"{method} {path}: {(int)answer.StatusCode}");
        }
    }

    private AuthApp App => fixture.App;

    private sealed class ExtendedConnect : IHttpExtendedConnectFeature
    {
        public bool IsExtendedConnect => true;

        public string? Protocol => "websocket";

        public ValueTask<Stream> AcceptAsync() => throw new NotSupportedException();
    }
}
