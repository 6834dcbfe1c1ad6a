using Microsoft.AspNetCore.WebUtilities;

namespace BlazorAuth.Tests.Http;

/// <summary>The public address behind proxies, in the forms that they write.</summary>
public sealed class ForwardedAddressTests
{
    [Theory]
    [InlineData("known", "app.example", "https", "203.0.113.9", null, "https://app.example")]
    [InlineData("known", "App.Example:443", "HTTPS", "203.0.113.9", null, "https://app.example")]
    [InlineData("known", "app.example:8443", "wss", "203.0.113.9", null, "https://app.example:8443")]
    [InlineData("known", "app.example:80", "ws", "203.0.113.9", null, "http://app.example")]
    [InlineData("known", "app.example", "https, http, http", "203.0.113.9", null, "https://app.example")]
    [InlineData("known", "app.example", "Https,http", "198.51.100.7, 203.0.113.9", null, "http://app.example")]
    [InlineData("known", "[2001:DB8:0:0::1]:443", "https", "203.0.113.9", null, "https://[2001:db8::1]")]
    [InlineData("known", "[::ffff:192.0.2.1]:8080", "http", "203.0.113.9", null, "http://[::ffff:192.0.2.1]:8080")]
    [InlineData("known", "app.example", "gopher", "203.0.113.9", null, "http://app.example")]
    [InlineData("known", "inner", "https", "203.0.113.9", "app.example:443", "https://app.example")]
    [InlineData("known", "app.example", "https", "unknown", null, "https://app.example")]
    [InlineData("known", "app.example", "https", "203.0.113.9, _hidden", null, "https://app.example")]
    [InlineData("known", "app.example", "https, http", "unknown, unknown", null, "http://app.example")]
    [InlineData("known", "app.example", "https, http", "unknown, 203.0.113.9", null, "http://app.example")]
    [InlineData("known", "app.example", "https", "203.0.113.9:51234", null, "https://app.example")]
    [InlineData("known", "app.example", "https, ", "[2001:db8::1]:443", null, "https://app.example")]
    [InlineData("trusted", "app.example", "https", "unknown", null, "https://app.example")]
    [InlineData("trusted", "inner", "https , http", "203.0.113.9, 10.0.0.2", "app.example , inner.local", "https://app.example")]
    [InlineData("trusted", "app.example", "WSS", null, null, "https://app.example")]
    [InlineData("trusted", "bücher.example", "https", null, null, "https://xn--bcher-kva.example")]
    public async Task TheAddressIsAsABrowserWritesIt(string trust, string host, string proto, string? forwardedFor, string? forwardedHost, string expected)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Settings[trust == "known" ? "AUTH_KNOWN_PROXIES" : "AUTH_TRUST_HOST"] = trust == "known" ? "127.0.0.1,::1" : "true");
        using var browser = app.CreateBrowser();
        var message = browser.Message(HttpMethod.Get, new Uri(app.Address, "/api/auth/providers"), "none");
        message.Headers.TryAddWithoutValidation("Host", host);
        message.Headers.Add("X-Forwarded-Proto", proto);
        foreach (var (name, value) in new[] { ("X-Forwarded-For", forwardedFor), ("X-Forwarded-Host", forwardedHost) })
        {
            if (value is not null)
            {
                message.Headers.Add(name, value);
            }
        }

        var page = await browser.SendAsync(message);
        Assert.Equal(expected + "/api/auth/callback/google", (string)page.Json!["google"]!["callbackUrl"]!);
    }

    // As some clouds' pages write them.
    [Theory]
    [InlineData("::ffff:127.0.0.0/104", true)]
    [InlineData("::ffff:127.0.0.1", true)]
    [InlineData("127.0.0.0/8", true)]
    [InlineData("::ffff:10.0.0.0/104", false)]
    public async Task AProxyThatStandsForIpv4InIpv6IsKnown(string proxies, bool isKnown)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Settings["AUTH_KNOWN_PROXIES"] = proxies);
        using var browser = app.CreateBrowser();
        var message = browser.Message(HttpMethod.Get, new Uri(app.Address, "/api/auth/providers"), "none");
        message.Headers.Add("X-Forwarded-Host", "app.example");
        message.Headers.Add("X-Forwarded-For", "203.0.113.9");
        message.Headers.Add("X-Forwarded-Proto", "https");
        var page = await browser.SendAsync(message);
        Assert.Equal(isKnown, page.Json?["google"]?["callbackUrl"]?.ToString() == "https://app.example/api/auth/callback/google");
    }

    [Fact]
    public async Task ALivePageBehindTraefikKnowsThePerson()
    {
        // Traefik calls an upgrade wss, with which the session cookie was looked for under the name of plain http.
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Settings["AUTH_KNOWN_PROXIES"] = "127.0.0.1";
            setup.Address = new Uri("https://localhost");
        });
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("github");
        foreach (var proto in (string[])["https", "wss", "Wss", "HTTPS"])
        {
            var message = browser.Message(HttpMethod.Get, new Uri(app.Address, "/page"), "none");
            message.Headers.Add("X-Forwarded-Proto", proto);
            message.Headers.Add("X-Forwarded-For", "203.0.113.9");
            Assert.Equal("Ada Lovelace", (await browser.SendAsync(message)).Text);
        }
    }
}
