using System.Net;
using System.Text.Json;

namespace BlazorAuth.Tests.Nodes;

/// <summary>Two processes of the app behind a proxy that sends each request to the other one.</summary>
[Needs(Needs.Build)]
public sealed class TwoNodesTests(PostgresServer postgres, RedisServer redis) : IClassFixture<RedisServer>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("redis")]
    [InlineData("postgres")]
    public async Task ASignInMayBeginOnOneNodeAndEndOnTheOtherAndASignOutHoldsOnAll(string kind)
    {
        var store = kind == "redis" ? "redis:" + await redis.CreateDatabaseAsync() : "postgres:" + await postgres.CreateSchemaAsync();
        await using var gitHub = await FakeGitHub.StartAsync();
        await using var proxy = await TurnTakingProxy.StartAsync();
        var started = await Task.WhenAll(AppNode.StartAsync(store, proxy.Address, gitHub.Settings), AppNode.StartAsync(store, proxy.Address, gitHub.Settings));
        await using var a = started[0];
        await using var b = started[1];
        proxy.Nodes = [a.Client, b.Client];
        var cookies = new CookieContainer();
        using var browser = new HttpClient(new SocketsHttpHandler { CookieContainer = cookies, AllowAutoRedirect = false }) { BaseAddress = new Uri(proxy.Address) };

        var (beganOn, endedOn) = await SignInAsync(browser, proxy);
        var cookie = cookies.GetCookies(new Uri(proxy.Address))[AuthApp.SessionCookie]!.Value;

        Assert.NotEqual(beganOn, endedOn);
        Assert.True(await a.Client.BelievesAsync(cookie));
        Assert.True(await b.Client.BelievesAsync(cookie));

        await SignOutAsync(a.Client, cookie);
        await RefusesAsync(b.Client, cookie);
        Assert.False(await a.Client.BelievesAsync(cookie));
        await using var c = await AppNode.StartAsync(store, proxy.Address, gitHub.Settings);
        Assert.False(await c.Client.BelievesAsync(cookie));
    }

    [Theory]
    [InlineData("redis")]
    [InlineData("postgres")]
    public async Task NoSignOutThatWasAcknowledgedIsLostWhenItsNodeIsKilled(string kind)
    {
        var store = kind == "redis" ? "redis:" + await redis.CreateDatabaseAsync() : "postgres:" + await postgres.CreateSchemaAsync();
        await KilledNode.AssertKeepsItsWordAsync(store);
    }

    // Starts with the page of the provider, as a person does: state, correlation and PKCE come from one node, the code goes to the other.
    private static async Task<(int BeganOn, int EndedOn)> SignInAsync(HttpClient browser, TurnTakingProxy proxy)
    {
        var csrf = JsonDocument.Parse(await browser.GetStringAsync("/api/auth/csrf", Token)).RootElement.GetProperty("csrfToken").GetString()!;
        var begun = await browser.PostAsync("/api/auth/signin/github", new FormUrlEncodedContent([new("csrfToken", csrf)]), Token);
        var beganOn = proxy.Last;
        Assert.Equal(HttpStatusCode.Found, begun.StatusCode);
        var consent = await browser.GetAsync(begun.Headers.Location, Token);
        var ended = await browser.GetAsync(consent.Headers.Location, Token);
        Assert.Equal(HttpStatusCode.Found, ended.StatusCode);
        Assert.DoesNotContain("error", ended.Headers.Location!.ToString(), StringComparison.OrdinalIgnoreCase);
        return (beganOn, proxy.Last);
    }

    private static async Task SignOutAsync(HttpClient node, string cookie)
    {
        using var answer = await node.SignOutAsync(cookie);
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
    }

    // How soon is a promise that the tests with a clock of their own hold; this one is about processes.
    private static async Task RefusesAsync(HttpClient node, string cookie)
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await node.BelievesAsync(cookie))
        {
            await pace.WaitForNextTickAsync(end.Token);
        }
    }
}
