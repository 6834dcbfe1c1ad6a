using System.Net;

namespace BlazorAuth.Tests.Endpoints;

/// <summary>The whole table of return addresses, through body, query and cookie. Production line: ReturnUrl.Parse.</summary>
public sealed partial class ReturnUrlTests(PlainApp plain) : IClassFixture<PlainApp>
{
    private const string Home = "http://localhost";

    public static TheoryData<string, string> Table => new()
    {
        { "/ok", "http://localhost/ok" },
        { "/a?b#c", "http://localhost/a?b#c" },
        { "/", "http://localhost/" },
        { "/@evil.example", "http://localhost/@evil.example" },
        { "/日本?ü=ö", "http://localhost/%E6%97%A5%E6%9C%AC?%C3%BC=%C3%B6" },
        { "/with space", "http://localhost/with%20space" },
        { "http://localhost/x", "http://localhost/x" },
        { "http://localhost", "http://localhost/" },
        { "http://localhost?x", "http://localhost/?x" },
        { "HTTP://LOCALHOST/x", "http://localhost/x" },
        { "http://localhost:80/x", "http://localhost/x" },
        { "", Home },
        { "//evil.example", Home },
        { "///evil.example", Home },
        { "/\\evil.example", Home },
        { "\\\\evil.example", Home },
        { "/\t/evil.example", Home },
        { "/\r\nSet-Cookie: a=b", Home },
        { "https://evil.example", Home },
        { "https:evil.example", Home },
        { "https:/evil.example", Home },
        { "https:///evil.example", Home },
        { "https://localhost/x", Home },
        { "http://localhost:81/x", Home },
        { "http://localhost@evil.example/", Home },
        { "http://localhost.evil.example/", Home },
        { "http://localhost%2eevil.example/", Home },
        { "http://user:pw@localhost/x", Home },
        { "http://localhost\\@evil.example", Home },
        { "http://host:80.evil/", Home },
        { "http://", Home },
        { "ftp://localhost/x", Home },
        { "file:///etc/passwd", Home },
        { "javascript:alert(1)", Home },
        { "data:text/html,x", Home },
        { "relative", Home },
        { "?q", Home },
        { "#h", Home },
        { " /lead", Home },
        { " http://localhost/x", Home },
        { "http:localhost/x", Home },
        { "http:/localhost/x", Home },
        { "http:///localhost/x", Home },
        { "http://@localhost/x", Home },
        { " //evil.example", Home },
        { "null", Home },
        { "\u2028//evil.example", Home },
        { "/" + new string('x', 13_000), Home },
    };

    [Theory]
    [MemberData(nameof(Table))]
    public async Task AReturnAddressIsOursOrHome(string asked, string expected)
    {
        var app = plain.App;
        using var browser = app.CreateBrowser();
        var body = await browser.PostAsync("/api/auth/signout?callbackUrl=%2Fquery", [new("callbackUrl", asked)]);
        Assert.Equal(HttpStatusCode.Found, body.Status);
        Assert.Equal(asked.Length == 0 ? "http://localhost/query" : expected, body.Response.Headers.Location!.OriginalString);

        using var asking = app.CreateBrowser();
        var query = await asking.GetAsync($"/api/auth/signin?callbackUrl={Escape(asked)}");
        Assert.Equal(HttpStatusCode.OK, query.Status);
        Assert.All(query.Document.QuerySelectorAll("input[name=callbackUrl]"), input => Assert.Equal(expected, input.GetAttribute("value")));
        Assert.Equal(expected, Uri.UnescapeDataString(asking.Cookies["authjs.callback-url"]!));

        asking.Cookies["authjs.callback-url"] = Escape(asked);
        var cookie = await asking.PostAsync("/api/auth/signout");
        Assert.Equal(expected, cookie.Response.Headers.Location!.OriginalString);
        foreach (var path in (string[])["session", "csrf", "providers", "signin", "error"])
        {
            asking.Cookies["authjs.callback-url"] = Escape(asked);
            Assert.NotEqual(HttpStatusCode.InternalServerError, (await asking.GetAsync($"/api/auth/{path}?error=AccessDenied")).Status);
        }
    }

    [Theory]
    [InlineData("https://evil.example/x")]
    [InlineData("//evil.example")]
    public async Task AHostileAddressDoesNotSurviveASignIn(string asked)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        var end = await browser.SignInAsync("google", callbackUrl: asked);
        Assert.Equal("http://localhost/", end.Address.ToString());
        Assert.Equal("home", end.Text);
    }

    [Theory]
    [InlineData("http://localhost%C3%A9.example/", "%ZZ")]
    [InlineData("%FF%FE", "%")]
    public async Task ACookieThatCannotBeDecodedIsIgnored(string first, string second)
    {
        var app = plain.App;
        using var browser = app.CreateBrowser();
        foreach (var value in (string[])[first, second])
        {
            browser.Cookies["authjs.callback-url"] = value;
            Assert.Equal(Home, (await browser.PostAsync("/api/auth/signout")).Response.Headers.Location!.OriginalString);
        }
    }

    [Fact]
    public async Task ANullCharacterLeadsHome()
    {
        using var browser = plain.App.CreateBrowser();
        Assert.Equal(Home, (await browser.PostAsync("/api/auth/signout", [new("callbackUrl", "/\0")])).Response.Headers.Location!.OriginalString);
        Assert.Equal(Home, (await browser.PostAsync("/api/auth/signout?callbackUrl=%2F%00")).Response.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task TheLastQueryValueCountsAndTheCookieIsRemembered()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.FetchAsync(HttpMethod.Get, "/api/auth/session?callbackUrl=/first&callbackUrl=/last");
        Assert.Equal("http://localhost/last", (await browser.PostAsync("/api/auth/signout")).Location!.ToString());
    }

    [Fact]
    public async Task AllowedOriginsAreFollowedExactly()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Settings["AUTH_ALLOWED_ORIGINS"] = "https://front.example, http://localhost:5173");
        using var browser = app.CreateBrowser();
        foreach (var (asked, expected) in new[]
        {
            ("https://front.example/x", "https://front.example/x"), ("http://localhost:5173", "http://localhost:5173/"), ("https://FRONT.example/x", "https://front.example/x"),
            ("http://front.example/x", Home), ("https://front.example:444/x", Home), ("https://front.example.evil/x", Home), ("https://sub.front.example/", Home),
        })
        {
            Assert.Equal(expected, (await browser.PostAsync("/api/auth/signout", [new("callbackUrl", asked)])).Response.Headers.Location!.OriginalString);
        }
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public void AnAddressHasALongestLength(int more, bool isTaken)
    {
        const string Start = "https://app.example/";
        var address = Start + new string('x', ReturnUrl.Longest - Start.Length + more);
        Assert.Equal(isTaken ? address : null, Parse(address));
        Assert.Equal(isTaken ? address : null, Parse(address[(Start.Length - 1)..]));
        Assert.Null(Parse(Start + new string('é', ReturnUrl.Longest / 5)));
    }

    // A page on the way to somewhere leads there; what answers a question of its own leads home.
    [Theory]
    [InlineData("/shop/api/auth/account", "https://app.example/shop/api/auth/account")]
    [InlineData("/shop/api/auth/sessions?a=1", "https://app.example/shop/api/auth/sessions?a=1")]
    [InlineData("/shop/API/auth/Signed-In/", "https://app.example/shop/API/auth/Signed-In/")]
    [InlineData("/shop/api/auth/preview/error", "https://app.example/shop/api/auth/preview/error")]
    [InlineData("/shop/api/auth", "https://app.example/shop")]
    [InlineData("/shop/api/auth/", "https://app.example/shop")]
    [InlineData("/shop/API/auth/error?error=Configuration", "https://app.example/shop")]
    [InlineData("/shop/api/auth/signin/account", "https://app.example/shop")]
    [InlineData("/shop/api/authors", "https://app.example/shop/api/authors")]
    [InlineData("/shop/api", "https://app.example/shop/api")]
    [InlineData("/api/auth/error", "https://app.example/api/auth/error")]
    [InlineData("/shop/api/auth/signout?where=everywhere", "https://app.example/shop/api/auth/signout?where=everywhere")]
    [InlineData("/shop/api/auth/signout?where=here", "https://app.example/shop")]
    [InlineData("/shop/api/auth/signout", "https://app.example/shop")]
    [InlineData("/shop/api/auth/session?where=everywhere", "https://app.example/shop")]
    [InlineData("/shop/api/auth/signin?callbackUrl=%2Fpage%3Fa%3D1", "https://app.example/page?a=1")]
    [InlineData("/shop/api/auth/signin?callbackUrl=/first&callbackUrl=/last", "https://app.example/last")]
    [InlineData("/shop/api/auth/signin?returnUrl=/page", "https://app.example/shop")]
    [InlineData("/shop/api/auth/signin?callbackUrl=", "https://app.example/shop")]
    [InlineData("/shop/api/auth/signin?callbackUrl=https://evil.example/", "https://app.example/shop")]
    [InlineData("/shop/api/auth/signin?callbackUrl=https://front.example:8443/x", "https://front.example:8443/x")]
    [InlineData("https://front.example:8443/api/auth/error", "https://front.example:8443")]
    [InlineData("https://front.example:8443/api/auth/signin?callbackUrl=/page", "https://app.example/page")]
    [InlineData("https://front.example:8443/shop/api/auth/error", "https://front.example:8443/shop/api/auth/error")]
    public void AnEndpointIsNoPlaceToComeBackTo(string asked, string expected) => Assert.Equal(expected, Parse(asked));

    [Fact]
    public async Task TheRedirectCallbackHasTheLastWord()
    {
        var asked = new List<(string Url, string BaseUrl, string Default)>();
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.Callbacks.OnRedirect = context =>
        {
            lock (asked)
            {
                asked.Add((context.Url, context.BaseUrl, context.Default));
            }

            return ValueTask.FromResult(context.Url switch
            {
                "/partner" => "https://partner.example/in",
                "/move" => "/moved",
                "/bad" => "javascript:alert(1)",
                "/worse" => "//evil.example",
                "/turned" => "/\\evil.example",
                "/split" => "https://partner.example/\r\nSet-Cookie: a=b",
                _ => context.Default,
            });
        });
        using var browser = app.CreateBrowser();
        foreach (var (url, expected) in new[]
        {
            ("/partner", "https://partner.example/in"), ("/move", "http://localhost/moved"), ("/bad", Home), ("/worse", Home), ("/turned", Home), ("/split", Home), ("/x", "http://localhost/x"),
        })
        {
            Assert.Equal(expected, (await browser.PostAsync("/api/auth/signout", [new("callbackUrl", url)])).Response.Headers.Location!.OriginalString);
        }

        Assert.Contains(("/x", "http://localhost", "http://localhost/x"), asked);
        asked.Clear();
        using var fresh = app.CreateBrowser();
        await fresh.SessionAsync();
        Assert.Empty(asked);
    }

    [Fact]
    public async Task BelowAPathBaseHomeIsTheAppItself()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Settings["AUTH_URL"] = "http://localhost/app");
        using var browser = app.CreateBrowser();
        Assert.Equal("http://localhost/app", (await browser.PostAsync("/app/api/auth/signout", [new("callbackUrl", "//evil")])).Response.Headers.Location!.OriginalString);
        Assert.Equal("http://localhost/app/page", (await browser.PostAsync("/app/api/auth/signout", [new("callbackUrl", "/app/page")])).Location!.ToString());
        var end = await browser.PressAsync(await browser.OpenAsync("/app/api/auth/signin/google?callbackUrl=/app/page"));
        Assert.StartsWith("/app/stand-ins/", end.Address.AbsolutePath, StringComparison.Ordinal);
        end = await browser.ChooseAsync(end);
        Assert.Equal(("/app/page", "Ada Lovelace"), (end.Address.AbsolutePath, end.Text));
    }

    private static string? Parse(string text) =>
        ReturnUrl.Parse(text, new("https", new("app.example"), "/shop"), new(["https://front.example:8443"]))?.Text;

    private static string Escape(string text) => Uri.EscapeDataString(text);
}
