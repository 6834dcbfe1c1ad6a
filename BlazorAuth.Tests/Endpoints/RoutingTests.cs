using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;

namespace BlazorAuth.Tests.Endpoints;

/// <summary>Which address answers which method, how, and with which headers.</summary>
public sealed class RoutingTests(PlainApp plain) : IClassFixture<PlainApp>
{
    private static readonly string[] Pages = ["signin", "signin/google", "signout", "signed-in", "error", "verify-request"];
    private static readonly string[] Data = ["session", "csrf", "providers"];

    public static TheoryData<string> AllReads => [.. Pages, .. Data];

    [Theory]
    [MemberData(nameof(AllReads))]
    public async Task EveryReadAnswersHeadToo(string path)
    {
        var app = plain.App;
        using var browser = app.CreateBrowser();
        var get = await browser.FetchAsync(HttpMethod.Get, $"/api/auth/{path}");
        var head = await browser.FetchAsync(HttpMethod.Head, $"/api/auth/{path}");
        Assert.Equal(HttpStatusCode.OK, get.Status);
        Assert.Equal(get.Status, head.Status);
        Assert.Equal(get.Header("Content-Type"), head.Header("Content-Type"));
    }

    [Theory]
    [MemberData(nameof(AllReads))]
    public async Task NothingIsKeptByACache(string path)
    {
        var app = plain.App;
        using var browser = app.CreateBrowser();
        var page = await browser.FetchAsync(HttpMethod.Get, $"/api/auth/{path}");
        Assert.True(page.Response.Headers.CacheControl!.NoStore);
        Assert.True(page.Response.Headers.CacheControl.NoCache);
        Assert.True(page.Response.Headers.CacheControl.Private);
        Assert.Equal("no-cache", page.Header("Pragma"));
        Assert.Equal("0", page.Header("Expires"));
        Assert.Equal("nosniff", page.Header("X-Content-Type-Options"));
        Assert.Null(page.Header("blazor-enhanced-nav"));
    }

    [Fact]
    public async Task PagesHaveAPolicyThatAllowsNothingInline()
    {
        var app = plain.App;
        using var browser = app.CreateBrowser();
        foreach (var path in Pages)
        {
            var page = await browser.GetAsync($"/api/auth/{path}");
            Assert.Equal("text/html", page.Response.Content.Headers.ContentType?.MediaType);
            var policy = page.Header("Content-Security-Policy")!;
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe-inline", policy, StringComparison.Ordinal);
            Assert.Equal("same-origin", page.Header("Cross-Origin-Opener-Policy"));
            Assert.Equal("same-origin", page.Header("Referrer-Policy"));
            Assert.DoesNotContain("form-action", policy, StringComparison.Ordinal);
            Assert.Empty(page.Document.QuerySelectorAll("style, [style], script:not([src]), [onclick]"));
            Assert.All(page.Document.QuerySelectorAll("script[src], link[rel=stylesheet]"), asset =>
                Assert.StartsWith("/api/auth/assets/", asset.GetAttribute("src") ?? asset.GetAttribute("href"), StringComparison.Ordinal));
        }

        foreach (var path in Data)
        {
            Assert.Equal("application/json", (await browser.GetAsync($"/api/auth/{path}")).Response.Content.Headers.ContentType?.MediaType);
        }
    }

    [Theory]
    [InlineData("GET", "nothing-here", 404)]
    [InlineData("POST", "nothing-here", 404)]
    [InlineData("GET", "", 404)]
    [InlineData("GET", "session/extra", 404)]
    [InlineData("GET", "signin/google/extra", 404)]
    [InlineData("GET", "signin/nobody", 404)]
    [InlineData("POST", "signin/nobody", 404)]
    [InlineData("GET", "callback/nobody", 404)]
    [InlineData("GET", "signin/Googel", 404)]
    [InlineData("GET", "signin/blazorauth", 404)]
    [InlineData("POST", "csrf", 405)]
    [InlineData("POST", "providers", 405)]
    [InlineData("POST", "error", 405)]
    [InlineData("POST", "verify-request", 405)]
    [InlineData("GET", "_log", 405)]
    [InlineData("PUT", "session", 405)]
    [InlineData("DELETE", "session", 405)]
    [InlineData("PATCH", "signin/google", 405)]
    [InlineData("HEAD", "callback/google", 405)]
    public async Task WhatIsNotThereIsAPageForAPersonAndJsonForAClient(string method, string path, int status)
    {
        var app = plain.App;
        using var browser = app.CreateBrowser();
        var client = await browser.FetchAsync(new HttpMethod(method), $"/api/auth/{path}");
        Assert.Equal(status, (int)client.Status);
        if (method != "HEAD")
        {
            Assert.NotEmpty(JsonDocument.Parse(client.Text).RootElement.GetProperty("message").GetString()!);
            var person = await browser.SendAsync(browser.Message(new HttpMethod(method), new Uri(app.Address, $"/api/auth/{path}"), "same-origin"));
            Assert.Equal(status, (int)person.Status);
            Assert.NotEmpty(person.Document.QuerySelector("h1")!.TextContent);
            Assert.NotNull(person.Document.QuerySelector("a[href*='/api/auth/signin']"));
        }

        Assert.Equal(status == 405, client.Response.Content.Headers.Allow.Count > 0);
    }

    [Fact]
    public async Task TheHostsOwnStatusPagesKeepOut()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Map = host => host.UseStatusCodePages("text/plain", "the host's own page"));
        using var browser = app.CreateBrowser();
        foreach (var path in (string[])["assets/other.css", "nothing-here"])
        {
            var answer = await browser.FetchAsync(HttpMethod.Get, $"/api/auth/{path}");
            Assert.Equal(HttpStatusCode.NotFound, answer.Status);
            Assert.DoesNotContain("the host's own page", answer.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("session", "GET, HEAD, POST")]
    [InlineData("csrf", "GET, HEAD")]
    [InlineData("callback/google", "GET, POST")]
    [InlineData("signout", "GET, HEAD, POST")]
    [InlineData("_log", "POST")]
    public async Task AWrongMethodIsToldTheRightOnes(string path, string allowed)
    {
        var app = plain.App;
        using var browser = app.CreateBrowser();
        var answer = await browser.FetchAsync(HttpMethod.Put, $"/api/auth/{path}");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.Status);
        Assert.Equal(allowed, string.Join(", ", answer.Response.Content.Headers.Allow));
    }

    [Theory]
    [InlineData("session/")]
    [InlineData("signin/")]
    [InlineData("signin/google/")]
    [InlineData("signin/undefined")]
    public async Task ASlashAtTheEndAndTheWordUndefinedDoNoHarm(string path)
    {
        var app = plain.App;
        using var browser = app.CreateBrowser();
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/api/auth/{path}")).Status);
    }
}
