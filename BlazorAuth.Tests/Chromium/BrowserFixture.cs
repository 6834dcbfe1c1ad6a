using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>One Chromium and one app for all browser tests; each test opens a profile of its own.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _chromium;
    private RealApp? _app;

    internal Uri Address => _app!.Address;

    public async ValueTask InitializeAsync()
    {
        var path = Needs.Tool("chromium");
        _app = await RealApp.StartAsync();
        _playwright = await Playwright.CreateAsync();
        _chromium = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Headless = true, Args = Arguments });
    }

    public async ValueTask DisposeAsync()
    {
        if (_chromium is not null)
        {
            await _chromium.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    /// <summary>A person with a fresh browser.</summary>
    internal async Task<Person> OpenAsync(BrowserNewContextOptions? options = null, Uri? address = null)
    {
        options ??= new();
        options.BaseURL = (address ?? Address).AbsoluteUri;
        return new Person(await _chromium!.NewContextAsync(options));
    }
}

/// <summary>The tests that share the browser.</summary>
[CollectionDefinition(Name)]
public sealed class BrowserTests : ICollectionFixture<BrowserFixture>
{
    public const string Name = "browser";
}
