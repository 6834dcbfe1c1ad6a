using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using BlazorAuth.Tests.Chromium.Anywhere;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>A page on another port of the same host, which is the same site: the browser sends it every cookie, and CORS does not apply to WebSockets.</summary>
[Needs(Needs.Browser)]
public sealed class ForeignOriginTests(RealBrowser browser)
{
    // Says what came of it: what a socket was told first, "open" when it was told nothing, "refused" when it did not open.
    private const string Connect =
        """
        ([address, hello]) => new Promise(done => {
          const socket = new WebSocket(address);
          socket.onopen = () => { if (hello) { socket.send(hello); setTimeout(() => done("open"), 2000); } };
          socket.onmessage = async ({ data }) => done(typeof data === "string" ? data : "an answer");
          socket.onerror = () => done("refused");
        })
        """;

    private const string Handshake = "{\"protocol\":\"blazorpack\",\"version\":1}\u001e";

    [Fact]
    public async Task APageOnAnotherPortDrivesNobodysCircuitAndIsNobodyOnTheAppsOwnSockets()
    {
        await using var app = await AnywhereHost.StartAsync(AnywhereMode.Of("global"), MapSocket);
        await using var foreign = await StartPageAsync();
        await using var person = await browser.OpenAsync(address: app.Address);
        var own = await person.SignInAsync("/anywhere/place");
        var attack = await person.OpenTabAsync(foreign.Urls.First());

        var socket = $"ws://{app.Address.Authority}";
        Assert.Equal("refused", await attack.EvaluateAsync<string>(Connect, new[] { socket + "/_blazor", Handshake }));
        Assert.Equal("nobody", await attack.EvaluateAsync<string>(Connect, new[] { socket + "/who", "" }));

        // It is the page that is refused: on the app's own the same sockets open, and tell who is there.
        Assert.Equal("an answer", await own.EvaluateAsync<string>(Connect, new[] { socket + "/_blazor", Handshake }));
        Assert.Equal("Ada Lovelace", await own.EvaluateAsync<string>(Connect, new[] { socket + "/who", "" }));
        Assert.Contains(app.Logs.Own, line => line.Event.Name == "CircuitRefused");

        // Nor does a form of that page sign anybody out.
        await attack.EvaluateAsync("address => fetch(address, { method: 'POST', mode: 'no-cors', credentials: 'include' })", $"{app.Address}api/auth/signout");
        Assert.Equal("Ada Lovelace", await own.EvaluateAsync<string>(Connect, new[] { socket + "/who", "" }));
    }

    // The page's own server negotiates a connection, and sends its visitor into it.
    [Fact]
    public async Task ALinkIntoAStrangersConnectionLendsItNobody()
    {
        await using var app = await AnywhereHost.StartAsync(AnywhereMode.Of("global"));
        await using var foreign = await StartPageAsync(page => page.MapGet("/prize", async () =>
        {
            using var stranger = new HttpClient { BaseAddress = app.Address };
            using var negotiated = await stranger.PostAsync("/_blazor/negotiate?negotiateVersion=1", null);
            return Results.Redirect($"{app.Address}_blazor?id={JsonNode.Parse(await negotiated.Content.ReadAsStringAsync())!["connectionToken"]}");
        }));
        await using var person = await browser.OpenAsync(address: app.Address);
        await person.SignInAsync("/anywhere/place");
        var attack = await person.OpenTabAsync(foreign.Urls.First());

        var answer = await attack.GotoAsync(foreign.Urls.First() + "/prize");
        Assert.Equal(403, answer!.Status);
        Assert.Contains("authjs.session-token", (await answer.Request.AllHeadersAsync())["cookie"], StringComparison.Ordinal);
        Assert.Contains(app.Logs.Own, line => line.Event.Name == "PollNotCounted");
    }

    [Fact]
    public async Task WithoutWebSocketsAPageOfTheAppPollsAndIsItsVisitors()
    {
        await using var app = await AnywhereHost.StartAsync(AnywhereMode.Of("global"));
        await using var person = await browser.OpenAsync(address: app.Address);
        await person.Browser.AddInitScriptAsync("delete window.WebSocket");
        var page = await person.SignInAsync("/anywhere/widgets");
        await person.LiveAsync(page);
        await person.OpenMenuAsync(page);
        await Assertions.Expect(page.GetByText("Ada Lovelace").First).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("performance.getEntriesByType('resource').filter(entry => entry.name.includes('/_blazor?id=')).length > 1"));
        Assert.DoesNotContain(app.Logs.Own, line => line.Event.Name is "PollNotCounted" or "CircuitRefused");
    }

    private static void MapSocket(WebApplication app)
    {
        app.UseWebSockets();
        app.Map("/who", async (HttpContext http) =>
        {
            var name = (await http.GetSessionAsync())?.User.Name ?? "nobody";
            using var socket = await http.WebSockets.AcceptWebSocketAsync();
            await socket.SendAsync(Encoding.UTF8.GetBytes(name), WebSocketMessageType.Text, endOfMessage: true, http.RequestAborted);
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, http.RequestAborted);
        });
    }

    private static async Task<WebApplication> StartPageAsync(Action<WebApplication>? more = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var page = builder.Build();
        page.MapGet("/", () => Results.Content("<!doctype html><link rel=icon href=data:,><p>Win a prize", "text/html"));
        more?.Invoke(page);
        await page.StartAsync(TestContext.Current.CancellationToken);
        return page;
    }
}
