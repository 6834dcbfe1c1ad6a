using System.Security.Cryptography;
using System.Text;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>GET csrf</c>: the token that forms and clients send back.</summary>
public sealed class CsrfEndpointTests
{
    [Fact]
    public async Task TheTokenIsKeptWhileItsCookieIsGood()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        var first = await browser.CsrfTokenAsync();
        var again = await browser.FetchAsync(HttpMethod.Get, "/api/auth/csrf");
        Assert.Equal($"{{\"csrfToken\":\"{first}\"}}", again.Text);
        Assert.DoesNotContain(again.SetCookies, cookie => cookie.Contains("csrf-token", StringComparison.Ordinal));
        Assert.Matches("^[0-9a-f]{64}$", first);

        var expected = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(first + AuthApp.Secret)));
        Assert.Equal($"{first}%7C{expected}", browser.Cookies["authjs.csrf-token"]);

        browser.Cookies["authjs.csrf-token"] = $"{first}|{expected}|more";
        Assert.Equal(first, await browser.CsrfTokenAsync());
    }

    [Fact]
    public async Task AForgedCookieGetsANewToken()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        var planted = new string('a', 64);
        foreach (var cookie in (string[])[$"{planted}%7C{planted}", planted, "%7C", "", "%FF%7C%", $"{planted}%7C{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(planted)))}"])
        {
            browser.Cookies["authjs.csrf-token"] = cookie;
            Assert.NotEqual(planted, await browser.CsrfTokenAsync());
        }
    }

    [Fact]
    public async Task EveryBrowserHasATokenOfItsOwn()
    {
        await using var app = await AuthApp.StartAsync();
        using var one = app.CreateBrowser();
        using var other = app.CreateBrowser();
        Assert.NotEqual(await one.CsrfTokenAsync(), await other.CsrfTokenAsync());
    }
}
