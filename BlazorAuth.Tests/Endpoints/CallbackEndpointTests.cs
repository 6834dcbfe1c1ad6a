using System.Net;
using BlazorAuth.Tests.Flows;
using Microsoft.AspNetCore.WebUtilities;

namespace BlazorAuth.Tests.Endpoints;

/// <summary>
/// <c>GET or POST callback/{provider}</c>. Here: what goes wrong at the provider or on the way back: a page that names the cause, offers the same provider and destination again, and shows
/// a reference that is in the log. Never a 500, never a loop, nobody signed in.
/// </summary>
public sealed partial class CallbackEndpointTests
{
    public static TheoryData<string> Providers => ["google", "github", "work", "acme"];

    [Theory]
    [InlineData("google")]
    [InlineData("github")]
    [InlineData("oidc")]
    public async Task ACancelledConsentComesBackToTheSignInPage(string provider)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        var page = await browser.PressAsync(await browser.StartSignInAsync(provider, FailedSignIn.Destination), "button[value=denied]");
        await FailedSignIn.AssertAsync(app, browser, page, provider, 200, "/api/auth/signin", "OAuthCallbackError", "Sign-in cancelled");
    }

    [Theory]
    [InlineData("google", "server-error", 503, "isn’t responding")]
    [InlineData("github", "server-error", 503, "isn’t responding")]
    [InlineData("oidc", "server-error", 503, "isn’t responding")]
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
        var page = await browser.SignInAsync(provider, callbackUrl: FailedSignIn.Destination, fault: fault);
        await FailedSignIn.AssertAsync(app, browser, page, provider, status, "/api/auth/error", "Configuration", cause);

        // The button works: the same provider, the same destination, and this time nothing goes wrong.
        var end = await browser.ChooseAsync(await browser.PressAsync(page, "button.ba-provider"));
        Assert.Equal((FailedSignIn.Destination, "Ada Lovelace"), (end.Address.PathAndQuery, end.Text));
    }

    public static TheoryData<string, string, int, string> NetworkFaults
    {
        get
        {
            var data = new TheoryData<string, string, int, string>();
            foreach (var provider in (string[])["google", "github", "work", "acme"])
            {
                data.Add(provider, "refused", 503, "isn’t responding");
                data.Add(provider, "timeout", 503, "isn’t responding");
                data.Add(provider, "500", 503, "isn’t responding");
                data.Add(provider, "429", 503, "isn’t responding");
                data.Add(provider, "html", 400, "Sign-in didn’t work");
                data.Add(provider, "empty", 400, "Sign-in didn’t work");
                data.Add(provider, "array", 400, "Sign-in didn’t work");
                data.Add(provider, "number", 400, "Sign-in didn’t work");
                data.Add(provider, "no-token", 400, "Sign-in didn’t work");
                data.Add(provider, "secret-in-error", 400, "Sign-in didn’t work");
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
        var authorize = (await browser.StartSignInAsync(provider, FailedSignIn.Destination)).Location!;
        fake.Faults["/token"] = FailedSignIn.Fault(fault);
        var page = await browser.ArriveAsync(fake.Answer(authorize));
        await FailedSignIn.AssertAsync(app, browser, page, provider, status, "/api/auth/error", "Configuration", cause);
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
            var authorize = (await browser.StartSignInAsync(provider, FailedSignIn.Destination)).Location!;
            fake.Faults[path] = FailedSignIn.Fault(fault);
            var page = await browser.ArriveAsync(fake.Answer(authorize));
            if (provider == "work" && status == 400)
            {
                // The id token is enough.
                Assert.Equal("Ada Lovelace", page.Text);
                continue;
            }

            Assert.True(page.Address.AbsolutePath == "/api/auth/error", $"{fault}: {page.Address}");
            await FailedSignIn.AssertAsync(app, browser, page, provider, status, "/api/auth/error", "Configuration", status == 503 ? "isn’t responding" : "Sign-in didn’t work");
        }
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task BackAfterASignInLeadsToThePageAgainAndKeepsTheSession(string provider)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync();
        using var browser = app.CreateBrowser();
        var callback = fake.Answer((await browser.StartSignInAsync(provider, FailedSignIn.Destination)).Location!);
        Assert.Equal("Ada Lovelace", (await browser.ArriveAsync(callback)).Text);
        var page = await browser.ArriveAsync(callback);
        Assert.Equal((FailedSignIn.Destination, "Ada Lovelace"), (page.Address.PathAndQuery, page.Text));

        // Whoever signed out meanwhile is told.
        await browser.PostAsync("/api/auth/signout");
        page = await browser.ArriveAsync(callback);
        await FailedSignIn.AssertAsync(app, browser, page, provider, 400, "/api/auth/error", "Configuration", "You already completed this sign-in");
        Assert.Single(fake.TokenRequests);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task ALostCookieIsSaidToBeLost(string provider)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync();
        using var browser = app.CreateBrowser();
        var callback = fake.Answer((await browser.StartSignInAsync(provider, FailedSignIn.Destination)).Location!);
        browser.Cookies.Clear();
        var page = await browser.ArriveAsync(callback);
        await FailedSignIn.AssertAsync(app, browser, page, provider, 400, "/api/auth/error", "Configuration", "didn’t send the cookie");
        Assert.Empty(fake.TokenRequests);
    }

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task AFlowOlderThanFifteenMinutesHasExpired(string provider)
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync();
        using var browser = app.CreateBrowser();
        var callback = fake.Answer((await browser.StartSignInAsync(provider, FailedSignIn.Destination)).Location!);
        app.Clock.Advance(TimeSpan.FromMinutes(16));
        var page = await browser.ArriveAsync(callback);
        await FailedSignIn.AssertAsync(app, browser, page, provider, 400, "/api/auth/error", "Configuration", "This sign-in expired");
    }

    [Theory]
    [InlineData("unauthorized_client", 200)]
    [InlineData("invalid_scope", 200)]
    [InlineData("<script>", 200)]
    public async Task AnotherErrorOfTheProviderIsARefusal(string error, int status)
    {
        foreach (var provider in (string[])["google", "work"])
        {
            var fake = new FakeProvider();
            await using var app = await fake.StartAppAsync();
            using var browser = app.CreateBrowser();
            var authorize = (await browser.StartSignInAsync(provider, FailedSignIn.Destination)).Location!;
            var page = await browser.ArriveAsync(fake.Answer(authorize, ("code", null), ("error", error), ("error_description", "secret-of-the-provider")));
            await FailedSignIn.AssertAsync(app, browser, page, provider, status, "/api/auth/signin", "OAuthCallbackError", "declined the sign-in");
            Assert.DoesNotContain("secret-of-the-provider", page.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(app.Logs.Own, line => line.Text.Contains("secret-of-the-provider", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task ACallbackPathOfTheAppsOwnIsKept()
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartOAuthAsync(options => options.CallbackPath = "/signin-acme");
        using var browser = app.CreateBrowser();
        var authorize = (await browser.StartSignInAsync("acme")).Location!;
        Assert.Contains("redirect_uri=http%3A%2F%2Flocalhost%2Fsignin-acme", authorize.Query, StringComparison.Ordinal);
        Assert.Equal("Ada Lovelace", (await browser.ArriveAsync(fake.Answer(authorize))).Text);
        var failed = await browser.ArriveAsync(new Uri(app.Address, "/signin-acme?code=x&state=y"));
        Assert.Equal((HttpStatusCode.BadRequest, "/api/auth/error"), (failed.Status, failed.Address.AbsolutePath));
    }
}
