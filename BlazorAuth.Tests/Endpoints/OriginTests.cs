using System.Net;
using BlazorAuth.Tests.Flows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Tests.Endpoints;

/// <summary>The app's public address: from AUTH_URL, from a known proxy, or from the request where that may be believed. A forged Host goes nowhere.</summary>
public sealed class OriginTests
{
    [Theory]
    [InlineData("https://app.example", "", "https://app.example")]
    [InlineData("https://app.example/", "", "https://app.example")]
    [InlineData("https://app.example:8443", "", "https://app.example:8443")]
    [InlineData("https://app.example/api/auth", "", "https://app.example")]
    [InlineData("https://app.example/shop", "/shop", "https://app.example/shop")]
    [InlineData("https://app.example/shop/api/auth/", "/shop", "https://app.example/shop")]
    [InlineData("https://app.example/shop", "", "https://app.example/shop")]
    public async Task AuthUrlDecidesWhateverTheRequestSays(string url, string prefix, string expected)
    {
        await using var app = await StartAsync(("AUTH_URL", url));
        var answer = await PostAsync(app, prefix, ("Host", "evil.example"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "http"));
        Assert.Equal(expected + "/api/auth/callback/google", RedirectUri(answer));
        Assert.Equal(expected, CallbackCookie(answer));
        Assert.DoesNotContain("evil", answer.Headers.ToString(), StringComparison.Ordinal);
        Assert.Contains(answer.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith("__Host-authjs.csrf-token=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task BehindAuthUrlASignInGoesRoundOverHttps()
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup =>
        {
            setup.Environment = "Production";
            setup.Address = new Uri("https://app.example");
            setup.Settings["AUTH_URL"] = "https://app.example/shop";
        });
        using var browser = app.CreateBrowser();
        var page = await browser.PressAsync(await browser.OpenAsync("/shop/api/auth/signin/acme?callbackUrl=/shop/page"));
        Assert.Contains("redirect_uri=https%3A%2F%2Fapp.example%2Fshop%2Fapi%2Fauth%2Fcallback%2Facme", page.Location!.Query, StringComparison.Ordinal);
        var end = await browser.ArriveAsync(fake.Answer(page.Location));
        Assert.Equal(("https://app.example/shop/page", "Ada Lovelace"), (end.Address.ToString(), end.Text));
        Assert.NotNull(browser.Cookies["__Host-authjs.session-token"]);
    }

    [Fact]
    public async Task AKnownProxyIsBelievedAndAnotherIsNot()
    {
        await using var app = await StartAsync(("AUTH_KNOWN_PROXIES", "10.0.0.5, 192.168.0.0/16"), ("AllowedHosts", "app.example;*.shops.example;internal"));
        (string, string)[] forwarded = [("Host", "internal"), ("X-Forwarded-Host", "app.example"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "203.0.113.9")];
        foreach (var known in (string[])["10.0.0.5", "192.168.7.7", "::ffff:10.0.0.5"])
        {
            app.ClientAddress = IPAddress.Parse(known);
            Assert.Equal("https://app.example/api/auth/callback/google", RedirectUri(await PostAsync(app, "", forwarded)));
        }

        // The proxy is known, and passes on whatever host the client wrote.
        app.ClientAddress = IPAddress.Parse("10.0.0.5");
        foreach (var (host, status) in new[] { ("evil.example", 421), ("app.example.evil.example", 421), ("shops.example", 421), ("one.shops.example", 302) })
        {
            var answer = await PostAsync(app, "", ("Host", "internal"), ("X-Forwarded-Host", host), ("X-Forwarded-Proto", "https"));
            Assert.Equal((host, status), (host, (int)answer.StatusCode));
            Assert.DoesNotContain("evil", answer.Headers.ToString(), StringComparison.Ordinal);
        }

        app.ClientAddress = IPAddress.Parse("10.0.0.6");
        var refused = await PostAsync(app, "", forwarded);
        Assert.Equal(HttpStatusCode.MisdirectedRequest, refused.StatusCode);
        Assert.False(refused.Headers.Contains("Set-Cookie"));
        Assert.Contains(app.Logs.Own, line => line.Event.Name == "OriginUnknown");
    }

    // What the app's own pages build their links with, such as those of Identity that reset a password.
    [Theory]
    [InlineData("AUTH_URL", "https://app.example", "evil.example", "internal")]
    [InlineData("AUTH_URL", "https://app.example", "app.example", "app.example")]
    [InlineData("AUTH_URL", "https://app.example:8443", "app.example:8443", "app.example:8443")]
    [InlineData("AUTH_URL", "https://app.example", "evil.example, app.example", "app.example")]
    [InlineData("AllowedHosts", "app.example;internal", "evil.example", "")]
    [InlineData("AllowedHosts", "app.example;internal", "app.example", "app.example")]
    [InlineData("AllowedHosts", "*.app.example;internal", "evil-app.example", "")]
    [InlineData("AllowedHosts", "app.example;internal", "evil.example", "internal", true)]
    [InlineData("AllowedHosts", "app.example;internal", "app.example", "app.example", true)]
    public async Task AForwardedHostThatIsNotOursReachesNoPage(string name, string value, string host, string seen, bool isTrusted = false)
    {
        await using var app = await new FakeProvider().StartAppAsync(setup =>
        {
            setup.Environment = "Production";
            setup.Map = routes => routes.MapGet("/host", (HttpContext http) => http.Request.Host.Value);
            (setup.Settings[name], setup.Settings[isTrusted ? "AUTH_TRUST_HOST" : "AUTH_KNOWN_PROXIES"]) = (value, isTrusted ? "true" : "10.0.0.5");
        });
        app.ClientAddress = IPAddress.Parse("10.0.0.5");
        using var browser = app.CreateBrowser();
        var message = browser.Message(HttpMethod.Get, new Uri(app.Address, "/host"), "none");
        foreach (var (header, text) in (ReadOnlySpan<(string, string)>)[("Host", "internal"), ("X-Forwarded-Host", host), ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", "203.0.113.9")])
        {
            message.Headers.TryAddWithoutValidation(header, text);
        }

        Assert.Equal(seen, (await browser.SendAsync(message)).Text);
    }

    [Fact]
    public async Task AChainOfKnownProxiesLeadsToTheClientWhoIsLimitedAlone()
    {
        await using var app = await StartAsync(("AUTH_KNOWN_PROXIES", "10.0.0.5, 192.168.0.0/16"), ("AUTH_URL", "https://app.example"));
        app.ClientAddress = IPAddress.Parse("10.0.0.5");
        var limit = app.Services.GetRequiredService<IOptions<AuthOptions>>().Value.RateLimit.PermitLimit;

        // What the client itself put into the header stands on the left, and changes nothing.
        async Task<HttpStatusCode> From(string client) => (await PostAsync(
            app, "", ("Host", "internal"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-For", $"10.9.9.9, {client}, 192.168.7.7"))).StatusCode;
        for (var i = 0; i < limit; i++)
        {
            Assert.Equal(HttpStatusCode.Found, await From("203.0.113.9"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await From("203.0.113.9"));
        Assert.Equal(HttpStatusCode.Found, await From("203.0.113.10"));
        for (var i = 0; i < limit; i++)
        {
            await From("10.1.1.1");
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, await From("10.1.1.1"));
    }

    [Theory]
    [InlineData("true")]
    [InlineData("1")]
    public async Task TrustingTheHostBelievesAnybodyAndSaysSo(string value)
    {
        await using var app = await StartAsync(("AUTH_TRUST_HOST", value));
        Assert.Equal("https://any.example/api/auth/callback/google", RedirectUri(await PostAsync(app, "", ("Host", "x"), ("X-Forwarded-Host", "any.example"), ("X-Forwarded-Proto", "https"))));
        Assert.Equal("http://other.example/api/auth/callback/google", RedirectUri(await PostAsync(app, "", ("Host", "other.example"))));
        Assert.Contains(app.Logs.Own, line => line.Event.Name == "HostTrusted");
    }

    // Clients write their own address then, and with it how often they may sign in.
    [Fact]
    public async Task ItSaysSoWhereTheAddressIsFixed()
    {
        await using var app = await StartAsync(("AUTH_TRUST_HOST", "true"), ("AUTH_URL", "https://app.example"));
        Assert.Contains(app.Logs.Own, line => line.Event.Name == "HostTrusted" && line.Text.Contains("limit of sign-ins", StringComparison.Ordinal));
    }

    // Providers compare addresses by the letter.
    [Fact]
    public async Task OneSpellingOfThePathBaseIsNobodyElses()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Settings["AUTH_TRUST_HOST"] = "true";
            setup.Use = web => web.UsePathBase("/shop").UseRouting().UseAuthentication().UseAuthorization();
        });
        using var browser = app.CreateBrowser();
        await browser.FetchAsync(HttpMethod.Get, "/sHOP/api/auth/csrf");

        var providers = await browser.FetchAsync(HttpMethod.Get, "/shop/api/auth/providers");

        Assert.EndsWith("/shop/api/auth/callback/google", (string)providers.Json!["google"]!["callbackUrl"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task InDevelopmentTheRequestIsBelievedButForwardedHeadersAreNot()
    {
        await using var app = await AuthApp.StartAsync();
        var answer = await PostAsync(app, "", ("Host", "dev.localhost:5080"), ("X-Forwarded-Host", "evil.example"), ("X-Forwarded-Proto", "https"));
        Assert.Equal("http://dev.localhost:5080/api/auth/callback/google", RedirectUri(answer));
    }

    private static Task<AuthApp> StartAsync(params (string Name, string Value)[] settings)
    {
        var fake = new FakeProvider();
        return fake.StartAppAsync(setup =>
        {
            setup.Environment = "Production";
            foreach (var (name, value) in settings)
            {
                setup.Settings[name] = value;
            }
        });
    }

    private static async Task<HttpResponseMessage> PostAsync(AuthApp app, string prefix, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient(app.CreateHandler());
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(app.Address, prefix + "/api/auth/signin/google"));
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static string RedirectUri(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return QueryHelpers.ParseQuery(answer.Headers.Location!.Query)["redirect_uri"].ToString();
    }

    private static string CallbackCookie(HttpResponseMessage answer) => Uri.UnescapeDataString(answer.Headers.GetValues("Set-Cookie")
        .Single(cookie => cookie.StartsWith("__Secure-authjs.callback-url=", StringComparison.Ordinal)).Split('=', 2)[1].Split(';')[0]);
}
