using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Tests.FrontEnd;

public sealed partial class CorsTests
{
    private const string FrontEnd = "https://app.example.com";

    public static TheoryData<string> ForeignOrigins =>
    [
        "https://evil.example", "null", "http://app.example.com", "https://app.example.com:8443", "https://app.example.com.evil.example",
        "https://evil.example/https://app.example.com", "https://sub.app.example.com", "https://app.example.com/", "file://",
    ];

    [Theory]
    [InlineData("/api/auth/session", "GET")]
    [InlineData("/api/auth/session", "POST")]
    [InlineData("/api/auth/csrf", "GET")]
    [InlineData("/api/auth/providers", "GET")]
    [InlineData("/api/auth/signin/password", "POST")]
    [InlineData("/api/auth/callback/password", "POST")]
    [InlineData("/api/auth/signout", "POST")]
    [InlineData("/api/auth/_log", "POST")]
    [InlineData("/api/auth/assets/client.js", "GET")]
    [InlineData("/api/auth/assets/client.d.ts", "GET")]
    public async Task APreflightOfAnAllowedOriginIsPermittedWhatTheClientsSend(string path, string method)
    {
        await using var app = await Passwords.StartAppAsync($"{FrontEnd},http://localhost:5173");
        using var user = app.CreateClient(FrontEnd);

        var response = await user.PreflightAsync(path, method);

        Assert.Equal(HttpStatusCode.NoContent, response.Status);
        Assert.Equal(FrontEnd, response.Header("Access-Control-Allow-Origin"));
        Assert.Equal("true", response.Header("Access-Control-Allow-Credentials"));
        Assert.Equal("GET,POST,OPTIONS", response.Header("Access-Control-Allow-Methods"));
        Assert.Equal(
            "X-CSRF-Token,X-Requested-With,Accept,Accept-Version,Content-Length,Content-MD5,Content-Type,Date,X-Api-Version,X-Auth-Return-Redirect",
            response.Header("Access-Control-Allow-Headers"));
        Assert.Equal("7200", response.Header("Access-Control-Max-Age"));
        Assert.Equal("Origin", response.Header("Vary"));
        Assert.Empty(response.SetCookies);
    }

    // What no script of a front end needs to read stays closed to all of them, so that one that was taken over gains nothing more.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task NothingElseOpensToAFrontEndWhateverTheAppsOwnCorsSays(bool hasItsOwn)
    {
        string[] closed =
        [
            "GET /signin", "POST /signin", "GET /signin/password", "GET /signin/google", "GET /signout", "GET /signout/callback/google", "POST /signout/callback/google",
            "GET /callback/google", "POST /callback/google", "POST /callback/nobody", "GET /sessions", "POST /sessions/revoke", "POST /sessions/revoke-others",
            "POST /session/handover", "GET /signed-in", "GET /account", "GET /error", "GET /verify-request", "GET /assets/blazorauth.js", "GET /nothing/here",
        ];
        await using var app = await Passwords.StartAppAsync(FrontEnd, setup =>
        {
            setup.Services = services => services.AddCors(cors => cors.AddDefaultPolicy(policy => policy.WithOrigins(FrontEnd).AllowCredentials()));
            setup.Use = app => _ = hasItsOwn ? app.UseCors() : app;
        });
        using var user = app.CreateClient(FrontEnd);

        foreach (var (method, path) in closed.Select(request => request.Split(" /")).Select(parts => (parts[0], "/api/auth/" + parts[1])))
        {
            AssertClosed(await user.FetchAsync(new HttpMethod(method), path, method == "POST" ? new FormUrlEncodedContent([]) : null));

            // A preflight does not tell which of an address's methods it is about until it is answered.
            if (path is not ("/api/auth/signin/password" or "/api/auth/signin/google" or "/api/auth/signout"))
            {
                var preflight = await user.PreflightAsync(path, method);
                Assert.Equal(HttpStatusCode.NoContent, preflight.Status);
                AssertClosed(preflight);
            }
        }

        static void AssertClosed(Page answer) =>
            Assert.DoesNotContain(answer.Response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [MemberData(nameof(ForeignOrigins))]
    public async Task AForeignOriginGetsNoPermission(string origin)
    {
        await using var app = await Passwords.StartAppAsync(FrontEnd);
        using var user = app.CreateClient(origin);

        var preflight = await user.PreflightAsync("/api/auth/session");
        var actual = await user.FetchAsync(HttpMethod.Get, "/api/auth/session");

        foreach (var response in (Page[])[preflight, actual])
        {
            Assert.DoesNotContain(response.Response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
            Assert.Equal("Origin", response.Header("Vary"));
        }

        Assert.Equal(HttpStatusCode.NoContent, preflight.Status);
        Assert.Equal(HttpStatusCode.OK, actual.Status);
    }

    [Theory]
    [InlineData("DELETE", "content-type")]
    [InlineData("POST", "x-unknown")]
    [InlineData("nonsense method", "\u0001")]
    public async Task APreflightForWhatIsUnknownIsNotPermittedAndDoesNotFail(string method, string headers)
    {
        await using var app = await Passwords.StartAppAsync(FrontEnd);
        using var user = app.CreateClient(FrontEnd);

        var response = await user.PreflightAsync("/api/auth/session", method, headers);

        Assert.True((int)response.Status < 500);
        Assert.Contains(response.Header("Access-Control-Allow-Methods"), (string?[])[null, "GET,POST,OPTIONS"]);
        Assert.DoesNotContain("x-unknown", response.Header("Access-Control-Allow-Headers") ?? "", StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task WithoutAllowedOriginsNothingIsSaidOfOrigins()
    {
        await using var app = await Passwords.StartAppAsync();
        using var user = app.CreateClient(FrontEnd);

        var preflight = await user.PreflightAsync("/api/auth/session");
        var actual = await user.FetchAsync(HttpMethod.Get, "/api/auth/session");

        Assert.Equal(HttpStatusCode.NoContent, preflight.Status);
        Assert.DoesNotContain(preflight.Response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        Assert.Null(actual.Header("Access-Control-Allow-Origin"));
        Assert.Null(actual.Header("Vary"));
    }

    [Fact]
    public async Task EveryAnswerVariesByOriginOnceThereAreAllowedOnes()
    {
        await using var app = await Passwords.StartAppAsync(FrontEnd);
        using var sameOrigin = app.CreateClient();
        using var frontEnd = app.CreateClient(FrontEnd);

        var own = await sameOrigin.FetchAsync(HttpMethod.Get, "/api/auth/session");
        var theirs = await frontEnd.FetchAsync(HttpMethod.Get, "/api/auth/session");
        var asset = await frontEnd.FetchAsync(HttpMethod.Get, "/api/auth/assets/client.js");

        Assert.Equal("Origin", own.Header("Vary"));
        Assert.Null(own.Header("Access-Control-Allow-Origin"));
        Assert.Equal("Origin", theirs.Header("Vary"));
        Assert.Equal(FrontEnd, theirs.Header("Access-Control-Allow-Origin"));
        Assert.Equal("true", theirs.Header("Access-Control-Allow-Credentials"));
        Assert.Equal("Retry-After", theirs.Header("Access-Control-Expose-Headers"));
        Assert.Equal("Accept-Encoding, Origin", asset.Header("Vary"));
        Assert.Equal(FrontEnd, asset.Header("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TheAppsOwnCorsForItsOwnEndpointsDoesNotTouchOurs(bool credentials)
    {
        await using var app = await Passwords.StartAppAsync(FrontEnd, setup =>
        {
            setup.Services = services => services.AddCors(cors => cors.AddDefaultPolicy(
                policy => (credentials ? policy.WithOrigins("https://other.example").AllowCredentials() : policy.AllowAnyOrigin()).WithMethods("GET")));
            setup.Use = app => app.UseCors();
            setup.Map = app => app.MapGet("/own", () => "own");
        });
        using var user = app.CreateClient(FrontEnd);
        using var other = app.CreateClient("https://other.example");

        var preflight = await user.PreflightAsync("/api/auth/signout");
        var actual = await user.FetchAsync(HttpMethod.Get, "/api/auth/session");
        var foreign = await other.FetchAsync(HttpMethod.Get, "/api/auth/session");
        var own = await other.FetchAsync(HttpMethod.Get, "/own");

        Assert.Equal(FrontEnd, preflight.Header("Access-Control-Allow-Origin"));
        Assert.Equal("GET,POST,OPTIONS", preflight.Header("Access-Control-Allow-Methods"));
        Assert.Equal(FrontEnd, actual.Header("Access-Control-Allow-Origin"));
        Assert.Equal("true", actual.Header("Access-Control-Allow-Credentials"));
        Assert.Equal("Origin", actual.Header("Vary"));
        Assert.Null(foreign.Header("Access-Control-Allow-Origin"));
        Assert.Equal("Origin", foreign.Header("Vary"));
        Assert.Equal(credentials ? "https://other.example" : "*", own.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task EndpointsOfTheAppWithCorsStillNeedTheMiddleware()
    {
        await using var app = await Passwords.StartAppAsync(
            FrontEnd, setup => setup.Map = app => app.MapGet("/own", () => "own").RequireCors(AuthOptions.CorsPolicy));
        using var user = app.CreateClient(FrontEnd);

        var response = await user.FetchAsync(HttpMethod.Get, "/own");

        Assert.Equal(HttpStatusCode.InternalServerError, response.Status);
    }
}
