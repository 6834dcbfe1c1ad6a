using System.Net;

namespace BlazorAuth.Tests.FrontEnd;

/// <summary>A front end can read refusals and failures, too.</summary>
public sealed partial class CorsTests
{
    [Fact]
    public async Task RefusalsAndFailuresCanBeReadByTheFrontEnd()
    {
        var fails = false;
        await using var app = await Passwords.StartAppAsync(FrontEnd, setup => setup.Options = options =>
        {
            options.RateLimit.PermitLimit = 4;
            options.Callbacks.OnSession = _ => fails ? throw new InvalidOperationException("broken") : ValueTask.CompletedTask;
        });
        using var user = app.CreateClient(FrontEnd);
        await Expect(HttpStatusCode.OK, user.SignInWithPasswordAsync(headers: ("X-Auth-Return-Redirect", "1")));
        await Expect(HttpStatusCode.Unauthorized, user.FetchFormAsync("/api/auth/callback/password", new() { ["user"] = "eve", ["json"] = "true" }));

        await Expect(HttpStatusCode.BadRequest, user.FetchAsync(HttpMethod.Post, "/api/auth/session", new StringContent("{", null, "application/json")));
        await Expect(HttpStatusCode.BadRequest, user.FetchAsync(HttpMethod.Post, "/api/auth/session", new StringContent("{}", null, "application/json")));
        await Expect(HttpStatusCode.NotFound, user.FetchFormAsync("/api/auth/signin/nobody", []));
        await Expect(HttpStatusCode.MethodNotAllowed, user.FetchAsync(HttpMethod.Delete, "/api/auth/session", null));
        await Expect(HttpStatusCode.Unauthorized, user.FetchFormAsync("/api/auth/callback/password", new() { ["user"] = "eve", ["json"] = "true" }));
        await Expect(HttpStatusCode.TooManyRequests, user.SignInWithPasswordAsync(headers: ("X-Auth-Return-Redirect", "1")));
        fails = true;
        await Expect(HttpStatusCode.InternalServerError, user.FetchAsync(HttpMethod.Get, "/api/auth/session"));
        fails = false;
        Assert.Equal("Ada", await user.NameAsync());

        static async Task Expect(HttpStatusCode status, Task<Page> answer)
        {
            var response = await answer;
            Assert.Equal(status, response.Status);
            Assert.Equal(FrontEnd, response.Header("Access-Control-Allow-Origin"));
            Assert.Equal("true", response.Header("Access-Control-Allow-Credentials"));
        }
    }

    [Fact]
    public async Task AStoreThatWasNeverReachedIsNoSignOut()
    {
        await using var app = await Passwords.StartAppAsync(FrontEnd, setup => setup.Settings["AUTH_STORE"] = "postgres:Host=127.0.0.1;Port=1;Timeout=1");
        using var user = app.CreateClient(FrontEnd);
        var answer = await user.FetchAsync(HttpMethod.Get, "/api/auth/session", null, ("Cookie", "authjs.session-token=x"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal(FrontEnd, answer.Header("Access-Control-Allow-Origin"));
        Assert.Equal("true", answer.Header("Access-Control-Allow-Credentials"));
        Assert.Empty(answer.SetCookies);

        var closed = await user.FetchAsync(HttpMethod.Get, "/api/auth/sessions", null, ("Cookie", "authjs.session-token=x"));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, closed.Status);
        Assert.Null(closed.Header("Access-Control-Allow-Origin"));
    }

    [Fact]
    public async Task ARefusalForTooManyAttemptsNamesAnAddressAsTheClientsNeed()
    {
        await using var app = await Passwords.StartAppAsync(FrontEnd, setup => setup.Options = options => options.RateLimit.PermitLimit = 1);
        using var user = app.CreateClient(FrontEnd);
        await user.SignInWithPasswordAsync();

        var v5 = await user.SignInWithPasswordAsync(headers: ("X-Auth-Return-Redirect", "1"));
        var v4 = await user.FetchFormAsync("/api/auth/callback/password", new() { ["user"] = "ada", ["json"] = "true" });
        var plain = await user.SignInWithPasswordAsync();

        foreach (var response in (Page[])[v5, v4])
        {
            Assert.Equal(HttpStatusCode.TooManyRequests, response.Status);
            Assert.True(response.Response.Headers.RetryAfter?.Delta > TimeSpan.Zero);
            Assert.StartsWith(app.Auth + "/error?error=Configuration&reason=TooManyAttempts", response.Url, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, plain.Status);
    }

    [Fact]
    public async Task ARequestThatCameAroundTheProxyIsRefusedReadably()
    {
        await using var app = await Passwords.StartAppAsync(FrontEnd, setup =>
        {
            setup.Environment = "Production";
            (setup.Settings["AUTH_KNOWN_PROXIES"], setup.Settings["AllowedHosts"]) = ("10.1.2.3", "localhost");
        });
        using var user = app.CreateClient(FrontEnd);

        var response = await user.FetchAsync(HttpMethod.Get, "/api/auth/session");

        Assert.Equal(HttpStatusCode.MisdirectedRequest, response.Status);
        Assert.Equal(FrontEnd, response.Header("Access-Control-Allow-Origin"));
    }
}
