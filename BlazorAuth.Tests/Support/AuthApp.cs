using System.Net;
using BlazorAuth.App.StandIns;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace BlazorAuth.Tests;

/// <summary>How an <see cref="AuthApp"/> is set up. Nothing of the machine's own environment or files is read.</summary>
internal sealed class AuthAppSetup
{
    public string Environment { get; set; } = "Development";

    /// <summary>Environment variables (<c>AUTH_SECRET</c>) and their twins (<c>Auth:Secret</c>).</summary>
    public Dictionary<string, string?> Settings { get; } = new() { ["AUTH_STORE"] = "memory", ["AUTH_SECRET"] = AuthApp.Secret };

    public Action<AuthOptions>? Options { get; set; }

    /// <summary>Adds providers. Default: Google and GitHub, which the stand-ins answer for.</summary>
    public Action<AuthenticationBuilder> Providers { get; set; } = builder => builder.AddGoogle().AddGitHub();

    /// <summary>Runs before <c>AddBlazorAuth</c>.</summary>
    public Action<IServiceCollection>? Services { get; set; }

    /// <summary>Maps more endpoints.</summary>
    public Action<WebApplication>? Map { get; set; }

    public bool StandIns { get; set; } = true;

    /// <summary>A real port instead of the in-memory server, which is quicker and takes every scheme and host.</summary>
    public bool Kestrel { get; set; }

    /// <summary>Where the browser finds an app on the in-memory server.</summary>
    public Uri Address { get; set; } = new("http://localhost");

    public string? ContentRoot { get; set; }

    /// <summary>Starts at the real time, because an id token's times are checked against it.</summary>
    public FakeTimeProvider Clock { get; set; } = new(TimeProvider.System.GetUtcNow());
}

/// <summary>An app with BlazorAuth, an open page, a page and an API for signed-in people, and everything it logged.</summary>
internal sealed class AuthApp : IAsyncDisposable
{
    public const string Secret = "a-secret-of-the-tests-that-is-long-enough";

    private readonly WebApplication _app;

    private AuthApp(WebApplication app, AuthAppSetup setup, LogCollector logs)
    {
        _app = app;
        Clock = setup.Clock;
        Logs = logs;
        Address = setup.Address;
        if (setup.Kestrel)
        {
            var port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
            Address = new UriBuilder(setup.Address) { Scheme = "http", Port = port }.Uri;
        }
    }

    public Uri Address { get; }

    public FakeTimeProvider Clock { get; }

    public LogCollector Logs { get; }

    public IServiceProvider Services => _app.Services;

    public SessionManager Sessions => Services.GetRequiredService<SessionManager>();

    /// <summary>The address that requests come from; on the in-memory server only.</summary>
    public IPAddress ClientAddress { get; set; } = IPAddress.Loopback;

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
    public Browser CreateBrowser() => new(this);

    /// <summary>What carries requests to the app.</summary>
    public HttpMessageHandler CreateHandler() => Services.GetRequiredService<IServer>() is TestServer server
        ? server.CreateHandler()
        : new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static WebApplication Build(AuthAppSetup setup, LogCollector logs, out Found found)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            EnvironmentName = setup.Environment,
            ContentRootPath = setup.ContentRoot ?? AppContext.BaseDirectory,
        });
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
        builder.Services.AddSingleton<TimeProvider>(setup.Clock);
        builder.Services.AddSingleton<IStartupFilter>(found = new Found());
        setup.Services?.Invoke(builder.Services);
        setup.Providers(builder.Services.AddBlazorAuth(setup.Options));
        if (setup.StandIns)
        {
            builder.AddStandIns();
        }

        var app = builder.Build();
        app.MapBlazorAuth();
        if (setup.StandIns)
        {
            app.MapStandIns();
        }

        MapPages(app);
        setup.Map?.Invoke(app);
        return app;
    }

    private static void MapPages(WebApplication app)
    {
        app.MapGet("/", () => "home");
        app.MapGet("/page", async (HttpContext http) => (await http.GetSessionAsync())?.User.Name ?? "nobody");
        app.MapGet("/private", async (HttpContext http) => (await http.GetSessionAsync())!.User.Name).RequireAuthorization();
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
