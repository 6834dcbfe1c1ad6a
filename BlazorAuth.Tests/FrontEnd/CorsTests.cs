using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Tests.FrontEnd;

public sealed class CorsTests
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
    [InlineData("/api/auth/nothing/here", "GET")]
    public async Task APreflightOfAnAllowedOriginIsPermittedWhatTheClientsSend(string path, string method)
    {
        await using var app = await FrontEndApp.StartAsync($"{FrontEnd},http://localhost:5173");
        using var user = app.User(FrontEnd);

        using var response = await user.PreflightAsync(path, method);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(FrontEnd, Header(response, "Access-Control-Allow-Origin"));
        Assert.Equal("true", Header(response, "Access-Control-Allow-Credentials"));
        Assert.Equal("GET,POST,OPTIONS", Header(response, "Access-Control-Allow-Methods"));
        Assert.Equal(
            "X-CSRF-Token,X-Requested-With,Accept,Accept-Version,Content-Length,Content-MD5,Content-Type,Date,X-Api-Version,X-Auth-Return-Redirect",
            Header(response, "Access-Control-Allow-Headers"));
        Assert.Equal("7200", Header(response, "Access-Control-Max-Age"));
        Assert.Equal("Origin", Header(response, "Vary"));
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [MemberData(nameof(ForeignOrigins))]
    public async Task AForeignOriginGetsNoPermission(string origin)
    {
        await using var app = await FrontEndApp.StartAsync(FrontEnd);
        using var user = app.User(origin);

        using var preflight = await user.PreflightAsync("/api/auth/session");
        using var actual = await user.GetAsync("/api/auth/session");

        foreach (var response in (HttpResponseMessage[])[preflight, actual])
        {
            Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
            Assert.Equal("Origin", Header(response, "Vary"));
        }

        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal(HttpStatusCode.OK, actual.StatusCode);
    }

    [Theory]
    [InlineData("DELETE", "content-type")]
    [InlineData("POST", "x-unknown")]
    [InlineData("nonsense method", "\u0001")]
    public async Task APreflightForWhatIsUnknownIsNotPermittedAndDoesNotFail(string method, string headers)
    {
        await using var app = await FrontEndApp.StartAsync(FrontEnd);
        using var user = app.User(FrontEnd);

        using var response = await user.PreflightAsync("/api/auth/session", method, headers);

        Assert.True((int)response.StatusCode < 500);
        Assert.Contains(Header(response, "Access-Control-Allow-Methods"), (string?[])[null, "GET,POST,OPTIONS"]);
        Assert.DoesNotContain("x-unknown", Header(response, "Access-Control-Allow-Headers") ?? "", StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task WithoutAllowedOriginsNothingIsSaidOfOrigins()
    {
        await using var app = await FrontEndApp.StartAsync();
        using var user = app.User(FrontEnd);

        using var preflight = await user.PreflightAsync("/api/auth/session");
        using var actual = await user.GetAsync("/api/auth/session");

        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.DoesNotContain(preflight.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));
        Assert.Null(Header(actual, "Access-Control-Allow-Origin"));
        Assert.Null(Header(actual, "Vary"));
    }

    [Fact]
    public async Task EveryAnswerVariesByOriginOnceThereAreAllowedOnes()
    {
        await using var app = await FrontEndApp.StartAsync(FrontEnd);
        using var sameOrigin = app.User();
        using var frontEnd = app.User(FrontEnd);

        using var own = await sameOrigin.GetAsync("/api/auth/session");
        using var theirs = await frontEnd.GetAsync("/api/auth/session");
        using var asset = await frontEnd.GetAsync("/api/auth/assets/client.js");

        Assert.Equal("Origin", Header(own, "Vary"));
        Assert.Null(Header(own, "Access-Control-Allow-Origin"));
        Assert.Equal("Origin", Header(theirs, "Vary"));
        Assert.Equal(FrontEnd, Header(theirs, "Access-Control-Allow-Origin"));
        Assert.Equal("true", Header(theirs, "Access-Control-Allow-Credentials"));
        Assert.Equal("Retry-After", Header(theirs, "Access-Control-Expose-Headers"));
        Assert.Equal("Accept-Encoding,Origin", Header(asset, "Vary"));
        Assert.Equal(FrontEnd, Header(asset, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task RefusalsAndFailuresCanBeReadByTheFrontEnd()
    {
        var fails = false;
        await using var app = await FrontEndApp.StartAsync(
            FrontEnd,
            options =>
            {
                options.RateLimit.PermitLimit = 3;
                options.Callbacks.OnSession = _ => fails ? throw new InvalidOperationException("broken") : ValueTask.CompletedTask;
            });
        using var user = app.User(FrontEnd);
        await Expect(HttpStatusCode.OK, user.SignInAsync(headers: ("X-Auth-Return-Redirect", "1")));
        await Expect(HttpStatusCode.Unauthorized, user.PostAsync("/api/auth/callback/password", new() { ["user"] = "eve", ["json"] = "true" }));

        await Expect(HttpStatusCode.BadRequest, user.SendAsync(HttpMethod.Post, "/api/auth/session", new StringContent("{", null, "application/json")));
        await Expect(HttpStatusCode.BadRequest, user.SendAsync(HttpMethod.Post, "/api/auth/session", new StringContent("{}", null, "application/json")));
        await Expect(HttpStatusCode.NotFound, user.GetAsync("/api/auth/nothing"));
        await Expect(HttpStatusCode.MethodNotAllowed, user.SendAsync(HttpMethod.Delete, "/api/auth/session", null));
        await Expect(HttpStatusCode.Unauthorized, user.PostAsync("/api/auth/callback/password", new() { ["user"] = "eve", ["json"] = "true" }));
        await Expect(HttpStatusCode.TooManyRequests, user.SignInAsync(headers: ("X-Auth-Return-Redirect", "1")));
        fails = true;
        await Expect(HttpStatusCode.InternalServerError, user.GetAsync("/api/auth/session"));
        fails = false;
        Assert.Equal("Ada", (string?)(await user.SessionAsync())!["user"]!["name"]);

        static async Task Expect(HttpStatusCode status, Task<HttpResponseMessage> answer)
        {
            using var response = await answer;
            Assert.Equal(status, response.StatusCode);
            Assert.Equal(FrontEnd, Header(response, "Access-Control-Allow-Origin"));
            Assert.Equal("true", Header(response, "Access-Control-Allow-Credentials"));
        }
    }

    [Fact]
    public async Task AStoreThatWasNeverReachedIsNoSignOut()
    {
        await using var app = await FrontEndApp.StartAsync(FrontEnd, settings: ("AUTH_STORE", "postgres:Host=127.0.0.1;Port=1;Timeout=1"));
        using var user = app.User(FrontEnd);
        using var answer = await user.GetAsync("/api/auth/session", ("Cookie", "authjs.session-token=x"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(FrontEnd, Header(answer, "Access-Control-Allow-Origin"));
        Assert.Equal("true", Header(answer, "Access-Control-Allow-Credentials"));
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task ARefusalForTooManyAttemptsNamesAnAddressAsTheClientsNeed()
    {
        await using var app = await FrontEndApp.StartAsync(FrontEnd, options => options.RateLimit.PermitLimit = 1);
        using var user = app.User(FrontEnd);
        using var first = await user.SignInAsync();

        using var v5 = await user.SignInAsync(headers: ("X-Auth-Return-Redirect", "1"));
        using var v4 = await user.PostAsync("/api/auth/callback/password", new() { ["user"] = "ada", ["json"] = "true" });
        using var plain = await user.SignInAsync();

        foreach (var response in (HttpResponseMessage[])[v5, v4])
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
            Assert.True(response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
            Assert.StartsWith(app.Auth + "/error?error=Configuration&reason=TooManyAttempts", (string?)(await HttpUser.JsonAsync(response))!["url"], StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, plain.StatusCode);
    }

    [Fact]
    public async Task ARequestThatCameAroundTheProxyIsRefusedReadably()
    {
        await using var app = await FrontEndApp.StartAsync(
            FrontEnd, environment: "Production", settings: [("AUTH_KNOWN_PROXIES", "10.1.2.3")]);
        using var user = app.User(FrontEnd);

        using var response = await user.GetAsync("/api/auth/session");

        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.StatusCode);
        Assert.Equal(FrontEnd, Header(response, "Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TheAppsOwnCorsForItsOwnEndpointsDoesNotTouchOurs(bool credentials)
    {
        await using var app = await FrontEndApp.StartAsync(
            FrontEnd,
            build: (builder, _) => builder.Services.AddCors(cors => cors.AddDefaultPolicy(
                policy => (credentials ? policy.WithOrigins("https://other.example").AllowCredentials() : policy.AllowAnyOrigin()).WithMethods("GET"))),
            before: app => app.UseCors(),
            after: app => app.MapGet("/own", () => "own"));
        using var user = app.User(FrontEnd);
        using var other = app.User("https://other.example");

        using var preflight = await user.PreflightAsync("/api/auth/signout");
        using var actual = await user.GetAsync("/api/auth/session");
        using var foreign = await other.GetAsync("/api/auth/session");
        using var own = await other.GetAsync("/own");

        Assert.Equal(FrontEnd, Header(preflight, "Access-Control-Allow-Origin"));
        Assert.Equal("GET,POST,OPTIONS", Header(preflight, "Access-Control-Allow-Methods"));
        Assert.Equal(FrontEnd, Header(actual, "Access-Control-Allow-Origin"));
        Assert.Equal("true", Header(actual, "Access-Control-Allow-Credentials"));
        Assert.Equal("Origin", Header(actual, "Vary"));
        Assert.Null(Header(foreign, "Access-Control-Allow-Origin"));
        Assert.Equal("Origin", Header(foreign, "Vary"));
        Assert.Equal(credentials ? "https://other.example" : "*", Header(own, "Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task EndpointsOfTheAppWithCorsStillNeedTheMiddleware()
    {
        await using var app = await FrontEndApp.StartAsync(
            FrontEnd, after: app => app.MapGet("/own", () => "own").RequireCors(AuthOptions.CorsPolicy));
        using var user = app.User(FrontEnd);

        using var response = await user.GetAsync("/own");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? string.Join(",", values) : null;
}
