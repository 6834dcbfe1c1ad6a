using BlazorAuth.Tests.Delivery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace BlazorAuth.Tests.Chromium;

/// <summary>
/// The app itself, its own <c>Program</c>, in this process on a port, in Development, with nothing but its wwwroot and settings file. It lives by
/// the machine's clock, or by one that a test moves.
/// </summary>
internal sealed class RealApp : WebApplicationFactory<Program>
{
    private readonly Folder _folder = CreateFolder();
    private readonly Dictionary<string, string?> _settings;
    private readonly Action<AuthOptions>? _options;
    private readonly FakeTimeProvider? _clock;

    private RealApp(Dictionary<string, string?>? settings, Action<AuthOptions>? options, FakeTimeProvider? clock) =>
        (_settings, _options, _clock) = (settings ?? [], options, clock);

    public FakeTimeProvider Clock => _clock ?? throw new InvalidOperationException("This app lives by the machine's clock.");

    public Uri Address { get; private set; } = null!;

    /// <summary>A clock that stands, on a whole second, as times in headers and tokens do. It is a day ahead of the browser's, which throws cookies away by its own.</summary>
    public static FakeTimeProvider ClockAhead() => new TestClock(DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().AddDays(1).ToUnixTimeSeconds()));

    public static Folder CreateFolder()
    {
        var folder = new Folder();
        folder.CopyFrom(Repository.File("wwwroot"), "wwwroot");
        File.Copy(Repository.File("appsettings.Development.json"), folder.File("appsettings.Development.json"));
        return folder;
    }

    public static RealApp Start(Dictionary<string, string?>? settings = null, Action<AuthOptions>? options = null, FakeTimeProvider? clock = null)
    {
        var app = new RealApp(settings, options, clock);
        app.UseKestrel(0);
        app.StartServer();
        var listening = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        // It listens on a number; a browser uses a name.
        app.Address = new UriBuilder(listening) { Host = "localhost" }.Uri;
        return app;
    }

    /// <summary>Time goes by, here and for a person who lives by this app's clock.</summary>
    public async Task AdvanceAsync(Person person, TimeSpan time)
    {
        Clock.Advance(time);
        await person.Browser.Clock.FastForwardAsync((long)time.TotalMilliseconds);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _folder.Dispose();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseContentRoot(_folder.Path);
        // A machine has too few file watchers for all apps of the tests.
        builder.UseSetting("hostBuilder:reloadConfigOnChange", "false");
        foreach (var (name, value) in _settings)
        {
            builder.UseSetting(name, value);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders());
        builder.ConfigureServices(services =>
        {
            if (_clock is not null)
            {
                services.AddSingleton<TimeProvider>(_clock).AddSingleton<IStartupFilter>(new Dated(_clock));
            }

            services.Configure<AuthOptions>(auth =>
            {
                // All tests come from one address.
                auth.RateLimit.PermitLimit = 0;
                _options?.Invoke(auth);
            });
        });
    }

    /// <summary>The server writes dates by the machine's clock.</summary>
    private sealed class Dated(TimeProvider clock) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, rest) =>
            {
                http.Response.Headers.Date = clock.GetUtcNow().ToString("R");
                return rest(http);
            });
            next(app);
        };
    }
}
