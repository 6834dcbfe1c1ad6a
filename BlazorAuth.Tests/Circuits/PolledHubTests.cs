using System.Net;
using BlazorAuth.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace BlazorAuth.Tests.Circuits;

/// <summary>
/// A stranger negotiates a connection with a client of their own, and has a visitor's browser make a long poll of it, or ask for its events: with a link, a picture, or a
/// page of their own. The platform takes the connection's user from that GET, and the stranger goes on.
/// </summary>
public sealed partial class PolledHubTests
{
    // A link on another site, a picture on a sibling, a link in a mail, a link and a picture that a visitor left on the app's own page, and plain http, where browsers tell nothing.
    public static TheoryData<string, string?, string?> Links => new()
    {
        { "https://app.example", "cross-site", "navigate" },
        { "https://app.example", "same-site", "no-cors" },
        { "https://app.example", "none", "navigate" },
        { "https://app.example", "same-origin", "navigate" },
        { "https://app.example", "same-origin", "no-cors" },
        { "http://intranet.example", null, null },
    };

    [Theory]
    [MemberData(nameof(Links))]
    public async Task ALinkGivesNobodyTheCircuitOfWhoFollowsIt(string address, string? site, string? mode)
    {
        await using var app = await StartAsync(address);
        using var ada = await SignedInAsync(app);
        using var mallory = Stranger(app);
        var components = await ComponentsAsync(mallory, "/anywhere/widgets");
        var hub = await NegotiateAsync(mallory, "/_blazor");

        using var polled = await ada.GetAsync(hub, ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode));
        Assert.Equal(HttpStatusCode.Forbidden, polled.StatusCode);

        // And Mallory goes on, with no cookie at all: it is a visitor's circuit, and nobody's.
        await OpenCircuitAsync(mallory, hub, new Uri(app.Address, "/anywhere/widgets"), components);
        var shown = await ReadAsync(mallory, hub, until: "Google");
        Assert.Contains("Press", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Lovelace", shown, StringComparison.Ordinal);
    }

    // The columns: the app's address; Sec-Fetch-Site; Sec-Fetch-Mode; Origin; one header more; whether the session counts.
    public static TheoryData<string, string?, string?, string?, string?, bool> Polls => new()
    {
        // The app's own script, and its EventSource, where browsers say so.
        { "https://app.example", "same-origin", "cors", null, null, true },
        { "https://app.example", "same-origin", "same-origin", null, null, true },
        { "https://app.example", "same-origin", "cors", null, "X-Requested-With", true },

        // SignalR's clients, in a browser that tells nothing, and in none.
        { "http://intranet.example", null, null, null, "X-Requested-With", true },
        { "http://intranet.example", null, null, null, "X-SignalR-User-Agent", true },
        { "http://intranet.example", null, null, "http://intranet.example", "X-Requested-With", true },
        { "https://app.example", null, null, null, "X-Requested-With", true },

        // Links and pictures, wherever they stand, and clients that look like them.
        { "https://app.example", "same-origin", "navigate", null, null, false },
        { "https://app.example", "same-origin", "no-cors", null, null, false },
        { "https://app.example", "same-origin", null, null, null, false },
        { "https://app.example", "none", "navigate", null, null, false },
        { "https://app.example", "none", "navigate", null, "X-Requested-With", false },
        { "https://app.example", "cross-site", "navigate", null, null, false },
        { "https://app.example", "same-site", "no-cors", null, null, false },
        { "http://intranet.example", null, null, null, null, false },
        { "http://intranet.example", null, null, "http://intranet.example", null, false },
        { "https://app.example", null, null, null, null, false },

        // Scripts of other origins, one that the endpoint's policy names, and what a header more does not make good.
        { "https://app.example", "same-site", "cors", "https://sibling.app.example", null, false },
        { "https://app.example", "cross-site", "cors", "https://evil.test", "X-Requested-With", false },
        { "https://app.example", "cross-site", "cors", "https://app.example", "X-Requested-With", false },
        { "https://app.example", "same-origin, cross-site", "cors", null, "X-Requested-With", false },
        { "https://app.example", "same-origin", "cors, navigate", null, "X-Requested-With", false },
        { "https://app.example", "cross-site", "cors", "https://partner.test", null, true },
        { "https://app.example", "cross-site", "navigate", null, null, false },
        { "http://intranet.example", null, null, "http://evil.test", "X-Requested-With", false },
        { "http://intranet.example", null, null, "null", "X-Requested-With", false },
    };

    [Theory]
    [MemberData(nameof(Polls))]
    public async Task APollCountsOnlyIfAScriptOfTheAppSentIt(string address, string? site, string? mode, string? origin, string? header, bool counts)
    {
        await using var app = await StartAsync(address);
        using var ada = await SignedInAsync(app);
        using var mallory = Stranger(app);
        foreach (var path in (string[])["/who", "/raw"])
        {
            foreach (var accept in (string[])["*/*", "text/event-stream"])
            {
                var hub = await NegotiateAsync(mallory, path);
                using var polled = await ada.GetAsync(hub, ("Accept", accept), ("Sec-Fetch-Site", site), ("Sec-Fetch-Mode", mode), ("Origin", origin), (header ?? "", "x"));
                Assert.Equal(HttpStatusCode.OK, polled.StatusCode);
                await CallAsync(mallory, hub, "Who");
                Assert.Equal((path, accept, counts ? "Ada Lovelace" : "nobody"), (path, accept, await SeenAsync(app)));
            }
        }

        Assert.Equal(counts ? 0 : 2, app.Logs.Own.Count(line => line.Event.Name == "PollNotCounted"));
    }

    [Fact]
    public async Task TheGetThatNegotiatesOrReadsAPageCountsAsBefore()
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
            app.UseRouting();
            app.UseAuthorization();
        });
        using var ada = await SignedInAsync(app);
        using var mallory = Stranger(app);
        using var negotiated = path == "/members" ? await NegotiateAsWhoIsSignedInAsync(ada, path) : null;
        var hub = negotiated is null ? await NegotiateAsync(mallory, path) : await AddressAsync(negotiated, path);
        using var polled = await ada.GetAsync(hub, ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"));
        Assert.Equal(HttpStatusCode.Forbidden, polled.StatusCode);

        using var own = await ada.GetAsync(hub, ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Mode", "cors"));
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
