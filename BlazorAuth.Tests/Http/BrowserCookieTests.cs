using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Tests.Http;

/// <summary>The cookie that tells one browser from another.</summary>
public sealed partial class BrowserCookieTests
{
    private const string Name = "authjs.browser";

    private static readonly Uri Secure = new("https://localhost");

    [Theory]
    [InlineData("https://localhost", "__Host-authjs.browser", "; Path=/; HttpOnly; Secure; SameSite=Lax")]
    [InlineData("http://localhost", "authjs.browser", "; Path=/; HttpOnly; SameSite=Lax")]
    public async Task ASignInThatStartsGivesTheBrowserItsCookieOnce(string address, string name, string attributes)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Address = new Uri(address));
        using var browser = app.CreateBrowser();
        var page = await browser.OpenAsync("/api/auth/signin/github");

        var first = await browser.PressOnceAsync(page);
        var second = await browser.PressOnceAsync(page);

        var header = Assert.Single(first.SetCookies, cookie => cookie.StartsWith(name + "=", StringComparison.Ordinal));
        Assert.Matches($"^{name}=[A-Za-z0-9_-]{{43}}{attributes}$", header);
        Assert.DoesNotContain(second.SetCookies, cookie => cookie.StartsWith(name + "=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ItsHashIsKnownAndSaysNothingOfTheCookie()
    {
        await using var app = await AuthApp.StartAsync();
        var cookie = app.Services.GetRequiredService<BlazorAuth.Http.Cookies.BrowserCookie>();
        var fresh = Request();

        var hash = cookie.Ensure(fresh);
        var value = fresh.Response.Headers.SetCookie.ToString().Split('=', ';')[1];

        Assert.Equal(hash, cookie.Ensure(fresh));
        Assert.Single(fresh.Response.Headers.SetCookie);
        Assert.Equal(hash, cookie.Hash(Request($"__Host-{Name}={value}")));
        Assert.DoesNotContain(value, hash);
        Assert.Null(cookie.Hash(fresh));
    }

    [Fact]
    public async Task ASignInThatIsAnsweredByAPostFromAnotherSiteSendsItAlongThere()
    {
        await using var app = await AuthApp.StartAsync();
        var cookie = app.Services.GetRequiredService<BlazorAuth.Http.Cookies.BrowserCookie>();
        var value = new string('A', 43);
        var http = Request($"__Host-{Name}={value}");

        cookie.Ensure(http, acrossSites: true);

        Assert.Equal($"__Host-{Name}={value}; Path=/; HttpOnly; Secure; SameSite=None", http.Response.Headers.SetCookie.ToString());
    }

    [Fact]
    public async Task OverHttpTwoThatDifferCountForNothing()
    {
        await using var app = await AuthApp.StartAsync();
        var cookie = app.Services.GetRequiredService<BlazorAuth.Http.Cookies.BrowserCookie>();
        var (own, planted) = (new string('A', 43), new string('Q', 43));

        Assert.NotNull(cookie.Hash(Request($"{Name}={own}; {Name}={own}; {Name}=garbage", "http")));
        Assert.Null(cookie.Hash(Request($"{Name}={planted}; {Name}={own}", "http")));
    }

    [Fact]
    public async Task OverHttpsTheFirstOfOursCounts()
    {
        await using var app = await AuthApp.StartAsync();
        var cookie = app.Services.GetRequiredService<BlazorAuth.Http.Cookies.BrowserCookie>();
        var (own, other) = (new string('A', 43), new string('Q', 43));
        var both = Request($"__Host-{Name}=AAAA; __Host-{Name}={new string('A', 42)}%; __Host-{Name}={own}; __Host-{Name}={other}");

        Assert.Equal(cookie.Hash(Request($"__Host-{Name}={own}")), cookie.Hash(both));
        Assert.NotNull(cookie.Hash(both));
        Assert.False(cookie.IsPlanted(both));
        Assert.Null(cookie.Hash(Request($"{Name}={own}")));
        Assert.Equal(cookie.Hash(both), cookie.Ensure(both));
        Assert.Equal(0, both.Response.Headers.SetCookie.Count);
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("a", false)]
    [InlineData("a a x", false)]
    [InlineData("a b", true)]
    [InlineData("a x a b", true)]
    public async Task OverHttpTwoThatDifferAreNoticed(string values, bool isPlanted)
    {
        await using var app = await AuthApp.StartAsync();
        var cookie = app.Services.GetRequiredService<BlazorAuth.Http.Cookies.BrowserCookie>();
        var sent = values.Split(' ').Select(value => value switch { "a" => new string('A', 43), "b" => new string('Q', 43), _ => "garbage" });

        Assert.Equal(isPlanted, cookie.IsPlanted(Request(string.Join("; ", sent.Select(value => $"{Name}={value}")), "http")));
    }

    [Fact]
    public async Task TheHashIsTheSameInEveryVersion()
    {
        await using var app = await AuthApp.StartAsync();
        var cookie = app.Services.GetRequiredService<BlazorAuth.Http.Cookies.BrowserCookie>();

        Assert.Equal("mOhynSOC4grtsHLemZjRjPxKosQcFtSp6aiuIHZNnIE", cookie.Hash(Request($"__Host-{Name}={new string('A', 43)}")));
    }

    [Fact]
    public async Task ItHasTheAttributesThatTheAppChose()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => (options.Cookies.SameSite, options.Cookies.Partitioned) = (SameSiteMode.None, true));
        var http = Request();

        app.Services.GetRequiredService<BlazorAuth.Http.Cookies.BrowserCookie>().Ensure(http);

        Assert.EndsWith("; Path=/; HttpOnly; Secure; SameSite=None; Partitioned", http.Response.Headers.SetCookie.ToString(), StringComparison.Ordinal);
    }

    private static DefaultHttpContext Request(string? cookies = null, string scheme = "https")
    {
        var http = new DefaultHttpContext();
        http.Request.Scheme = scheme;
        http.Request.Host = new HostString("localhost");
        http.Request.Headers.Cookie = cookies;
        return http;
    }
}
