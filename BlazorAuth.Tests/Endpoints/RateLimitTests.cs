using System.Globalization;
using System.Net;

namespace BlazorAuth.Tests.Endpoints;

/// <summary>One client address may try only so often.</summary>
public sealed partial class RateLimitTests
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

        var client = await browser.FetchAsync(HttpMethod.Post, "/api/auth/signin/google", null, ("X-Auth-Return-Redirect", "1"));
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

    [Fact]
    public async Task AWholeSignInCountsOnce()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Settings["AUTH_RATE_LIMIT_PERMIT_LIMIT"] = "2");
        using var browser = app.CreateBrowser();
        Assert.Equal("Ada Lovelace", (await browser.SignInAsync("google")).Text);
        Assert.Equal("Ada Lovelace", (await browser.SignInAsync("google")).Text);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.PostAsync("/api/auth/signin/google")).Status);

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal("Ada Lovelace", (await browser.SignInAsync("google")).Text);
    }

    // A page of another origin has its visitor's browser load and post what it likes: none of it may use up the visitor's attempts.
    [Fact]
    public async Task WhatAnotherPageSendsUsesUpNobodysAttempts()
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup => setup.Options = options => options.RateLimit.PermitLimit = 1);
        using var attacker = app.CreateBrowser();
        app.ClientAddress = IPAddress.Parse("192.0.2.1");
        var prepared = fake.Answer((await attacker.StartSignInAsync("acme")).Location!);
        app.ClientAddress = IPAddress.Parse("192.0.2.7");
        using var visitor = app.CreateBrowser();
        for (var i = 0; i < 5; i++)
        {
            await visitor.ArriveAsync(new Uri(app.Address, "/api/auth/callback/acme"));
            await visitor.ArriveAsync(new Uri(app.Address, "/api/auth/callback/acme?state=x&code=x"));
            await visitor.ArriveAsync(prepared);
            await visitor.PostAsync("/api/auth/signin/acme", site: "cross-site");
            await visitor.PostAsync("/api/auth/callback/password", [new("user", "ada")], site: "cross-site");
        }

        Assert.Equal("Ada Lovelace", (await visitor.SignInAsync(fake, "acme")).Text);
    }

    [Fact]
    public async Task AnswersToASignInOfThisBrowserAreCounted()
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup => setup.Options = options => options.RateLimit.PermitLimit = 2);
        using var browser = app.CreateBrowser();
        var answer = fake.Answer((await browser.StartSignInAsync("acme")).Location!, ("error", "server_error"));
        for (var i = 0; i < 2; i++)
        {
            Assert.NotEqual(HttpStatusCode.TooManyRequests, (await browser.ArriveAsync(answer)).Status);
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, (await browser.ArriveAsync(answer)).Status);
    }

    [Fact]
    public async Task BehindAProxyThatNobodyNamedItsOwnWordCountsAndTheProxyAsAWhole()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.RateLimit.PermitLimit = 2);
        app.ClientAddress = IPAddress.Parse("172.18.0.1");
        using var client = new HttpClient(app.CreateHandler());
        var n = 0;
        async Task<int> From(string forwarded)
        {
            using var message = new HttpRequestMessage(HttpMethod.Post, new Uri(app.Address, "/api/auth/signin/google"));
            message.Headers.Add("Sec-Fetch-Site", "same-origin");
            message.Headers.TryAddWithoutValidation("X-Forwarded-For", forwarded);
            using var answer = await client.SendAsync(message, TestContext.Current.CancellationToken);
            return (int)answer.StatusCode;
        }

        // Whatever the client writes in front of it.
        Assert.Equal((int[])[302, 302, 429, 429], (int[])[await From("10.0.0.1, 203.0.113.9"), await From($"{n++}, 203.0.113.9"), await From($"{n++}, 203.0.113.9"), await From("203.0.113.9:4711")]);
        Assert.Contains(app.Logs.Own, line => line.Event.Name == "ClientAddressUnknown" && line.Text.Contains("AUTH_KNOWN_PROXIES", StringComparison.Ordinal));

        // Who has reached the proxy's neighbour can write it all, and has twenty times as much, not more.
        for (var i = 1; i <= 38; i++)
        {
            Assert.Equal(302, await From($"198.51.100.{i}"));
        }

        Assert.Equal(429, await From("198.51.100.39"));
        app.ClientAddress = IPAddress.Parse("172.18.0.2");
        Assert.Equal((int[])[302, 302, 429], (int[])[await From("garbage"), await From("more garbage"), await From("and more")]);
        app.ClientAddress = IPAddress.Parse("198.51.100.77");
        Assert.DoesNotContain(app.Logs.Own, line => line.Event.Name == "ClientsPerhapsCountedTogether");
        Assert.Equal((int[])[302, 302, 429], (int[])[await From("1.1.1.1"), await From("2.2.2.2"), await From("3.3.3.3")]);
        Assert.Single(app.Logs.Own, line => line.Event.Name == "ClientsPerhapsCountedTogether");
    }

    // Where proxies of clouds come from, with an app that does not name them.
    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.129.1")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.254")]
    [InlineData("::ffff:169.254.129.1")]
    [InlineData("fd00::1")]
    public async Task BehindTheProxyOfACloudOneClientKeepsNobodyOut(string proxy)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.RateLimit.PermitLimit = 2);
        app.ClientAddress = IPAddress.Parse(proxy);
        using var browser = app.CreateBrowser();
        async Task<HttpStatusCode> From(string client)
        {
            var message = browser.Message(HttpMethod.Post, new Uri(app.Address, "/api/auth/signin/google"), "same-origin");
            message.Headers.Add("X-Forwarded-For", client);
            return (await browser.SendAsync(message)).Status;
        }

        await From("203.0.113.66");
        await From("203.0.113.66");
        Assert.Equal(HttpStatusCode.TooManyRequests, await From("203.0.113.66"));
        Assert.Equal(HttpStatusCode.Found, await From("198.51.100.7"));
        Assert.Contains(app.Logs.Own, line => line.Event.Name == "ClientAddressUnknown");
    }

    // In an office without a proxy everybody connects from an address that counts as a proxy's.
    [Fact]
    public async Task WhoNamesTheAddressOfANeighbourUsesUpNoAttemptOfTheirs()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.RateLimit.PermitLimit = 2);
        using var browser = app.CreateBrowser();
        async Task<int> From(string address, string? named = null)
        {
            app.ClientAddress = IPAddress.Parse(address);
            var message = browser.Message(HttpMethod.Post, new Uri(app.Address, "/api/auth/signin/google"), "same-origin");
            message.Headers.TryAddWithoutValidation("X-Forwarded-For", named is null ? [] : [named]);
            return (int)(await browser.SendAsync(message)).Status;
        }

        Assert.Equal((int[])[302, 302, 429], (int[])[await From("10.0.0.5", "10.0.0.6"), await From("10.0.0.5", "10.0.0.6"), await From("10.0.0.5", "10.0.0.6")]);
        Assert.Equal((int[])[302, 302, 429], (int[])[await From("10.0.0.6"), await From("10.0.0.6"), await From("10.0.0.6")]);
    }

    // Behind a Unix socket a request has no address: then what the proxy forwards counts, and whoever it does not tell is one client.
    [Fact]
    public async Task WhoComesThroughASocketWithoutAnAddressIsLimitedToo()
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup =>
        {
            (setup.Environment, setup.Settings["AUTH_URL"], setup.Address) = ("Production", "https://localhost", new Uri("https://localhost"));
            setup.Options = options => options.RateLimit.PermitLimit = 2;
        });
        app.ClientAddress = null;
        using var browser = app.CreateBrowser();
        async Task<int> From(params string[] forwarded)
        {
            var message = browser.Message(HttpMethod.Post, new Uri(app.Address, "/api/auth/signin/acme"), "same-origin");
            message.Headers.TryAddWithoutValidation("X-Forwarded-For", forwarded);
            return (int)(await browser.SendAsync(message)).Status;
        }

        Assert.Equal((int[])[302, 302, 429], (int[])[await From(), await From(), await From()]);
        Assert.Equal((int[])[302, 302, 429, 302], (int[])[await From("203.0.113.9"), await From("1.1.1.1, 203.0.113.9"), await From("203.0.113.9"), await From("203.0.113.10")]);
    }

    [Fact]
    public void TheMemoryOfAHundredThousandAddressesIsGivenBack()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        using var limit = new SignInRateLimit(
            Microsoft.Extensions.Options.Options.Create(new AuthOptions()), new(TestBuilder.Create().Configuration, TestBuilder.Create().Environment), clock, Microsoft.Extensions.Logging.Abstractions.NullLogger<SignInRateLimit>.Instance);
        var http = new Microsoft.AspNetCore.Http.DefaultHttpContext();
        for (var i = 0; i < 100_000; i++)
        {
            http.Connection.RemoteIpAddress = new IPAddress(0x01000000L + i);
            Assert.False(limit.Refuses(http, SignInStep.Start, out _));
        }

        Assert.Equal(100_000, limit.Count);
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(0, limit.Count);
    }

    [Fact]
    public void AFloodOfAddressesIsNotCountedBeyondABound()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        using var attempts = new AttemptWindow(TimeSpan.FromMinutes(1), clock);
        var first = new AttemptKey(new IPAddress(0x01000000L), SignInStep.Start, IsProxy: false);
        for (var i = 0; i < 300_000; i++)
        {
            Assert.True(attempts.Take(first with { Address = new IPAddress(0x01000000L + i) }, 1, out _));
        }

        Assert.InRange(attempts.Count, 100_000, 200_000);
        Assert.False(attempts.Take(first, 1, out _));
    }
}
