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

    // Release folders of a rolling deploy, machines of different languages: nothing that nodes share depends on them.
    [Fact]
    public async Task NodesInTwoFoldersAndTwoLanguagesFinishEachOthersSignIns()
    {
        var store = "redis:" + await redis.CreateDatabaseAsync();
        var (one, other) = (Directory.CreateTempSubdirectory("blazorauth-release-"), Directory.CreateTempSubdirectory("blazorauth-release-"));
        await using var gitHub = await FakeGitHub.StartAsync();
        await using var proxy = await TurnTakingProxy.StartAsync();
        await using var a = await StartInAsync(one.FullName, [("LC_ALL", "tr_TR.UTF-8"), ("ASPNETCORE_CONTENTROOT", one.FullName)]);
        await using var b = await StartInAsync(other.FullName, [("LC_ALL", "sv_SE.UTF-8"), ("ASPNETCORE_CONTENTROOT", other.FullName + "/")]);

        foreach (var nodes in (HttpClient[][])[[a.Client, b.Client], [b.Client, a.Client]])
        {
            proxy.Nodes = nodes;
            using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(proxy.Address) };
            var (beganOn, endedOn) = await SignInAsync(browser, proxy);
            Assert.NotEqual(beganOn, endedOn);
        }

        one.Delete(recursive: true);
        other.Delete(recursive: true);

        Task<AppNode> StartInAsync(string folder, (string, string)[] settings) =>
            AppNode.StartAsync(store, proxy.Address, folder, "/healthz/ready", [.. gitHub.Settings, .. settings]);
    }

    // An emptied store, and one of its nodes started again: the other one knows the keys under which it protects what it sends out.
    [Theory]
    [InlineData("redis")]
    [InlineData("postgres")]
    public async Task AfterTheStoreWasEmptiedAndANodeRestartedSignInsAcrossNodesSucceedAtOnce(string kind)
    {
        var schema = kind == "redis" ? "" : await postgres.CreateSchemaAsync();
        var store = kind == "redis" ? "redis:" + await redis.CreateDatabaseAsync() : "postgres:" + schema;
        await using var gitHub = await FakeGitHub.StartAsync();
        await using var proxy = await TurnTakingProxy.StartAsync();
        await using var a = await AppNode.StartAsync(store, proxy.Address, gitHub.Settings);
        if (kind == "redis")
        {
            await redis.ExecuteAsync("FLUSHALL");
        }
        else
        {
            await PostgresServer.ExecuteAsync(
                schema, "DROP TABLE blazorauth_sessions, blazorauth_store, blazorauth_nodes, blazorauth_keys, blazorauth_used_keys");
        }

        await using var b = await AppNode.StartAsync(store, proxy.Address, gitHub.Settings);
        foreach (var nodes in (HttpClient[][])[[a.Client, b.Client], [b.Client, a.Client]])
        {
            proxy.Nodes = nodes;
            for (var i = 0; i < 5; i++)
            {
                using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(proxy.Address) };
                var (beganOn, endedOn) = await SignInAsync(browser, proxy);
                Assert.NotEqual(beganOn, endedOn);
            }
        }
    }

    // Stores come up after the apps that use them as often as before. A page in the meantime must not take the node with it.
    [Theory]
    [InlineData("redis", true)]
    [InlineData("redis", false)]
    [InlineData("postgres", true)]
    [InlineData("postgres", false)]
    public async Task ANodeThatStartsBeforeItsStoreServesAsSoonAsItIsThere(string kind, bool isPageFirst)
    {
        var address = kind == "redis" ? "redis:" + await redis.CreateDatabaseAsync() : "postgres:" + await postgres.CreateSchemaAsync();
        var port = kind == "redis" ? redis.Port : postgres.Port;
        await using var cable = new TcpProxy(port);
        await cable.CutAsync();
        await using var gitHub = await FakeGitHub.StartAsync();
        await using var proxy = await TurnTakingProxy.StartAsync();
        await using var node = await AppNode.StartAsync(
            address.Replace($"{port}", $"{cable.Port}", StringComparison.Ordinal), proxy.Address, AppContext.BaseDirectory, "/healthz/live", gitHub.Settings);
        proxy.Nodes = [node.Client];
        if (isPageFirst)
        {
            using var page = await node.Client.GetAsync("/", Token);
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        }
        else
        {
            using var refused = await StartSignInAsync(node.Client);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await node.Client.GetAsync("/healthz/ready", Token)).StatusCode);
        cable.Plug();
        await BecomesReadyAsync(node.Client);

        using var browser = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(proxy.Address) };
        await SignInAsync(browser, proxy);
        using var later = await node.Client.GetAsync("/", Token);
        Assert.Equal(HttpStatusCode.OK, later.StatusCode);
        await node.StopAsync();
    }

    private static Task<HttpResponseMessage> StartSignInAsync(HttpClient node)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/auth/signin/github") { Content = new FormUrlEncodedContent([]) };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        return node.SendAsync(request, Token);
    }

    private static async Task BecomesReadyAsync(HttpClient node)
    {
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (await (await node.GetAsync("/healthz/ready", end.Token)).Content.ReadAsStringAsync(end.Token) != "Healthy")
        {
            await pace.WaitForNextTickAsync(end.Token);
        }
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
