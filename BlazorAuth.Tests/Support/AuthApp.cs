using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace BlazorAuth.Tests;

/// <summary>An app with BlazorAuth, an open page, a page and an API for signed-in people, and everything it logged.</summary>
internal sealed class AuthApp : IAsyncDisposable
{
    public const string Secret = "a-secret-of-the-tests-that-is-long-enough";
    public const string SessionCookie = "authjs.session-token";

    private readonly WebApplication _app;
    private readonly TimeProvider _clock;

    private AuthApp(WebApplication app, AuthAppSetup setup, LogCollector logs)
    {
        _app = app;
        _clock = setup.Clock;
        Logs = logs;
        Address = setup.Address;
        if (setup.Kestrel)
        {
            var port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
            Address = new UriBuilder(setup.Address) { Scheme = "http", Port = port }.Uri;
        }
    }

    public Uri Address { get; }

    public string Origin => Address.GetLeftPart(UriPartial.Authority);

    /// <summary>Where a client finds the endpoints.</summary>
    public string Auth => Origin + "/api/auth";

    /// <summary>The clock that a test moves. An app that was set up with the real one has none.</summary>
    public FakeTimeProvider Clock => (FakeTimeProvider)_clock;

    public LogCollector Logs { get; }

    public IServiceProvider Services => _app.Services;

    public SessionManager Sessions => Services.GetRequiredService<SessionManager>();

    public ISessionStore Store => Services.GetRequiredService<ISessionStore>();

    /// <summary>The address that requests come from; on the in-memory server only. Null as behind a Unix socket.</summary>
    public IPAddress? ClientAddress { get; set; } = IPAddress.Loopback;

    public static async Task<AuthApp> StartAsync(Action<AuthAppSetup>? configure = null)
    {
        var setup = new AuthAppSetup();
        configure?.Invoke(setup);
        var logs = new LogCollector();
        var app = Build(setup, logs, out var found);
        try
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return found.App = new AuthApp(app, setup, logs);
    }

    /// <summary>A browser with no cookies.</summary>
    public Browser CreateBrowser() => new(Address, CreateHandler(), _clock);

    /// <summary>The address of the error page, or the sign-in page, as the app itself writes it.</summary>
    public string ErrorAddress(string code, AuthFailure failure) => Services.GetRequiredService<PageAddresses>().Error(
        new PublicAddress(Address.Scheme, new HostString(Address.Authority), default), code, failure);

    /// <summary>The script of a client, on a page of the app or of another origin, in a browser that tells nothing about who asks.</summary>
    public Browser CreateClient(string? origin = null) => new(Address, CreateHandler(), _clock) { Origin = origin, SendsFetchHeaders = false };

    /// <summary>What carries requests to the app.</summary>
    public HttpMessageHandler CreateHandler() => Services.GetRequiredService<IServer>() is TestServer server
        ? server.CreateHandler()
        : new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };

    /// <summary>Begins a session in the store, as a sign-in does.</summary>
    public async Task<SessionTicket> BeginSessionAsync(string user = "ada", string? id = null, JsonObject? claims = null)
    {
        var ticket = Sessions.Lifetimes.WithTimes(TestTicket.Of(user, _clock.GetUtcNow(), id ?? Guid.NewGuid().ToString("N"), claims));
        return await Sessions.CreateAsync(ticket, new SessionOrigin(null), TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static WebApplication Build(AuthAppSetup setup, LogCollector logs, out Found found)
    {
        var builder = TestBuilder.Create(setup.Environment, setup.ContentRoot);
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(setup.Settings);
        if (setup.Kestrel)
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
        }
        else
        {
            builder.WebHost.UseTestServer();
        }

        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Trace).AddProvider(logs);
        builder.Services.AddSingleton(setup.Clock);
        builder.Services.AddSingleton<IStartupFilter>(found = new Found());
        setup.Services?.Invoke(builder.Services);
        if (setup is { StandIns: true, StandInsFirst: true })
        {
            builder.AddStandIns();
        }

        var auth = builder.Services.AddBlazorAuth(setup.Options);
        setup.Providers(setup.StorePackages ? auth.AddRedisSessionStore().AddPostgresSessionStore() : auth);
        if (setup is { StandIns: true, StandInsFirst: false })
        {
            builder.AddStandIns();
        }

        var app = builder.Build();
        setup.Use?.Invoke(app);
        if (setup.Maps)
        {
            app.MapBlazorAuth();
        }

        MapPages(app);
        setup.Map?.Invoke(app);
        return app;
    }

    private static void MapPages(WebApplication app)
    {
        app.MapGet("/", http => http.Response.WriteAsync("home"));
        app.MapGet("/page", async http => await http.Response.WriteAsync((await http.GetSessionAsync())?.User.Name ?? "nobody"));
        app.MapGet("/private", async http => await http.Response.WriteAsync((await http.GetSessionAsync())!.User.Name ?? "")).RequireAuthorization();
        app.MapGet("/api/private", async (HttpContext http) => new { (await http.GetSessionAsync())!.User.Id }).RequireAuthorization();
    }

    // The in-memory server has no connections, and so no addresses.
    private sealed class Found : IStartupFilter
    {
        public AuthApp? App { get; set; }

        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, rest) =>
            {
                http.Connection.RemoteIpAddress ??= App?.ClientAddress;
                return rest(http);
            });
            next(app);
        };
    }
}
