using System.Security.Claims;
using System.Threading.Channels;
using BlazorAuth.Tests.Chromium.Anywhere;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.SignalR;

namespace BlazorAuth.Tests.Circuits;

/// <summary>The app of these tests, its visitor and the stranger.</summary>
public sealed partial class PolledHubTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public sealed class Seen
    {
        internal Channel<string> Names { get; } = Channel.CreateUnbounded<string>();

        internal void Add(ClaimsPrincipal? user) => Names.Writer.TryWrite(user?.Identity?.Name ?? "nobody");
    }

    public sealed class WhoHub(Seen seen) : Hub
    {
        public void Who() => seen.Add(Context.User);
    }

    [Authorize]
    public sealed class MembersHub : Hub;

    public sealed class Raw(Seen seen) : ConnectionHandler
    {
        public override async Task OnConnectedAsync(ConnectionContext connection)
        {
            seen.Add(connection.Features.Get<IConnectionUserFeature>()?.User);
            var closed = new TaskCompletionSource();
            await using var registration = connection.ConnectionClosed.Register(closed.SetResult);
            await closed.Task;
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

    private static async Task<string> SeenAsync(AuthApp app)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        return await app.Services.GetRequiredService<Seen>().Names.Reader.ReadAsync(limit.Token);
    }

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
