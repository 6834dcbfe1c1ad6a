using BlazorAuth.Tests.Chromium;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(RealBrowser))]

namespace BlazorAuth.Tests.Chromium;

/// <summary>
/// One Chromium and one app for all tests, each started by the first that needs it; each person has a profile of their own. Where it is installed, the browser is the
/// headless shell: the same pages and network at two thirds of the processor time, without what belongs to windows, such as the settings for cookies of other sites.
/// </summary>
public sealed class RealBrowser : IAsyncLifetime
{
    // A window would bring two processes for its address bar and one for a page that may come. The last list counts, so Playwright's own comes first.
    private const string WithoutFeatures =
        "--disable-features=AvoidUnnecessaryBeforeUnloadCheckSync,BoundaryEventDispatchTracksNodeRemoval,DestroyProfileOnBrowserClose,DialMediaRouteProvider,"
        + "GlobalMediaControls,HttpsUpgrades,LensOverlay,MediaRouter,PaintHolding,ThirdPartyStoragePartitioning,BlockOriginHeaderModificationOnRedirect,Translate,"
        + "AutoDeElevate,OptimizationHints,WebUIOmniboxPopup,WebUIOmniboxAimPopup,SpareRendererForSitePerProcess";

    // Our pages have an opener policy and an app's have none, so each step from the one to the other takes a new process, which costs more than all that the page does:
    // a window that has one keeps it.
    private const string OneProcessForAWindow = "--renderer-process-limit=1";

    // No page of a test lives long enough for what V8 compiles beside it to be worth the time: a sixth of all that the browser uses.
    private const string ScriptsAsTheyCome = "--js-flags=--single-threaded,--no-opt,--no-maglev";

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", OneProcessForAWindow, ScriptsAsTheyCome, WithoutFeatures,
    ];

    private readonly DirectoryInfo _profiles = Directory.CreateTempSubdirectory("blazorauth-chromium-");
    private readonly Lazy<Task<IPlaywright>> _playwright = new(Playwright.CreateAsync);
    private readonly Lazy<Task<IBrowser>> _shell;
    private readonly Lazy<Task<IBrowser>> _chromium;
    private readonly Lazy<RealApp> _app = new(() => RealApp.Start());

    public RealBrowser() => (_shell, _chromium) = (new(() => LaunchAsync(Shell)), new(() => LaunchAsync(Program)));

    private static string Program => Needs.Tool("chromium", "chromium-browser", "google-chrome");

    private static string Shell => Needs.Tool("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome");

    public ValueTask InitializeAsync()
    {
        // What is waited for comes at once or never; a machine that is busy may take its time.
        Assertions.SetDefaultExpectTimeout(30_000);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var browser in new[] { _shell, _chromium }.Where(browser => browser.IsValueCreated))
        {
            await (await browser.Value).DisposeAsync();
        }

        if (_playwright.IsValueCreated)
        {
            (await _playwright.Value).Dispose();
        }

        if (_app.IsValueCreated)
        {
            await _app.Value.DisposeAsync();
        }

        _profiles.Delete(recursive: true);
    }

    /// <summary>A person with a fresh private window.</summary>
    internal async Task<Person> OpenAsync(BrowserNewContextOptions? options = null, Uri? address = null)
    {
        // Each test has to say that it needs a browser, not only the one that starts it.
        _ = Shell;
        options ??= new();
        address ??= _app.Value.Address;
        options.BaseURL = address.AbsoluteUri;
        return new Person(await (await _shell.Value).NewContextAsync(options), address, options.JavaScriptEnabled != false);
    }

    /// <summary>A person who lives by the clock of an app.</summary>
    internal async Task<Person> OpenInStepAsync(RealApp app)
    {
        var person = await OpenAsync(address: app.Address);
        await person.Browser.Clock.InstallAsync(new() { TimeDate = app.Clock.GetUtcNow().UtcDateTime });
        return person;
    }

    /// <summary>A person with a fresh private window that refuses third-party cookies, as those of this browser do.</summary>
    internal async Task<Person> OpenRefusingAsync(Uri address)
    {
        _ = Program;
        return new Person(await (await _chromium.Value).NewContextAsync(new() { BaseURL = address.AbsoluteUri }), address, hasScript: true);
    }

    /// <summary>A person who allows third-party cookies.</summary>
    internal async Task<Person> OpenAllowingAsync(Uri address)
    {
        // A folder of its own: cookies of localhost reach every port, so those of an earlier window would sign this one in.
        var profile = _profiles.CreateSubdirectory(Guid.NewGuid().ToString("N"));
        var settings = profile.CreateSubdirectory("Default");
        await File.WriteAllTextAsync(Path.Combine(settings.FullName, "Preferences"), """{"profile":{"cookie_controls_mode":0}}""");
        var context = await (await _playwright.Value).Chromium.LaunchPersistentContextAsync(
            profile.FullName, new() { ExecutablePath = Program, Headless = true, Args = Arguments, BaseURL = address.AbsoluteUri });
        return new Person(context, address, hasScript: true);
    }

    private async Task<IBrowser> LaunchAsync(string program) =>
        await (await _playwright.Value).Chromium.LaunchAsync(new() { ExecutablePath = program, Headless = true, Args = Arguments });
}
