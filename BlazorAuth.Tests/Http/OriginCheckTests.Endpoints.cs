using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.SignalR;

namespace BlazorAuth.Tests.Http;

/// <summary>What endpoints of the app let in, change, and may not be mapped as.</summary>
public sealed partial class OriginCheckTests
{
    [Theory]
    [InlineData("/named", "https://partner.test", true)]
    [InlineData("/named", "https://evil.test", false)]
    [InlineData("/named", "null", false)]
    [InlineData("/without-credentials", "https://partner.test", false)]
    [InlineData("/any", "https://partner.test", false)]
    [InlineData("/any-with-credentials", "https://partner.test", false)]
    [InlineData("/front-ends", "https://front.test", true)]
    [InlineData("/front-ends", "https://partner.test", false)]
    [InlineData("/disabled", "https://default.test", false)]
    [InlineData("/act", "https://default.test", true)]
    [InlineData("/act", "https://front.test", false)]
    [InlineData("/foreign", "https://evil.test", true)]
    [InlineData("/foreign", "null", true)]
    public async Task AnEndpointLetsInWhomItsCorsPolicyNamesOrEverybodyIfItSaysSo(string path, string origin, bool counts)
    {
        var cookie = await SessionOfAdaAsync();
        Assert.Equal(counts ? "Ada Lovelace" : "nobody", await AskAsync(cookie, HttpMethod.Post, path, "cross-site", origin));
        Assert.Equal(counts ? "Ada Lovelace" : "nobody", await AskAsync(cookie, HttpMethod.Post, path, null, origin));
    }

    [Fact]
    public async Task AForeignRequestNeitherWritesNorDeletesACookie()
    {
        var cookie = await SessionOfAdaAsync();
        var id = await AskAsync(cookie, HttpMethod.Get, "/id", null, null);
        foreach (var path in (string[])["/sign-in", "/sign-out", "/act", "/api/auth/signout", "/api/auth/session", "/api/auth/signin/github", "/api/auth/session/handover"])
        {
            using var answer = await SendAsync(cookie, HttpMethod.Post, path, "same-site", "https://sibling.app.example");
            Assert.False(answer.Headers.Contains("Set-Cookie"), path);
        }

        Assert.Equal("Ada Lovelace", await AskAsync(cookie, HttpMethod.Get, "/page", null, null));
        Assert.Single(await App.Sessions.ListAsync(id, TestContext.Current.CancellationToken));
        Assert.Empty(await App.Sessions.ListAsync("mallory", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task TheLogNamesOnceForEachEndpointAndOriginWhatWouldLetItIn()
    {
        var cookie = await SessionOfAdaAsync();
        for (var i = 0; i < 3; i++)
        {
            await AskAsync(cookie, HttpMethod.Post, "/act", "same-site", "https://warned.app.example");
        }

        await AskAsync(cookie, HttpMethod.Post, "/sign-out", "same-site", "https://warned.app.example");
        await AskAsync("", HttpMethod.Put, "/named", "cross-site", "https://without-a-session.test");

        var lines = App.Logs.Own.Where(line => line.Event.Name == "SessionNotCounted").ToList();
        var warned = lines.Where(line => line.Text.Contains("https://warned.app.example", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, warned.Count);
        Assert.All(warned, line => Assert.Contains(".AllowForeignOrigins()", line.Text, StringComparison.Ordinal));
        Assert.Contains(warned, line => line.Text.Contains("A POST request to /act ", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Text.Contains("without-a-session", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AHubThatAllowsForeignOriginsStopsTheStart()
    {
        var exception = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup =>
        {
            setup.Services = services => services.AddSignalR();
            setup.Map = app => app.MapHub<Chat>("/chat").AllowForeignOrigins();
        }));
        Assert.Contains("Chat", exception.Message, StringComparison.Ordinal);
        Assert.Contains("RequireCors", exception.Message, StringComparison.Ordinal);

        exception = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup =>
        {
            setup.Services = services => services.AddSignalR();
            setup.Map = app => app.MapHub<OpenChat>("/chat");
        }));
        Assert.Contains("OpenChat", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OurOwnEndpointsStayClosedHoweverTheyAreMapped()
    {
        var exception = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup =>
            setup.Map = app => app.MapGroup("/second").MapBlazorAuth().AllowForeignOrigins()));
        Assert.Contains("AUTH_ALLOWED_ORIGINS", exception.Message, StringComparison.Ordinal);

        exception = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup =>
            setup.Map = app => app.MapGroup("/second").MapBlazorAuth().RequireCors("own")));
        Assert.Contains("AUTH_ALLOWED_ORIGINS", exception.Message, StringComparison.Ordinal);
    }

    private sealed class Chat : Hub;

    [AllowForeignOrigins]
    private sealed class OpenChat : Hub;
}
