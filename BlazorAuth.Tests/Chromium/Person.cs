using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>Somebody at a browser: presses what is there to be pressed and reads what is there to be read.</summary>
internal sealed class Person(IBrowserContext context) : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = new();

    public IBrowserContext Browser => context;

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
        page.PageError += (_, error) => _complaints.Enqueue($"script on {page.Url}: {error}");
        await page.GotoAsync(path);
        return page;
    }

    public static Task PressAsync(IPage page, string button) => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    /// <summary>Chooses somebody on the stand-in's picker.</summary>
    public static Task ChooseAsync(IPage page, string name = "Ada Lovelace") => page.GetByRole(AriaRole.Button, new() { Name = name }).ClickAsync();

    /// <summary>Opens the menu of the person who is signed in: on a live page once the circuit has drawn it, because a menu that was opened before is drawn shut.</summary>
    public static async Task OpenMenuAsync(IPage page, bool isLive = true)
    {
        if (isLive)
        {
            await Assertions.Expect(page.Locator(".ba-menu[data-ba-live]")).ToBeVisibleAsync();
        }

        await page.Locator(".ba-menu > summary").ClickAsync();
        await Assertions.Expect(page.Locator(".ba-menu[open]")).ToBeVisibleAsync();
    }

    /// <summary>Signs out with the menu of the app's own pages.</summary>
    public static async Task SignOutAsync(IPage page, bool isLive = true)
    {
        await OpenMenuAsync(page, isLive);
        await PressAsync(page, "Sign out");
    }

    public static Task SeesAsync(IPage page, string heading) =>
        Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(heading);

    public async Task<string> SessionCookieAsync() =>
        (await context.CookiesAsync()).Single(cookie => cookie.Name == "authjs.session-token").Value;

    public ValueTask DisposeAsync() => context.DisposeAsync();
}
