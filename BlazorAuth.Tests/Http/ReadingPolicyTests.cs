using System.Net;
using BlazorAuth.Tests.Chromium.Anywhere;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.SignalR;

namespace BlazorAuth.Tests.Http;

/// <summary>A CORS policy that names methods lets its origins do nothing else.</summary>
public sealed class ReadingPolicyTests
{
    private const string Reader = "http://reader.localhost";

    private static readonly (string Name, string Value) Upgrade = ("Upgrade", "websocket");

    [Theory]
    [InlineData("GET", true, "nobody")]
    [InlineData("GET", false, "nobody")]
    [InlineData("GET,PUT", true, "nobody")]
    [InlineData("GET,post", true, "Ada Lovelace")]
    [InlineData("", true, "Ada Lovelace")]
    [InlineData("*", true, "Ada Lovelace")]
    public async Task OneForReadingLetsNobodyAct(string methods, bool usesCors, string who)
    {
        await using var app = await StartAsync(methods, usesCors);

        Assert.Equal(who, await AskAsync(app, HttpMethod.Post, "/who"));
    }

    // Each begins with a GET, and then the page acts.
    [Theory]
    [InlineData("GET", "nobody")]
    [InlineData("GET,CONNECT", "nobody")]
    [InlineData("GET,post", "Ada Lovelace")]
    [InlineData("", "Ada Lovelace")]
    [InlineData("*", "Ada Lovelace")]
    public async Task NorOpenAConnection(string methods, string who)
    {
        await using var app = await StartAsync(methods);

        Assert.Equal(who, await AskAsync(app, HttpMethod.Get, "/who", Upgrade));
        Assert.Equal(who, await AskAsync(app, HttpMethod.Get, "/named", Upgrade));
        Assert.Equal(who, await AskAsync(app, HttpMethod.Get, "/hub", Upgrade, ("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==")));
        Assert.Equal(who, await AskAsync(app, HttpMethod.Get, "/hub", ("X-SignalR-User-Agent", "a client"), ("Sec-Fetch-Mode", "cors")));
        Assert.Equal("Ada Lovelace", await AskAsync(app, HttpMethod.Get, "/who"));
    }

    // A default policy says what scripts may fetch, and nothing about the app's pages; what the app has given the hub itself does.
    [Theory]
    [InlineData("*", "", HttpStatusCode.Forbidden)]
    [InlineData("", "", HttpStatusCode.Forbidden)]
    [InlineData("GET", "GET", HttpStatusCode.Forbidden)]
    [InlineData("GET", "*", HttpStatusCode.OK)]
    public async Task NorHasBlazorsHubTheDefaultPolicy(string methods, string ofHub, HttpStatusCode status)
    {
        await using var app = await StartAsync(methods, ofHub: ofHub);
        (string, string)[] socket = [Upgrade, ("Connection", "Upgrade"), ("Sec-WebSocket-Key", "AAAAAAAAAAAAAAAAAAAAAA==")];

        using var negotiated = await SendAsync(app, HttpMethod.Post, "/live/negotiate?negotiateVersion=1");
        using var upgraded = await SendAsync(app, HttpMethod.Get, "/live?id=nobody", socket);

        // Without a connection of this ID the hub itself says 404.
        Assert.Equal((status, status == HttpStatusCode.OK ? HttpStatusCode.NotFound : status), (negotiated.StatusCode, upgraded.StatusCode));
    }

    private static Task<AuthApp> StartAsync(string methods, bool usesCors = true, string ofHub = "") => AuthApp.StartAsync(setup =>
    {
        setup.Services = services =>
        {
            services.AddRazorComponents().AddInteractiveServerComponents();
            services.AddCors(cors =>
            {
                cors.AddDefaultPolicy(policy => Name(policy.WithOrigins(Reader).AllowCredentials(), methods));
                cors.AddPolicy("named", policy => Name(policy.WithOrigins(Reader).AllowCredentials(), methods));
            });
        };
        setup.Map = host =>
        {
            if (usesCors)
            {
                host.UseCors();
            }

            var who = async (HttpContext http) => (await http.GetSessionAsync())?.User.Name ?? "nobody";
            host.Map("/who", who);
            host.MapGet("/named", who).RequireCors("named");
            host.MapGet("/hub", who).WithMetadata(new HubMetadata(typeof(Hub)));
            host.UseAntiforgery();
            host.MapRazorComponents<AnywhereApp>().AddInteractiveServerRenderMode();
            var hub = host.MapBlazorHub("/live");
            _ = ofHub.Length == 0 ? hub : hub.RequireCors(policy => Name(policy.WithOrigins(Reader).AllowCredentials(), ofHub));
        };
    });

    private static async Task<string> AskAsync(AuthApp app, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var answer = await SendAsync(app, method, path, headers);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<HttpResponseMessage> SendAsync(AuthApp app, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        using var client = new HttpClient(app.CreateHandler());
        using var message = new HttpRequestMessage(method, new Uri(app.Address, path));
        message.Headers.Add("Cookie", ada.Cookies.Header(app.Address, isCrossSitePost: false));
        message.Headers.Add("Origin", Reader);

        // Browsers send none of these headers with a WebSocket.
        if (!headers.Contains(Upgrade))
        {
            message.Headers.Add("Sec-Fetch-Site", "same-site");
        }

        foreach (var (name, value) in headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }

        return await client.SendAsync(message, TestContext.Current.CancellationToken);
    }

    private static CorsPolicyBuilder Name(CorsPolicyBuilder policy, string methods) => methods switch
    {
        "" => policy,
        "*" => policy.AllowAnyMethod(),
        _ => policy.WithMethods(methods.Split(',')),
    };
}
