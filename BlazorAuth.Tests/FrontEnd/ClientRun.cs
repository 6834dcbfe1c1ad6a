using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.FrontEnd;

/// <summary>One browser profile, a front end and the app, on two origins; and what the browser's console said.</summary>
internal sealed class ClientRun : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _console = new();
    private readonly IBrowserContext _context;
    private readonly FrontEndSite _site;

    private ClientRun(IBrowserContext context, AuthApp app, FrontEndSite site, string version)
    {
        (_context, App, _site, Version) = (context, app, site, version);
        context.SetDefaultTimeout(15_000);
    }

    public AuthApp App { get; }

    public string Version { get; }

    public string Site => _site.Origin;

    /// <summary>Everything in the console that is an error, uncaught ones included.</summary>
    public IReadOnlyCollection<string> Errors => _console;

    public static async Task<ClientRun> StartAsync(
        Chromium chromium, string version, Action<AuthOptions>? options = null, Action<AuthAppSetup>? configure = null,
        string host = "localhost", bool thirdPartyCookies = false)
    {
        var site = await FrontEndSite.StartAsync(host);
        var app = await Passwords.StartAppAsync(site.Origin, setup =>
        {
            (setup.Kestrel, setup.Clock, setup.Options) = (true, TimeProvider.System, options);
            configure?.Invoke(setup);
        });
        return new ClientRun(thirdPartyCookies ? await chromium.NewAllowingContextAsync() : await chromium.NewContextAsync(), app, site, version);
    }

    public async Task<IPage> OpenAsync(string parameters = "", string? path = null)
    {
        var page = await _context.NewPageAsync();
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _console.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => _console.Enqueue("uncaught: " + error);
        await page.GotoAsync($"{Site}/{path ?? Version}?server={Uri.EscapeDataString(App.Auth)}{parameters}");
        return page;
    }

    public static Task StatusAsync(IPage page, string status) => Assertions.Expect(page.Locator("#status")).ToHaveTextAsync(status);

    public static Task<JsonElement> SignInAsync(IPage page, string user = "ada", string? password = null) => page.EvaluateAsync<JsonElement>(
        "([user, password]) => client.signIn('password', { user, password, redirect: false })", new[] { user, password ?? user });

    /// <summary>Runs a call that leaves the page, and waits until another one is there.</summary>
    public static async Task LeaveAsync(IPage page, string call)
    {
        await page.EvaluateAsync($"() => {{ window.leaving = true; void {call}; }}");
        await page.WaitForFunctionAsync("() => !window.leaving && document.readyState === 'complete'");
    }

    public async Task<IPage> OpenSignedInAsync()
    {
        var page = await OpenAsync();
        await StatusAsync(page, "unauthenticated");
        await SignInAsync(page);
        await StatusAsync(page, "authenticated");
        return page;
    }

    /// <summary>No CORS message and no uncaught error; and nothing else but what the test expects.</summary>
    public void ExpectQuietConsole(params string[] expected)
    {
        Assert.DoesNotContain(_console, text => text.Contains("CORS", StringComparison.OrdinalIgnoreCase) || text.StartsWith("uncaught", StringComparison.Ordinal));

        // next-auth 4 reports every signed-out session that is null rather than {}.
        Assert.DoesNotContain(
            _console,
            text => !expected.Any(text.Contains) && !(Version == "v4" && text.Contains("CLIENT_FETCH_ERROR", StringComparison.Ordinal)));
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        await App.DisposeAsync();
        await _site.DisposeAsync();
    }
}
