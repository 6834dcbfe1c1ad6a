using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorAuth.Tests.Flows;

/// <summary>
/// What goes wrong at the provider or on the way back: a page that names the cause, offers the same provider and destination again, and shows
/// a reference that is in the log. Never a 500, never a loop, nobody signed in.
/// </summary>
public sealed class CallbackFailureTests
{
    private const string Destination = "/page?to=here";

    public static TheoryData<string> Providers => ["google", "github", "work", "acme"];

    [Theory]
    [InlineData("google")]
    [InlineData("github")]
    [InlineData("oidc")]
    public async Task ACancelledConsentComesBackToTheSignInPage(string provider)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        var page = await browser.PressAsync(await browser.StartSignInAsync(provider, Destination), "button[value=denied]");
        await AssertFailureAsync(app, browser, page, provider, 200, "/api/auth/signin", "OAuthCallbackError", "Sign-in cancelled");
    }

    [Theory]
    [InlineData("google", "server-error", 503, "does not answer")]
    [InlineData("github", "server-error", 503, "does not answer")]
    [InlineData("oidc", "server-error", 503, "does not answer")]
    [InlineData("google", "expired-code", 400, "took too long")]
    [InlineData("github", "expired-code", 400, "took too long")]
    [InlineData("oidc", "expired-code", 400, "took too long")]
    [InlineData("google", "wrong-issuer", 400, "stopped")]
    [InlineData("github", "wrong-issuer", 400, "stopped")]
    [InlineData("oidc", "wrong-issuer", 400, "stopped")]
    public async Task AFaultOfAStandInIsNamed(string provider, string fault, int status, string cause)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        var page = await browser.SignInAsync(provider, callbackUrl: Destination, fault: fault);
        await AssertFailureAsync(app, browser, page, provider, status, "/api/auth/error", "Configuration", cause);

        // The button works: the same provider, the same destination, and this time nothing goes wrong.
        var end = await browser.ChooseAsync(await browser.PressAsync(page, "button.ba-provider"));
        Assert.Equal((Destination, "Ada Lovelace"), (end.Address.PathAndQuery, end.Text));
    }

    public static TheoryData<string, string, int, string> NetworkFaults
    {
        get
        {
            var data = new TheoryData<string, string, int, string>();
            foreach (var provider in (string[])["google", "github", "work", "acme"])
            {
                data.Add(provider, "refused", 503, "does not answer");
                data.Add(provider, "timeout", 503, "does not answer");
                data.Add(provider, "500", 503, "does not answer");
                data.Add(provider, "429", 503, "does not answer");
                data.Add(provider, "html", 400, "did not work");
                data.Add(provider, "empty", 400, "did not work");
                data.Add(provider, "array", 400, "did not work");
                data.Add(provider, "number", 400, "did not work");
                data.Add(provider, "no-token", 400, "did not work");
                data.Add(provider, "secret-in-error", 400, "did not work");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(NetworkFaults))]
    public async Task AFaultOfTheTokenEndpointIsNamed(string provider, string fault, int status, string cause)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync();
        using var browser = app.CreateBrowser();
        var authorize = (await browser.StartSignInAsync(provider, Destination)).Location!;
        fake.Faults["/token"] = Fault(fault);
        var page = await browser.ArriveAsync(fake.Answer(authorize));
        await AssertFailureAsync(app, browser, page, provider, status, "/api/auth/error", "Configuration", cause);
        app.Logs.AssertHoldsNone([FakeProvider.ClientSecret, FakeProvider.AccessToken]);

        // The platform's OpenID handler logs the provider's words as an error; we do not.
        Assert.DoesNotContain(app.Logs.Own, line => line.Text.Contains("secret-of-the-provider", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("google", "/userinfo")]
    [InlineData("github", "/userinfo")]
    [InlineData("github", "/emails")]
    [InlineData("work", "/userinfo")]
    [InlineData("acme", "/userinfo")]
    public async Task AFaultAfterTheTokenIsNamedToo(string provider, string path)
    {
        foreach (var (fault, status) in new[] { ("500", 503), ("refused", 503), ("html", 400), ("array", 400), ("number", 400) })
        {
            if (path == "/emails" && fault is ("array" or "number"))
            {
                // No list of addresses is a person without one.
                continue;
            }

            var fake = new FakeProvider();
            await using var app = await fake.StartAppAsync();
            using var browser = app.CreateBrowser();
            var authorize = (await browser.StartSignInAsync(provider, Destination)).Location!;
            fake.Faults[path] = Fault(fault);
            var page = await browser.ArriveAsync(fake.Answer(authorize));
            Assert.True(page.Address.AbsolutePath == "/api/auth/error", $"{fault}: {page.Address}");
            await AssertFailureAsync(app, browser, page, provider, status, "/api/auth/error", "Configuration", status == 503 ? "does not answer" : "did not work");
        }
    }

    [Theory]
    [InlineData("refused")]
    [InlineData("500")]
    [InlineData("html")]
    [InlineData("timeout")]
    public async Task AProviderThatIsDownAtTheStartIsNamed(string fault)
    {
        var fake = new FakeProvider();
        fake.Faults["/.well-known/openid-configuration"] = Fault(fault);
        await using var app = await fake.StartAppAsync();
        using var browser = app.CreateBrowser();
        var page = await browser.StartSignInAsync("work", Destination);
        await AssertFailureAsync(
            app, browser, page, "work", fault == "html" ? 400 : 503, "/api/auth/error", "Configuration", fault == "html" ? "did not work" : "does not answer");

        var url = (await browser.FetchAsync(HttpMethod.Post, "/api/auth/signin/work", null, ("X-Auth-Return-Redirect", "1"))).Url;
        Assert.StartsWith("http://localhost/api/auth/error?error=Configuration", url, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task BackAfterASignInSaysThatItWasUsedAndKeepsTheSession(string provider)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync();
        using var browser = app.CreateBrowser();
        var callback = fake.Answer((await browser.StartSignInAsync(provider, Destination)).Location!);
        Assert.Equal("Ada Lovelace", (await browser.ArriveAsync(callback)).Text);
        var page = await browser.ArriveAsync(callback);
        await AssertFailureAsync(app, browser, page, provider, 400, "/api/auth/error", "Configuration", "Already used", isSignedIn: true);
        Assert.Single(fake.TokenRequests);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task ALostCookieIsSaidToBeLost(string provider)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync();
        using var browser = app.CreateBrowser();
        var callback = fake.Answer((await browser.StartSignInAsync(provider, Destination)).Location!);
        browser.Cookies.Clear();
        var page = await browser.ArriveAsync(callback);
        await AssertFailureAsync(app, browser, page, provider, 400, "/api/auth/error", "Configuration", "did not send the cookie");
        Assert.Empty(fake.TokenRequests);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task AFlowOlderThanFifteenMinutesHasExpired(string provider)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync();
        using var browser = app.CreateBrowser();
        var callback = fake.Answer((await browser.StartSignInAsync(provider, Destination)).Location!);
        app.Clock.Advance(TimeSpan.FromMinutes(16));
        var page = await browser.ArriveAsync(callback);
        await AssertFailureAsync(app, browser, page, provider, 400, "/api/auth/error", "Configuration", "has expired");
    }

    [Theory]
    [InlineData("temporarily_unavailable", 200)]
    [InlineData("server_error", 200)]
    [InlineData("invalid_scope", 200)]
    [InlineData("<script>", 200)]
    public async Task AnotherErrorOfTheProviderIsARefusal(string error, int status)
    {
        foreach (var provider in (string[])["google", "work"])
        {
            var fake = new FakeProvider();
            await using var app = await fake.StartAppAsync();
            using var browser = app.CreateBrowser();
            var authorize = (await browser.StartSignInAsync(provider, Destination)).Location!;
            var page = await browser.ArriveAsync(fake.Answer(authorize, ("code", null), ("error", error), ("error_description", "secret-of-the-provider")));
            await AssertFailureAsync(app, browser, page, provider, status, "/api/auth/signin", "OAuthCallbackError", "said no");
            Assert.DoesNotContain("secret-of-the-provider", page.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(app.Logs.Own, line => line.Text.Contains("secret-of-the-provider", StringComparison.Ordinal));
        }
    }

    internal static async Task AssertFailureAsync(
        AuthApp app, Browser browser, Page page, string provider, int status, string path, string error, string cause, bool isSignedIn = false)
    {
        Assert.Equal(status, (int)page.Status);
        Assert.Equal(path, page.Address.AbsolutePath);
        Assert.Equal(error, page.Query("error"));
        Assert.Contains(cause, page.Document.Body!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.Document.QuerySelector("[role=alert]"));

        var retry = page.Document.QuerySelector("button.ba-provider")!.Closest("form")!;
        Assert.Equal($"/api/auth/signin/{provider}", retry.GetAttribute("action"));
        Assert.Equal(new Uri(app.Address, Destination).ToString(), retry.QuerySelector("input[name=callbackUrl]")!.GetAttribute("value"));

        var reference = page.Query("reference")!;
        Assert.Matches("^[2-9A-Z]{8}$", reference);
        Assert.Contains(app.Logs.Own, line => line.Text.Contains(reference, StringComparison.Ordinal) && line.Text.Contains(provider, StringComparison.Ordinal));
        Assert.Equal(isSignedIn, await browser.SessionAsync() != "null");
        app.Logs.AssertHoldsNone(browser.Secrets);
    }

    internal static Func<CancellationToken, Task<HttpResponseMessage>> Fault(string name) => _ => name switch
    {
        "refused" => throw new HttpRequestException("refused", new SocketException((int)SocketError.ConnectionRefused)),
        "timeout" => throw new TaskCanceledException("The request was canceled due to the configured HttpClient.Timeout.", new TimeoutException()),
        "500" => Task.FromResult(new HttpResponseMessage(HttpStatusCode.InternalServerError) { Content = new StringContent("<html>down</html>") }),
        "429" => Task.FromResult(new HttpResponseMessage(HttpStatusCode.TooManyRequests)),
        "html" => Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent("<html>hello</html>") }),
        "empty" => Task.FromResult(FakeProvider.Json("")),
        "array" => Task.FromResult(FakeProvider.Json("[1,2]")),
        "number" => Task.FromResult(FakeProvider.Json("42")),
        "no-token" => Task.FromResult(FakeProvider.Json("{\"token_type\":\"Bearer\"}")),
        "secret-in-error" => Task.FromResult(FakeProvider.Json("{\"error\":\"unauthorized_client\",\"error_description\":\"secret-of-the-provider\"}", HttpStatusCode.BadRequest)),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };
}
