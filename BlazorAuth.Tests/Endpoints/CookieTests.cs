using BlazorAuth.Tests.Flows;

namespace BlazorAuth.Tests.Endpoints;

/// <summary>The names and attributes of our cookies.</summary>
public sealed class CookieTests
{
    [Fact]
    public async Task OverHttpTheyHavePlainNames()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SessionAsync();
        AssertCookie(browser, "authjs.csrf-token", isSecure: false, expires: false);
        AssertCookie(browser, "authjs.callback-url", isSecure: false, expires: false);
        Assert.Equal("http%3A%2F%2Flocalhost", browser.Cookies["authjs.callback-url"]);

        await browser.SignInAsync("google");
        AssertCookie(browser, "authjs.session-token", isSecure: false, expires: true);
        Assert.Equal(
            DateTimeOffset.FromUnixTimeSeconds(app.Clock.GetUtcNow().ToUnixTimeSeconds()) + TimeSpan.FromDays(30), browser.Cookies.Find("authjs.session-token")!.Expires);
    }

    [Fact]
    public async Task OverHttpsTheirNamesAreGuarded()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Address = new Uri("https://app.localhost"));
        using var browser = app.CreateBrowser();
        Assert.Equal("Ada Lovelace", (await browser.SignInAsync("oidc")).Text);
        AssertCookie(browser, "__Host-authjs.csrf-token", isSecure: true, expires: false);
        AssertCookie(browser, "__Secure-authjs.callback-url", isSecure: true, expires: false);
        AssertCookie(browser, "__Host-authjs.session-token", isSecure: true, expires: true);
        Assert.All(browser.Cookies.History, cookie => Assert.True(cookie.Secure, cookie.Name));
        Assert.All(browser.Cookies.History, cookie => Assert.True(cookie.HttpOnly, cookie.Name));
        Assert.All(browser.Cookies.History, cookie => Assert.Equal("lax", cookie.SameSite, ignoreCase: true));
    }

    [Fact]
    public async Task TwoAppsOnOneHostCanBeToldApart()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.Cookies.Prefix = "shop");
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");
        Assert.NotNull(browser.Cookies["shop.session-token"]);
        Assert.Equal(["shop.browser", "shop.callback-url", "shop.csrf-token", "shop.had-session", "shop.last-provider", "shop.session-token"], browser.Cookies.All.Select(cookie => cookie.Name).Order(StringComparer.Ordinal));

        // The neighbour's cookie is neither read nor touched.
        await using var neighbour = await AuthApp.StartAsync();
        using var other = neighbour.CreateBrowser();
        browser.Cookies.CopyTo(other.Cookies);
        Assert.Equal("null", await other.SessionAsync());
        Assert.NotNull(other.Cookies["shop.session-token"]);
    }

    [Fact]
    public async Task SigningOutDeletesTheCookieWithTheSameAttributes()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Address = new Uri("https://app.localhost"));
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var answer = await browser.PostAsync("/api/auth/signout");
        Assert.Contains("__Host-authjs.session-token=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax", answer.SetCookies);
    }

    [Fact]
    public async Task ASecondLookSetsNothingAgain()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        await browser.SessionAsync();
        Assert.Empty((await browser.FetchAsync(HttpMethod.Get, "/api/auth/session")).SetCookies);
        Assert.Empty((await browser.FetchAsync(HttpMethod.Get, "/api/auth/csrf")).SetCookies);
    }

    [Fact]
    public async Task TenKilobytesOfClaimsAreCarriedInChunksAndGoAsOne()
    {
        var fake = new FakeProvider();
        await using var app = await fake.StartAppAsync(setup =>
        {
            setup.Address = new Uri("https://app.localhost");
            setup.Options = options => options.Callbacks.OnToken = context =>
            {
                context.Claims["big"] = new string('x', 10_000);
                return ValueTask.FromResult(true);
            };
        });
        using var browser = app.CreateBrowser();
        Assert.Equal("Ada Lovelace", (await browser.SignInAsync(fake, "acme")).Text);
        var chunks = browser.Cookies.All.Where(cookie => cookie.Name.StartsWith("__Host-authjs.session-token.", StringComparison.Ordinal)).ToList();
        Assert.True(chunks.Count >= 3);
        Assert.Contains("ada", await browser.SessionAsync(), StringComparison.OrdinalIgnoreCase);

        browser.Cookies[chunks[1].Name] = null;
        Assert.Equal("null", await browser.SessionAsync());
        Assert.DoesNotContain(browser.Cookies.All, cookie => cookie.Name.StartsWith("__Host-authjs.session-token", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("a.b.c.d.e")]
    [InlineData("")]
    [InlineData("%FF")]
    [InlineData("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.")]
    [InlineData("eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2Q0JDLUhTNTEyIn0....")]
    public async Task ASessionCookieThatIsNoneIsCleanedAndNothingElse(string value)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Address = new Uri("https://app.localhost"));
        foreach (var cookie in (string[])[value, value + new string('x', 9000)])
        {
            using var browser = app.CreateBrowser();
            browser.Cookies["__Host-authjs.session-token"] = cookie;
            browser.Cookies["__Host-authjs.session-tokenX"] = "the neighbour's";
            Assert.Equal("nobody", (await browser.OpenAsync("/page")).Text);
            Assert.Equal("null", await browser.SessionAsync());
            Assert.True(browser.Cookies["__Host-authjs.session-token"] is null || value.Length == 0);
            Assert.NotNull(browser.Cookies["__Host-authjs.session-tokenX"]);
            Assert.Equal("Ada Lovelace", (await browser.SignInAsync("google")).Text);
        }
    }

    private static void AssertCookie(Browser browser, string name, bool isSecure, bool expires)
    {
        var cookie = browser.Cookies.Find(name);
        Assert.NotNull(cookie);
        Assert.Equal("/", cookie.Path);
        Assert.True(cookie.HttpOnly);
        Assert.Equal(isSecure, cookie.Secure);
        Assert.Equal("lax", cookie.SameSite, ignoreCase: true);
        Assert.Equal(expires, cookie.Expires is not null);
        Assert.DoesNotContain("domain", cookie.Header, StringComparison.OrdinalIgnoreCase);
    }
}
