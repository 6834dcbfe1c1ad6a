using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;

namespace BlazorAuth.Tests.Endpoints;

/// <summary>Who may change something with a POST (CsrfCheck).</summary>
public sealed class CsrfTests
{
    // The columns: Sec-Fetch-Site; Origin; the token in the body; whether it passes.
    [Theory]
    [InlineData("same-origin", "http://localhost", false, true)]
    [InlineData("same-site", "http://other.localhost", false, false)]
    [InlineData("same-site", "http://other.localhost", true, false)]
    [InlineData("none", null, false, false)]
    [InlineData("none", null, true, true)]
    [InlineData(null, null, false, false)]
    [InlineData(null, null, true, true)]
    [InlineData("cross-site", "https://evil.example", false, false)]
    [InlineData("cross-site", "https://evil.example", true, false)]
    [InlineData("cross-site", null, true, false)]
    [InlineData("cross-site", "null", true, false)]
    [InlineData("cross-site", "https://front.example", false, false)]
    [InlineData("cross-site", "https://front.example", true, true)]
    [InlineData("SAME-ORIGIN", null, false, false)]
    [InlineData("same-origin, cross-site", null, false, false)]
    public async Task OnlyTheAppItselfOrTheBearerOfTheTokenMayPost(string? site, string? origin, bool hasToken, bool passes)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.AllowedOrigins.Add("https://front.example"));
        using var browser = app.CreateBrowser();
        var token = await browser.CsrfTokenAsync();

        // The cookies go along whatever the site, as they would with SameSite=None: the check must not lean on them.
        var message = new HttpRequestMessage(HttpMethod.Post, new Uri(app.Address, "/api/auth/signout"))
        {
            Content = new FormUrlEncodedContent(hasToken ? [new("csrfToken", token)] : []),
        };
        message.Headers.Add("Cookie", browser.Cookies.Header(app.Address, isCrossSitePost: false));
        Add(message, "Sec-Fetch-Site", site);
        Add(message, "Origin", origin);
        using var client = new HttpClient(app.CreateHandler());
        using var answer = await client.SendAsync(message, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal(passes, !answer.Headers.Location!.ToString().Contains("error=MissingCSRF", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AWrongTokenOrOneInTheQueryDoesNotPass()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        var token = await browser.CsrfTokenAsync();
        browser.SendsFetchHeaders = false;
        foreach (var (query, body) in new[] { ("", new string('a', 64)), ("?csrfToken=" + token, ""), ("", token + "x"), ("", token.ToUpperInvariant()) })
        {
            var answer = await browser.PostAsync("/api/auth/signin/google" + query, [new("csrfToken", body)]);
            Assert.Contains("/api/auth/signin?error=MissingCSRF", answer.Location!.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(answer.SetCookies, cookie => cookie.Contains("Correlation", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task ATokenWithoutItsCookieDoesNotPass()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        using var other = app.CreateBrowser();
        browser.SendsFetchHeaders = false;
        var answer = await browser.PostAsync("/api/auth/signout", [new("csrfToken", await other.CsrfTokenAsync())]);
        Assert.Contains("error=MissingCSRF", answer.Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ATokenFromBeforeASignInIsWorthNothingAfterIt()
    {
        // Whoever planted it, or read it while the browser was somebody else's, knows it.
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        var before = await browser.CsrfTokenAsync();
        await browser.SignInAsync("github");
        var after = await browser.CsrfTokenAsync();
        Assert.NotEqual(before, after);
        browser.SendsFetchHeaders = false;
        Assert.Contains("error=MissingCSRF", (await browser.PostAsync("/api/auth/signout", [new("csrfToken", before)])).Location!.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("error=", (await browser.PostAsync("/api/auth/signout", [new("csrfToken", after)])).Location!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AClientMaySendTheTokenAsAHeader()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        var token = await browser.CsrfTokenAsync();
        browser.SendsFetchHeaders = false;
        var answer = await browser.FetchAsync(HttpMethod.Post, "/api/auth/session", JsonContent.Create(new { data = 1 }), ("X-CSRF-Token", token));
        Assert.Equal((HttpStatusCode.OK, "null"), (answer.Status, answer.Text));
        answer = await browser.FetchAsync(HttpMethod.Post, "/api/auth/session", JsonContent.Create(new { data = 1 }), ("X-CSRF-Token", "x" + token));
        Assert.Equal((HttpStatusCode.BadRequest, "null"), (answer.Status, answer.Text));
    }

    [Theory]
    [InlineData("signin", null, 302)]
    [InlineData("signin/google", null, 302)]
    [InlineData("signout", null, 302)]
    [InlineData("callback/password", null, 302)]
    [InlineData("signin/google", "header", 200)]
    [InlineData("signout", "header", 200)]
    [InlineData("callback/password", "header", 200)]
    [InlineData("signin/google", "field", 200)]
    [InlineData("signout", "field", 200)]
    [InlineData("callback/password", "field", 200)]
    public async Task ARefusalLandsOnTheSignInPageInEveryMode(string path, string? mode, int status)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Providers = builder =>
            builder.AddGoogle().AddCredentials("password", _ => throw new InvalidOperationException("Not without a token.")));
        using var browser = app.CreateBrowser();
        browser.SendsFetchHeaders = false;
        var content = new FormUrlEncodedContent(mode == "field" ? [new("json", "true")] : []);
        var answer = await browser.FetchAsync(
            HttpMethod.Post, $"/api/auth/{path}", content, mode == "header" ? [("X-Auth-Return-Redirect", "1")] : []);
        Assert.Equal(status, (int)answer.Status);
        var target = mode is null ? answer.Location!.ToString() : answer.Url;
        Assert.StartsWith("http://localhost/api/auth/signin?error=MissingCSRF", target, StringComparison.Ordinal);
        Assert.Equal(mode is not null, answer.Location is null);
    }

    [Fact]
    public async Task LinesInAnAddressDoNotReachTheLog()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.RateLimit.PermitLimit = 1);
        using var browser = app.CreateBrowser();
        for (var i = 0; i < 3; i++)
        {
            await browser.PostAsync("/api/auth/signin/x%0Aforged-line", site: "cross-site");
        }

        Assert.Contains(app.Logs.Own, line => line.Event.Name == "CsrfRefused");
        Assert.DoesNotContain(app.Logs.Own, line => line.Text.Contains("forged-line", StringComparison.Ordinal));
        app.Logs.AssertHoldsNone(["\nforged-line"]);
    }

    private static void Add(HttpRequestMessage message, string name, string? value)
    {
        if (value is not null)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }
    }
}
