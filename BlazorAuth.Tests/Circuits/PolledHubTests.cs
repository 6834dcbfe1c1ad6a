using System.Net;
using System.Security.Claims;
using BlazorAuth.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using static BlazorAuth.Tests.Circuits.StrangersConnection;

namespace BlazorAuth.Tests.Circuits;

/// <summary>
/// A stranger negotiates a connection with a client of their own, and has a visitor's browser make a long poll of it, or ask for its events: with a link, a picture, or a
/// page of their own. The platform takes the connection's user from that GET, and the stranger goes on.
/// </summary>
public sealed partial class PolledHubTests
{
    private const string Client = "X-SignalR-User-Agent";
    private const string Script = "X-Requested-With";

    // A link on another site, a picture on a sibling, a link in a mail, what a visitor left on the app's own page (a link, a picture, a font, a style), and plain http, where browsers
    // tell nothing, but an app on Android its name; and any of them behind a proxy that says of every request that it is a WebSocket's.
    public static TheoryData<string, string?, string?, string?, string?> Links => new()
    {
        { "https://app.example", "cross-site", "navigate", null, null },
        { "https://app.example", "same-site", "no-cors", null, null },
        { "https://app.example", "none", "navigate", null, null },
        { "https://app.example", "same-origin", "navigate", null, null },
        { "https://app.example", "same-origin", "no-cors", null, null },
        { "https://app.example", "same-origin", "cors", null, null },
        { "https://app.example", "same-origin", "same-origin", null, null },
        { "http://intranet.example", null, null, null, null },
        { "http://intranet.example", null, null, Script, "com.example.app" },
        { "http://intranet.example", null, null, "Upgrade", "websocket" },
        { "https://app.example", "none", "navigate", "Upgrade", "websocket" },
        { "https://app.example", "same-origin", "no-cors", "Upgrade", "WebSocket" },
    };

    [Theory]
    [MemberData(nameof(Links))]
    public async Task ALinkGivesNobodyTheCircuitOfWhoFollowsIt(string address, string? site, string? mode, string? header, string? value)
    {
        await using var app = await StartAsync(address);
        using var ada = await SignedInAsync(app);
        using var mallory = Stranger(app);
        var components = await ComponentsAsync(mallory, "/anywhere/widgets");
        var hub = await NegotiateAsync(mallory, "/_blazor");

        using var polled = await ada.GetAsync(hub, ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode), (header ?? "", value), ("Connection", header == "Upgrade" ? "Upgrade" : null));
        Assert.Equal(HttpStatusCode.Forbidden, polled.StatusCode);

        // And Mallory goes on, with no cookie at all: it is a visitor's circuit, and nobody's.
        await OpenCircuitAsync(mallory, hub, new Uri(app.Address, "/anywhere/widgets"), components);
        var shown = await ReadAsync(mallory, hub, until: "Google");
        Assert.Contains("Press", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Lovelace", shown, StringComparison.Ordinal);
    }


    // The columns: the app's address; Sec-Fetch-Site, -Mode and -Dest; Origin; one header more, "XMLHttpRequest" where it says nothing else; whether a poll counts; whether a stream does.
    public static TheoryData<string, string?, string?, string?, string?, string?, bool, bool> Polls => new()
    {
        // SignalR's client on a page of the app: its polls have a header, its EventSource asks for events.
        { "https://app.example", "same-origin", "cors", "empty", null, Client, true, true },
        { "https://app.example", "same-origin", "same-origin", "empty", null, Client, true, true },
        { "https://app.example", "same-origin", "cors", "empty", null, null, false, true },

        // In a browser that tells nothing, and in none.
        { "http://intranet.example", null, null, null, null, Client, true, true },
        { "http://intranet.example", null, null, null, null, Script, true, true },
        { "http://intranet.example", null, null, null, "http://intranet.example", Client, true, true },
        { "https://app.example", null, null, null, null, Script, true, true },
        { "https://app.example", null, null, null, null, null, false, false },
        { "http://intranet.example", null, null, null, null, null, false, false },
        { "http://intranet.example", null, null, null, null, Script + ": com.example.app", false, false },
        { "http://intranet.example", null, null, null, null, Script + ": XMLHttpRequest, com.example.app", false, false },
        { "http://intranet.example", null, null, null, null, "Upgrade: websocket", false, false },
        { "http://intranet.example", null, null, null, "http://intranet.example", null, false, false },

        // Links, pictures, styles and what else visitors write, wherever it stands; a page that reads what its address names; and headers that a browser adds to none of them.
        { "https://app.example", "same-origin", "navigate", "document", null, null, false, false },
        { "https://app.example", "same-origin", "no-cors", "image", null, null, false, false },
        { "https://app.example", "same-origin", "cors", "image", null, null, false, false },
        { "https://app.example", "same-origin", "same-origin", "image", null, null, false, false },
        { "https://app.example", "same-origin", "cors", "font", null, null, false, false },
        { "https://app.example", "same-origin", "cors", "track", null, null, false, false },
        { "https://app.example", "same-origin", "cors", null, null, null, false, false },
        { "https://app.example", "same-origin", "cors", "empty", null, Script, false, true },
        { "https://app.example", "same-origin", null, null, null, Client, false, false },
        { "https://app.example", "same-origin", "cors, navigate", "empty", null, Client, false, false },
        { "https://app.example", "none", "navigate", "document", null, null, false, false },
        { "https://app.example", "none", "navigate", "document", null, Client, false, false },
        { "https://app.example", "cross-site", "navigate", "document", null, null, false, false },
        { "https://app.example", "same-site", "no-cors", "image", null, null, false, false },

        // Scripts of other origins.
        { "https://app.example", "same-site", "cors", "empty", "https://sibling.app.example", null, false, false },
        { "https://app.example", "cross-site", "cors", "empty", "https://evil.test", Client, false, false },
        { "https://app.example", "cross-site", "cors", "empty", "https://app.example", Client, false, false },
        { "https://app.example", "same-origin, cross-site", "cors", "empty", null, Client, false, false },
        { "http://intranet.example", null, null, null, "http://evil.test", Client, false, false },
        { "http://intranet.example", null, null, null, "null", Client, false, false },

        // A front end that the hub's policy names: its script, and a picture in what somebody wrote there.
        { "https://app.example", "cross-site", "cors", "empty", "https://partner.test", Client, true, true },
        { "https://app.example", "cross-site", "cors", "empty", "https://partner.test", null, false, true },
        { "http://intranet.example", null, null, null, "https://partner.test", Client, true, true },
        { "https://app.example", "cross-site", "cors", "image", "https://partner.test", null, false, false },
        { "https://app.example", "cross-site", "navigate", "document", "https://partner.test", null, false, false },
        { "http://intranet.example", null, null, null, "https://partner.test", null, false, false },
    };

    [Theory]
    [MemberData(nameof(Polls))]
    public async Task APollCountsOnlyIfAClientOfTheAppSentIt(
        string address, string? site, string? mode, string? dest, string? origin, string? header, bool countsPoll, bool countsStream)
    {
        await using var app = await StartAsync(address);
        using var ada = await SignedInAsync(app);
        using var mallory = Stranger(app);
        var (name, value) = header?.Split(": ") is [var first, var second] ? (first, second) : (header ?? "", "XMLHttpRequest");
        foreach (var path in (string[])["/who", "/raw"])
        {
            foreach (var (accept, counts) in new[] { ("*/*", countsPoll), ("text/event-stream", countsStream) })
            {
                var hub = await NegotiateAsync(mallory, path);
                using var polled = await ada.GetAsync(
                    hub, ("Accept", accept), ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode), ("Sec-Fetch-Dest", dest), ("Origin", origin), (name, value));
                Assert.Equal(HttpStatusCode.OK, polled.StatusCode);
                await CallAsync(mallory, hub, "Who");
                Assert.Equal((path, accept, counts ? "Ada Lovelace" : "nobody"), (path, accept, await SeenAsync(app)));
            }
        }

        Assert.Equal(countsPoll && countsStream ? 0 : 2, app.Logs.Own.Count(line => line.Event.Name == "PollNotCounted"));
    }

    [Fact]
    public async Task AGetOfAPageCountsAsBefore()
    {
        await using var app = await StartAsync("https://app.example");
        using var ada = await SignedInAsync(app);
        using var page = await ada.GetAsync("/anywhere/widgets", ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"));
        Assert.Contains("Ada Lovelace", await page.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    // Authentication ran before the hub was known, and the hub's own authorization after it.
    [Theory]
    [InlineData("/who")]
    [InlineData("/members")]
    public async Task WhoWasTakenForTheVisitorBeforeTheHubWasKnownIsTurnedAway(string path)
    {
        await using var app = await StartAsync("https://app.example", use: app =>
        {
            app.UseAuthentication();
            app.Use((http, next) =>
            {
                // A principal of the app's own.
                http.User = new ClaimsPrincipal(http.User.Identities.Select(one => new ClaimsIdentity(one.Claims, one.AuthenticationType, one.NameClaimType, one.RoleClaimType)));
                return next(http);
            });
            app.UseRouting();
            app.UseAuthorization();
        });
        using var ada = await SignedInAsync(app);

        // Only whoever is signed in may negotiate with the second: the stranger, too, has an account.
        using var mallory = await SignedInAsync(app);
        using var negotiated = await mallory.SendAsync(HttpMethod.Post, path + "/negotiate?negotiateVersion=1", ("Sec-Fetch-Site", "same-origin"));
        var hub = await AddressAsync(negotiated, path);
        using var polled = await ada.GetAsync(hub, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"));
        Assert.Equal(HttpStatusCode.Forbidden, polled.StatusCode);

        using var own = await ada.GetAsync(hub, ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "cors"), (Client, "x"));
        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
    }

    [Fact]
    public async Task AConnectionThatAllowsForeignOriginsStopsTheStart()
    {
        var exception = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup =>
        {
            setup.Services = services => services.AddSingleton<Seen>().AddConnections();
            setup.Map = app => app.MapConnectionHandler<Raw>("/raw").AllowForeignOrigins();
        }));
        Assert.Contains("The connection (/raw", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThePlatformStillMarksItsConnections()
    {
        await using var app = await StartAsync("https://app.example");
        var endpoints = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>();
        var marked = endpoints.Where(LiveConnection.IsAt).Select(endpoint => endpoint.RoutePattern.RawText!.Trim('/'));
        Assert.Equal(
            ["_blazor", "_blazor/negotiate", "members", "members/negotiate", "raw", "raw/negotiate", "who", "who/negotiate"], marked.Order(StringComparer.Ordinal));
    }
}
