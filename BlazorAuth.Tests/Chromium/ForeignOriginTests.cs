using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using BlazorAuth.Tests.Chromium.Anywhere;
using BlazorAuth.Tests.Circuits;
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
        var attack = await person.OpenTabAsync(Address(foreign));

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
            return Results.Redirect(new Uri(app.Address, await StrangersConnection.NegotiateAsync(stranger, "/_blazor")).ToString());
        }));
        await using var person = await browser.OpenAsync(address: app.Address);
        await person.SignInAsync("/anywhere/place");
        var attack = await person.OpenTabAsync(Address(foreign));

        var answer = await attack.GotoAsync(Address(foreign) + "/prize");
        Assert.Equal(403, answer!.Status);
        Assert.Contains("authjs.session-token", (await answer.Request.AllHeadersAsync())["cookie"], StringComparison.Ordinal);
        Assert.Contains(app.Logs.Own, line => line.Event.Name == "PollNotCounted");
    }

    // What visitors write on a page of the app's own: sanitizers let some of it through, and the browser fetches most of it in the mode of a script.
    [Fact]
    public async Task WhatAVisitorWroteLendsAStrangersConnectionNobody()
    {
        string[] written =
        [
            "<div style='mask-image: url(\"HUB\")'>A note</div>", "<div style='background-image: url(\"HUB\")'>A note</div>", "<img src='HUB'>", "<img crossorigin src='HUB'>",
            "<video controls src='data:,'><track default src='HUB'></video>", "<style>@font-face { font-family: x; src: url('HUB') } b { font-family: x }</style><b>A note</b>",
            "<svg width=9 height=9><use href='HUB#a'/></svg>", "<link rel=preload as=fetch crossorigin href='HUB'>", "<iframe src='HUB'></iframe>",
            "<script>fetch('HUB')</script>",
        ];
        var hubs = new List<string>();
        await using var app = await AnywhereHost.StartAsync(AnywhereMode.Of("global"), app => app.MapGet("/notes", () => Results.Content(
            "<!doctype html><link rel=icon href=data:,>" + string.Concat(written.Zip(hubs, (markup, hub) => markup.Replace("HUB", hub, StringComparison.Ordinal))), "text/html")));
        using var stranger = new HttpClient { BaseAddress = app.Address };
        foreach (var _ in written)
        {
            hubs.Add(await StrangersConnection.NegotiateAsync(stranger, "/_blazor"));
        }

        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await person.SignInAsync("/anywhere/place");
        var answers = new ConcurrentDictionary<string, int>();
        page.Response += (_, answer) => answers[new Uri(answer.Url).PathAndQuery] = answer.Status;
        await page.GotoAsync("/notes", new() { WaitUntil = WaitUntilState.NetworkIdle });

        Assert.Equal(written.Select(markup => (markup, (int?)403)), written.Zip(hubs, (markup, hub) => (markup, answers.TryGetValue(hub, out var status) ? status : (int?)null)));
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

    // The name of the app's host, and another port: another site would get no cookie, whatever the app does.
    private static string Address(WebApplication page) => page.Urls.First().Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

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
