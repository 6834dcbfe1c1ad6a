using System.Net;
using BlazorAuth.Tests.Chromium.Anywhere;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Tests.Circuits;

/// <summary>What stands in front of Blazor's own hub.</summary>
public sealed class BlazorHubTests
{
    [Theory]
    [InlineData("/_blazor")]
    [InlineData("/live")]
    public async Task APageOfAnotherOriginOpensNoCircuit(string hub)
    {
        await using var app = await StartAsync();
        using var client = new HttpClient(app.CreateHandler());
        foreach (var (site, origin, status) in new[]
        {
            (null, "http://localhost:5081", HttpStatusCode.Forbidden),
            (null, "http://sibling.localhost", HttpStatusCode.Forbidden),
            (null, "null", HttpStatusCode.Forbidden),
            ("same-site", "http://localhost:5081", HttpStatusCode.Forbidden),
            ("cross-site", "https://evil.test", HttpStatusCode.Forbidden),
            ("same-origin", "http://localhost", HttpStatusCode.OK),
            (null, "http://localhost", HttpStatusCode.OK),
            (null, (string?)null, HttpStatusCode.OK),
        })
        {
            using var negotiated = await client.SendAsync(
                Message(HttpMethod.Post, hub + "/negotiate?negotiateVersion=1", ("Sec-Fetch-Site", site), ("Origin", origin)), TestContext.Current.CancellationToken);
            Assert.Equal((origin, status), (origin, negotiated.StatusCode));
            Assert.Equal(status == HttpStatusCode.OK, negotiated.Headers.Contains("Set-Cookie"));

            // Without a connection of this id the hub itself says 404.
            using var upgraded = await client.SendAsync(
                Message(HttpMethod.Get, hub + "?id=nobody", ("Origin", origin), ("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==")), TestContext.Current.CancellationToken);
            Assert.Equal((origin, status == HttpStatusCode.OK ? HttpStatusCode.NotFound : status), (origin, upgraded.StatusCode));
        }

        var lines = app.Logs.Own.Where(line => line.Event.Name == "CircuitRefused").ToList();
        Assert.Contains(lines, line => line.Text.Contains("http://sibling.localhost", StringComparison.Ordinal) && line.Text.Contains("AUTH_URL", StringComparison.Ordinal));
        Assert.Equal(lines.Count, lines.Select(line => line.Text).Distinct().Count());
    }

    [Fact]
    public async Task BehindAProxyThatHidesTheHostAuthUrlLetsTheAppsOwnPagesIn()
    {
        await using var app = await StartAsync(("AUTH_URL", "https://app.example"));
        using var client = new HttpClient(app.CreateHandler());
        using var own = await client.SendAsync(Message(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1", ("Origin", "https://app.example")), TestContext.Current.CancellationToken);
        using var foreign = await client.SendAsync(Message(HttpMethod.Post, "/_blazor/negotiate?negotiateVersion=1", ("Origin", "https://app.example:8443")), TestContext.Current.CancellationToken);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden), (own.StatusCode, foreign.StatusCode));
    }

    private static Task<AuthApp> StartAsync(params (string Name, string Value)[] settings) => AuthApp.StartAsync(setup =>
    {
        foreach (var (name, value) in settings)
        {
            setup.Settings[name] = value;
        }

        setup.Services = services => services.AddRazorComponents().AddInteractiveServerComponents();
        setup.Map = app =>
        {
            app.UseAntiforgery();
            app.MapRazorComponents<AnywhereApp>().AddInteractiveServerRenderMode();
            app.MapBlazorHub("/live");
        };
    });

    private static HttpRequestMessage Message(HttpMethod method, string path, params (string Name, string? Value)[] headers)
    {
        var message = new HttpRequestMessage(method, "http://localhost" + path);
        foreach (var (name, value) in headers.Where(header => header.Value is not null))
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return message;
    }
}
