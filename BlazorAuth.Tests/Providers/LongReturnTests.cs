using System.Net;
using System.Text.Json.Nodes;

namespace BlazorAuth.Tests.Providers;

/// <summary>Return addresses of every length: people come back there, and the headers on the way fit what stock proxies take (4 KB for an answer).</summary>
public sealed class LongReturnTests
{
    private const int MostHeader = 4000;

    // Not compressible, as identifiers in a filter are.
    private static readonly string Random = Convert.ToHexStringLower(System.Security.Cryptography.SHA512.HashData("seed"u8)) + string.Concat(
        Enumerable.Range(0, 120).Select(i => Convert.ToBase64String(System.Security.Cryptography.SHA512.HashData(BitConverter.GetBytes(i))).Replace('+', '-').Replace('/', '_').TrimEnd('=')));

    public static TheoryData<string> Addresses =>
    [
        "/page?q=short", "/page?q=" + Random[..280], "/page?q=" + Random[..900], "/page?q=" + Random[..1900], "/page?q=" + new string('a', 4000),
        "/page?q=" + string.Concat(Enumerable.Repeat("%E6%97%A5", 1000)), "/page?q=" + Random[..10000],
    ];

    [Theory]
    [MemberData(nameof(Addresses))]
    public async Task ThePersonComesBackThere(string address)
    {
        var fake = new OpenIdFake();
        await using var app = await StartAsync(fake);
        foreach (var provider in (string[])["work", "acme"])
        {
            using var browser = app.CreateBrowser();
            var start = await browser.PostAsync($"/api/auth/signin/{provider}", [new("callbackUrl", address)]);
            var callback = await browser.SendAsync(browser.Message(HttpMethod.Get, fake.Answer(start.Location!), "cross-site"));
            var end = callback.Location!.AbsolutePath == "/api/auth/return" ? (await browser.SendAsync(browser.Message(HttpMethod.Get, callback.Location, "cross-site"))).Location : callback.Location;
            Assert.Equal(address, end!.PathAndQuery);
            Assert.NotEqual("null", await browser.SessionAsync());
            if (address.Length < 2000)
            {
                Assert.All((Page[])[start, callback], page => Assert.True(HeaderOf(page) <= MostHeader, $"{provider}: {HeaderOf(page)} bytes at {page.Address.AbsolutePath}"));
            }
        }
    }

    [Fact]
    public async Task TheLargestProfileFitsBesideTheLongestReturnAddress()
    {
        var fake = new OpenIdFake
        {
            Claims = new()
            {
                ["sub"] = "42", ["name"] = string.Concat(Enumerable.Repeat("日本", 150)), ["email"] = new string('e', 300) + "@example.com", ["email_verified"] = true,
                ["picture"] = "https://p.example/" + Random[..1000],
            },
        };
        await using var app = await StartAsync(fake);
        using var browser = app.CreateBrowser();
        var start = await browser.PostAsync("/api/auth/signin/work", [new("callbackUrl", "/page?q=" + Random[..1900])]);
        var callback = await browser.SendAsync(browser.Message(HttpMethod.Get, fake.Answer(start.Location!), "cross-site"));
        Assert.InRange(HeaderOf(callback), 2000, MostHeader);
        Assert.Contains("日本", await browser.SessionAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TwoTabsKeepTheirAddresses()
    {
        var fake = new OpenIdFake();
        await using var app = await StartAsync(fake);
        using var browser = app.CreateBrowser();
        var (one, two) = ("/page?q=1" + Random[..500], "/page?q=2" + Random[..500]);
        var first = (await browser.PostAsync("/api/auth/signin/acme", [new("callbackUrl", one)])).Location!;
        var second = (await browser.PostAsync("/api/auth/signin/acme", [new("callbackUrl", two)])).Location!;
        Assert.Equal(one, (await browser.ArriveAsync(fake.Answer(first))).Address.PathAndQuery);
        Assert.Equal(two, (await browser.ArriveAsync(fake.Answer(second))).Address.PathAndQuery);
    }

    [Fact]
    public async Task AbandonedSignInsDoNotPileUp()
    {
        var fake = new OpenIdFake();
        await using var app = await StartAsync(fake);
        using var browser = app.CreateBrowser();
        Page? start = null;
        for (var i = 0; i < 40; i++)
        {
            start = await browser.PostAsync("/api/auth/signin/work", [new("callbackUrl", "/page?q=" + Random[(i * 10)..((i * 10) + 1500)])]);
        }

        var sent = browser.Cookies.Header(new Uri(app.Address, "/api/auth/callback/work"), isCrossSitePost: false)!;
        Assert.InRange(sent.Length, 100, 8000);
        Assert.Equal("/page", (await browser.ArriveAsync(fake.Answer(start!.Location!))).Address.AbsolutePath);
    }

    [Theory]
    [InlineData(150, 8)]
    [InlineData(10, 1000)]
    public async Task CookiesThatAnotherSitePlantedMakeNoAnswerTooLarge(int count, int length)
    {
        var fake = new OpenIdFake();
        await using var app = await StartAsync(fake);
        using var browser = app.CreateBrowser();
        for (var i = 0; i < count; i++)
        {
            browser.Cookies[$"authjs.return.{new string('a', length - 4)}{i:D4}.0"] = new string('a', length == 8 ? 80 : 600);
        }

        foreach (var provider in (string[])["work", "acme"])
        {
            var start = await browser.PostAsync($"/api/auth/signin/{provider}", [new("callbackUrl", "/page?q=" + Random[..900])]);
            var callback = await browser.SendAsync(browser.Message(HttpMethod.Get, fake.Answer(start.Location!), "cross-site"));
            Assert.All((Page[])[start, callback], page => Assert.True(HeaderOf(page) <= MostHeader, $"{provider}: {HeaderOf(page)} bytes at {page.Address.AbsolutePath}"));
            Assert.Equal("/page", callback.Location!.AbsolutePath);
        }
    }

    [Fact]
    public async Task APlantedCookieLeadsNowhereElse()
    {
        var fake = new OpenIdFake();
        await using var app = await StartAsync(fake);
        using var thief = app.CreateBrowser();
        await thief.PostAsync("/api/auth/signin/acme", [new("callbackUrl", "/page?stolen=" + Random[..500])]);
        var planted = thief.Cookies.History.Single(cookie => cookie.Name.StartsWith("authjs.return.", StringComparison.Ordinal)).Value;
        foreach (var value in (string[])[planted, "https://evil.example/", "/page?planted", "http://localhost/page?planted", planted[..^4], ""])
        {
            using var browser = app.CreateBrowser();
            var start = await browser.PostAsync("/api/auth/signin/acme", [new("callbackUrl", "/page?own=" + Random[..500])]);
            var name = browser.Cookies.History.Single(cookie => cookie.Name.StartsWith("authjs.return.", StringComparison.Ordinal)).Name;
            browser.Cookies[name] = value;
            var end = (await browser.ArriveAsync(fake.Answer(start.Location!))).Address;
            Assert.Equal(("localhost", "/"), (end.Host, end.PathAndQuery));
        }
    }

    [Theory]
    [InlineData("/api/auth/error?error=Configuration", "/")]
    [InlineData("/api/auth/verify-request", "/")]
    [InlineData("/Api/Auth/signin?callbackUrl=%2Fpage%3Fa%3D1", "/page?a=1")]
    [InlineData("/api/auth/signout?callbackUrl=https%3A%2F%2Fevil.example", "/")]
    [InlineData("/api/auth/signin/acme?callbackUrl=/api/auth/error", "/")]
    [InlineData("/api/auth/callback/acme?code=x&callbackUrl=%2Fpage", "/page")]
    [InlineData("/api/auth/", "/")]
    [InlineData("/api/auth/%73ession", "/")]
    [InlineData("/api/auth/sessions", "/api/auth/sessions")]
    [InlineData("/api/authors", "/api/authors")]
    public async Task AnEndpointIsNoPlaceToComeBackTo(string asked, string end)
    {
        var fake = new OpenIdFake();
        await using var app = await StartAsync(fake);
        using var browser = app.CreateBrowser();
        var start = await browser.PostAsync("/api/auth/signin/acme", [new("callbackUrl", asked)]);
        var callback = await browser.SendAsync(browser.Message(HttpMethod.Get, fake.Answer(start.Location!), "cross-site"));
        Assert.Equal(end, callback.Location!.PathAndQuery);
    }

    // What the server itself adds comes on top: status line, date, its name.
    private static int HeaderOf(Page page) =>
        130 + page.Response.Headers.Concat(page.Response.Content.Headers).Sum(header => header.Value.Sum(value => header.Key.Length + System.Text.Encoding.UTF8.GetByteCount(value) + 4));

    private static Task<AuthApp> StartAsync(OpenIdFake fake) => fake.StartAsync(setup =>
    {
        var work = setup.Providers;
        setup.Providers = builder =>
        {
            work(builder);
            builder.AddOAuth("acme", "Acme", new FakeProvider().UseForPlainOAuth);
        };
    });
}
