using System.Text.Json;
using BlazorAuth.Tests.Chromium;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.FrontEnd;

/// <summary>One browser profile, a front end and the app, on two origins; and what the browser's console said.</summary>
internal sealed class ClientRun : IAsyncDisposable
{
    private readonly Person _person;
    private readonly FrontEndSite _site;

    private ClientRun(Person person, AuthApp app, FrontEndSite site, string version) => (_person, App, _site, Version) = (person, app, site, version);

    public AuthApp App { get; }

    public string Version { get; }

    public string Site => _site.Origin;

    /// <summary>Everything in the console that is an error, uncaught ones included.</summary>
    public IReadOnlyCollection<string> Errors => _person.Complaints;

    public static async Task<ClientRun> StartAsync(
        RealBrowser browser, string version, Action<AuthOptions>? options = null, Action<AuthAppSetup>? configure = null,
        string host = "localhost", bool thirdPartyCookies = false)
    {
        var site = await FrontEndSite.StartAsync(host);
        var app = await Passwords.StartAppAsync(site.Origin, setup =>
        {
            (setup.Kestrel, setup.Clock, setup.Options) = (true, TimeProvider.System, options);
            configure?.Invoke(setup);
        });
        var address = new Uri(site.Origin);
        var isElsewhere = host != "localhost";
        var person = thirdPartyCookies ? browser.OpenAllowingAsync(address) : isElsewhere ? browser.OpenRefusingAsync(address) : browser.OpenAsync(address: address);
        return new ClientRun(await person, app, site, version);
    }

    public Task<IPage> OpenAsync(string parameters = "", string? path = null) =>
        _person.OpenTabAsync($"/{path ?? Version}?server={Uri.EscapeDataString(App.Auth)}{parameters}");

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
        Assert.DoesNotContain(Errors, text => text.Contains("CORS", StringComparison.OrdinalIgnoreCase) || text.StartsWith("uncaught", StringComparison.Ordinal));

        // next-auth 4 reports every signed-out session that is null rather than {}.
        Assert.DoesNotContain(
            Errors,
            text => !expected.Any(text.Contains) && !(Version == "v4" && text.Contains("CLIENT_FETCH_ERROR", StringComparison.Ordinal)));
    }

    public async ValueTask DisposeAsync()
    {
        await _person.DisposeAsync();
        await App.DisposeAsync();
        await _site.DisposeAsync();
    }
}
