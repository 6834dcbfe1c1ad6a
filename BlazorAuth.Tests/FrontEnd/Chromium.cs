using Microsoft.Playwright;

namespace BlazorAuth.Tests.FrontEnd;

/// <summary>A real browser, started once.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private readonly DirectoryInfo _profile = Directory.CreateTempSubdirectory("blazorauth-chromium-");
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private string? _path;

    public async ValueTask InitializeAsync()
    {
        _path = ((string[])["chromium", "chromium-browser", "google-chrome"])
            .SelectMany(name => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
        if (_path is null)
        {
            Needs.Missing("There is no Chromium on the search path.");
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = _path, Args = Arguments });
    }

    /// <summary>A fresh private window. It refuses third-party cookies, as an ordinary one of this browser does too.</summary>
    public Task<IBrowserContext> NewContextAsync() => _browser!.NewContextAsync();

    /// <summary>A window of somebody who allows third-party cookies.</summary>
    public async Task<IBrowserContext> NewAllowingContextAsync()
    {
        // A folder of its own: cookies of localhost reach every port, so those of an earlier window would sign this one in.
        var profile = _profile.CreateSubdirectory(Guid.NewGuid().ToString("N"));
        var settings = profile.CreateSubdirectory("Default");
        await File.WriteAllTextAsync(Path.Combine(settings.FullName, "Preferences"), """{"profile":{"cookie_controls_mode":0}}""");
        return await _playwright!.Chromium.LaunchPersistentContextAsync(profile.FullName, new() { ExecutablePath = _path, Args = Arguments });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        _profile.Delete(recursive: true);
    }
}
