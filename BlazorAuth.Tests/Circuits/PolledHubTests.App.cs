using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using BlazorAuth.Tests.Chromium.Anywhere;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;

namespace BlazorAuth.Tests.Circuits;

/// <summary>The app of these tests, its visitor and the stranger, who speaks the platform's protocols with no browser.</summary>
public sealed partial class PolledHubTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public sealed class Seen
    {
        internal Channel<string> Names { get; } = Channel.CreateUnbounded<string>();

        internal void Add(System.Security.Claims.ClaimsPrincipal? user) => Names.Writer.TryWrite(user?.Identity?.Name ?? "nobody");
    }

    public sealed class WhoHub(Seen seen) : Hub
    {
        public void Who() => seen.Add(Context.User);
    }

    [Authorize]
    public sealed class MembersHub : Hub;

    public sealed class Raw(Seen seen) : ConnectionHandler
    {
        public override Task OnConnectedAsync(ConnectionContext connection)
        {
            seen.Add(connection.Features.Get<IConnectionUserFeature>()?.User);
            return Task.Delay(Timeout.Infinite, connection.ConnectionClosed).ContinueWith(_ => { }, TaskScheduler.Default);
        }
    }

    private static Task<AuthApp> StartAsync(string address, Action<WebApplication>? use = null) => AuthApp.StartAsync(setup =>
    {
        setup.Address = new Uri(address);
        setup.Services = services =>
        {
            services.AddSingleton<Seen>().AddSingleton(AnywhereMode.Of("global")).AddRazorComponents().AddInteractiveServerComponents();
            services.AddCors(cors => cors.AddPolicy("partner", policy => policy.WithOrigins("https://partner.test").AllowCredentials()));
        };
        setup.Map = app =>
        {
            use?.Invoke(app);
            app.UseCors();
            app.UseAntiforgery();
            app.MapHub<WhoHub>("/who").RequireCors("partner");
            app.MapHub<MembersHub>("/members");
            app.MapConnectionHandler<Raw>("/raw").RequireCors("partner");
            app.MapRazorComponents<AnywhereApp>().AddInteractiveServerRenderMode();
        };
    });

    private static async Task<Sender> SignedInAsync(AuthApp app)
    {
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        Assert.Equal("Ada Lovelace", await browser.NameAsync());
        return new Sender(new HttpClient(app.CreateHandler()) { BaseAddress = app.Address }, browser.Cookies.Header(app.Address, isCrossSitePost: false));
    }

    private static HttpClient Stranger(AuthApp app) => new(app.CreateHandler()) { BaseAddress = app.Address, DefaultRequestHeaders = { { "X-Requested-With", "XMLHttpRequest" } } };

    private static async Task<string> NegotiateAsync(HttpClient client, string hub)
    {
        using var answer = await client.PostAsync(hub + "/negotiate?negotiateVersion=1", null, Token);
        return await AddressAsync(answer, hub);
    }

    private static Task<HttpResponseMessage> NegotiateAsWhoIsSignedInAsync(Sender sender, string hub) =>
        sender.SendAsync(HttpMethod.Post, hub + "/negotiate?negotiateVersion=1", ("Sec-Fetch-Site", "same-origin"));

    private static async Task<string> AddressAsync(HttpResponseMessage negotiated, string hub)
    {
        Assert.Equal(HttpStatusCode.OK, negotiated.StatusCode);
        return $"{hub}?id={JsonNode.Parse(await negotiated.Content.ReadAsStringAsync(Token))!["connectionToken"]}";
    }

    private static async Task CallAsync(HttpClient client, string hub, string method)
    {
        await SendAsync(client, hub, Encoding.UTF8.GetBytes($"{{\"protocol\":\"json\",\"version\":1}}\u001e{{\"type\":1,\"target\":\"{method}\",\"arguments\":[]}}\u001e"));
    }

    private static async Task<string> SeenAsync(AuthApp app)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        return await app.Services.GetRequiredService<Seen>().Names.Reader.ReadAsync(limit.Token);
    }

    private static async Task<string> ComponentsAsync(HttpClient client, string page)
    {
        var markers = Markers().Matches(await client.GetStringAsync(page, Token)).Select(match => match.Groups[1].Value);
        return $"[{string.Join(',', markers.Where(json => json.Contains("\"descriptor\"", StringComparison.Ordinal)))}]";
    }

    private static Task OpenCircuitAsync(HttpClient client, string hub, Uri page, string components) => SendAsync(
        client, hub, [.. "{\"protocol\":\"blazorpack\",\"version\":1}\u001e"u8, .. Invocation("StartCircuit", page.GetLeftPart(UriPartial.Authority) + "/", page.ToString(), components, "")]);

    private static async Task SendAsync(HttpClient client, string hub, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        using var answer = await client.PostAsync(hub, content, Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static async Task<string> ReadAsync(HttpClient client, string hub, string until)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        var all = new StringBuilder();
        while (!all.ToString().Contains(until, StringComparison.Ordinal))
        {
            all.Append(Encoding.UTF8.GetString(await client.GetByteArrayAsync(hub, limit.Token)));
        }

        return all.ToString();
    }

    // One message of Blazor's binary protocol: [1, {}, "0", target, [arguments], []], behind its length.
    private static byte[] Invocation(string target, params string[] arguments)
    {
        List<byte> body = [0x96, 0x01, 0x80];
        Append(body, "0");
        Append(body, target);
        body.Add((byte)(0x90 | arguments.Length));
        foreach (var argument in arguments)
        {
            Append(body, argument);
        }

        body.Add(0x90);
        List<byte> length = [];
        for (var rest = body.Count; rest > 0; rest >>= 7)
        {
            length.Add((byte)((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0)));
        }

        return [.. length, .. body];
    }

    private static void Append(List<byte> body, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        body.Add(0xdb);
        body.AddRange(length);
        body.AddRange(bytes);
    }

    [GeneratedRegex("<!--Blazor:({.*?})-->", RegexOptions.Singleline)]
    private static partial Regex Markers();

    /// <summary>A browser that sends its cookies along whatever it is asked for, and waits for no end of an answer.</summary>
    private sealed class Sender(HttpClient client, string cookies) : IDisposable
    {
        public Task<HttpResponseMessage> GetAsync(string address, params (string Name, string? Value)[] headers) => SendAsync(HttpMethod.Get, address, headers);

        public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string address, params (string Name, string? Value)[] headers)
        {
            using var message = new HttpRequestMessage(method, address);
            message.Headers.Add("Cookie", cookies);
            foreach (var (name, value) in headers.Where(header => header.Name.Length > 0 && header.Value is not null))
            {
                message.Headers.TryAddWithoutValidation(name, value);
            }

            return await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, Token);
        }

        public void Dispose() => client.Dispose();
    }
}
