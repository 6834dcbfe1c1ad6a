using System.Text.RegularExpressions;
using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>Somebody at a browser: presses what is there to be pressed and reads what is there to be read.</summary>
internal sealed class Person(IBrowserContext context, Uri address, bool hasScript) : IAsyncDisposable
{
    public const string ChunkedCookie = "authjs.session-token";

    private const string Picker = "/authorize?";

    // Every page of a Blazor app brings this script; who draws all pages on the server says so.
    private const string WillBeLive = "html:not([data-static]) script[src*='blazor.web.js']";

    // What only a circuit draws, with all the rest of the page.
    private const string IsLive = "[data-session-circuit], [data-live=yes]";

    private readonly ConcurrentQueue<string> _complaints = new();

    public IBrowserContext Browser => context;

    public Uri Address => address;

    /// <summary>What the browser's console complained of: violations of a policy, failed scripts, missing files.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    public async Task<IPage> OpenTabAsync(string path)
    {
        var page = await context.NewPageAsync();
        page.SetDefaultTimeout(30_000);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _complaints.Enqueue($"{page.Url}: {message.Text}");
            }
        };
        page.PageError += (_, error) => _complaints.Enqueue($"uncaught on {page.Url}: {error}");
        await page.GotoAsync(path);
        return page;
    }

    /// <summary>Signs in with a page of its own and arrives at a path.</summary>
    public async Task<IPage> SignInAsync(string path)
    {
        var page = await OpenTabAsync("/api/auth/signin/google?callbackUrl=" + Uri.EscapeDataString(path));
        await PressAsync(page, "Continue with Google");
        await ChooseAsync(page);
        await page.WaitForURLAsync("**" + path);
        return page;
    }

    /// <summary>Presses a button, or follows a link, of a page that stays as it is.</summary>
    public async Task PressAsync(IPage page, string name, AriaRole role = AriaRole.Button)
    {
        var target = page.GetByRole(role, new() { Name = name, Exact = true });
        await Assertions.Expect(target).ToBeVisibleAsync();
        await LiveAsync(page);
        await target.ClickAsync();
    }

    /// <summary>
    /// Waits until a page that will be live is: its circuit draws again what came drawn from the server, and what is pressed or typed until then is lost.
    /// </summary>
    public async Task LiveAsync(IPage page)
    {
        if (hasScript && await page.Locator(WillBeLive).CountAsync() > 0)
        {
            await Assertions.Expect(page.Locator(IsLive).First).ToBeAttachedAsync();
        }
    }

    /// <summary>Chooses somebody on the stand-in's picker, and waits until it is left: a click returns before.</summary>
    public static async Task ChooseAsync(IPage page, string name = "Ada Lovelace")
    {
        await ChooseInPopUpAsync(page, name);

        // Playwright itself may miss that a page is loaded which comes by several redirects.
        await Assertions.Expect(page).Not.ToHaveURLAsync(new Regex(Regex.Escape(Picker)), new() { Timeout = 30_000 });
        await page.WaitForFunctionAsync("() => document.readyState === 'complete'");
    }

    /// <summary>Chooses somebody in a window that closes itself when they are signed in.</summary>
    public static async Task ChooseInPopUpAsync(IPage page, string name = "Ada Lovelace")
    {
        await page.WaitForURLAsync($"**{Picker}**");
        await page.GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();
    }

    /// <summary>Opens the menu of the person who is signed in.</summary>
    public async Task OpenMenuAsync(IPage page)
    {
        if (hasScript)
        {
            // One that was opened before is drawn shut.
            await Assertions.Expect(page.Locator(".ba-menu[data-ba-live]")).ToBeVisibleAsync();
        }

        await page.Locator(".ba-menu > button").ClickAsync();
        await Assertions.Expect(page.Locator(".ba-menu > [popover]")).ToBeVisibleAsync();
    }

    /// <summary>Signs out with the menu of the app's own pages.</summary>
    public async Task SignOutAsync(IPage page)
    {
        await OpenMenuAsync(page);
        await PressAsync(page, "Sign out");
    }

    public static Task SeesAsync(IPage page, string heading) =>
        Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(heading);

    public async Task<string> SessionCookieAsync() => (await context.CookiesAsync()).Single(cookie => cookie.Name == ChunkedCookie).Value;

    public ValueTask DisposeAsync() => context.DisposeAsync();
}
