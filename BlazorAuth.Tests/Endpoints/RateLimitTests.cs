using System.Globalization;
using System.Net;

namespace BlazorAuth.Tests.Endpoints;

/// <summary>One client address may try only so often.</summary>
public sealed class RateLimitTests
{
    [Fact]
    public async Task WhoTriesTooOftenIsToldHowLongToWait()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.RateLimit.PermitLimit = 2);
        using var browser = app.CreateBrowser();
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(HttpStatusCode.Found, (await browser.PostAsync("/api/auth/signin/google")).Status);
        }

        var page = await browser.PostAsync("/api/auth/signin/google");
        Assert.Equal(HttpStatusCode.TooManyRequests, page.Status);
        Assert.InRange(int.Parse(page.Header("Retry-After")!, CultureInfo.InvariantCulture), 1, 60);
        Assert.Contains("Too many attempts", page.Document.QuerySelector("h1")!.TextContent, StringComparison.Ordinal);
        Assert.NotNull(page.Header("Content-Security-Policy"));

        var client = await browser.FetchAsync(HttpMethod.Post, "/api/auth/callback/google", null, ("X-Auth-Return-Redirect", "1"));
        Assert.Equal((HttpStatusCode.TooManyRequests, "application/json"), (client.Status, client.Response.Content.Headers.ContentType?.MediaType));
        Assert.NotNull(client.Header("Retry-After"));

        // Reading is not trying, and somebody else may go on.
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/auth/signin")).Status);
        Assert.Equal("null", await browser.SessionAsync());
        app.ClientAddress = IPAddress.Parse("192.0.2.7");
        Assert.Equal(HttpStatusCode.Found, (await browser.PostAsync("/api/auth/signin/google")).Status);
    }

    [Fact]
    public async Task AnIpv6NetworkCountsAsOneClient()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.RateLimit.PermitLimit = 1);
        using var browser = app.CreateBrowser();
        foreach (var (address, status) in new[] { ("2001:db8::1", 302), ("2001:db8::2", 429), ("2001:db8:0:1::1", 302), ("::ffff:192.0.2.1", 302), ("192.0.2.1", 429) })
        {
            app.ClientAddress = IPAddress.Parse(address);
            Assert.Equal(status, (int)(await browser.PostAsync("/api/auth/signin/google")).Status);
        }
    }

    [Fact]
    public async Task ZeroSwitchesItOff()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.RateLimit.PermitLimit = 0);
        using var browser = app.CreateBrowser();
        for (var i = 0; i < 70; i++)
        {
            Assert.Equal(HttpStatusCode.Found, (await browser.PostAsync("/api/auth/signin/google")).Status);
        }
    }
}
