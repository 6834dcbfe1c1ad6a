using BlazorAuth.Tests.Chromium.Anywhere;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>
/// What somebody does to our buttons, forms and menu while a page becomes live: Blazor puts new elements in the place of those the server drew,
/// and a press that began on an old one would be lost.
/// </summary>
[Needs(Needs.Browser)]
public sealed partial class PressTests(RealBrowser browser)
{
    private const int HeldFor = 60;
    private const string GitHub = ".providers form[action$='/github'] button";

    [Theory]
    [InlineData("mouse")]
    [InlineData("keyboard")]
    public async Task APressThatBeginsBeforeThePageIsLiveAndEndsAfterwardsSignsInOnce(string with)
    {
        await using var person = await browser.OpenAsync();
        var (page, release, posts) = await OpenHeldBackAsync(person, "/");
        await page.Locator(GitHub).HoverAsync();
        await page.Locator(GitHub).FocusAsync();
        await page.EvaluateAsync("selector => { window.old = document.querySelector(selector); }", GitHub);
        await (with == "mouse" ? page.Mouse.DownAsync() : page.Keyboard.DownAsync(" "));
        release();
        await person.LiveAsync(page);
        Assert.False(await page.EvaluateAsync<bool>("old.isConnected"));
        await Assertions.Expect(page.Locator(GitHub)).ToBeFocusedAsync();
        await (with == "mouse" ? page.Mouse.UpAsync() : page.Keyboard.UpAsync(" "));

        await SettleAsync(page);
        Assert.Equal(1, posts());
        Assert.Empty(person.Complaints);
    }

    [Fact]
    public async Task WhoDrawsThePointerAwayHasChangedTheirMind()
    {
        await using var person = await browser.OpenAsync();
        var (page, release, posts) = await OpenHeldBackAsync(person, "/");
        await page.Locator(GitHub).HoverAsync();
        await page.Mouse.DownAsync();
        release();
        await person.LiveAsync(page);
        await page.Mouse.MoveAsync(5, 5);
        await page.Mouse.UpAsync();

        await SettleAsync(page);
        Assert.Equal(0, posts());
    }

    [Fact]
    public async Task AMenuThatIsOpenStaysOpenAndOneThatIsPressedOpens()
    {
        await using var person = await browser.OpenAsync();
        await (await person.SignInAsync("/notes")).CloseAsync();
        var panel = (IPage page) => page.Locator(".ba-menu > [popover]");

        var (first, releaseFirst, _) = await OpenHeldBackAsync(person, "/notes");
        await first.Locator(".ba-menu > button").ClickAsync();
        await Assertions.Expect(panel(first)).ToBeVisibleAsync();
        releaseFirst();
        await person.LiveAsync(first);
        await Assertions.Expect(panel(first)).ToBeVisibleAsync();
        await first.Keyboard.PressAsync("Escape");
        await Assertions.Expect(panel(first)).ToBeHiddenAsync();
        await Assertions.Expect(first.Locator(".ba-menu > button")).ToBeFocusedAsync();

        var (second, releaseSecond, _) = await OpenHeldBackAsync(person, "/notes");
        await second.Locator(".ba-menu > button").HoverAsync();
        await second.Mouse.DownAsync();
        releaseSecond();
        await person.LiveAsync(second);
        await second.Mouse.UpAsync();
        await Assertions.Expect(panel(second)).ToBeVisibleAsync();
        Assert.Empty(person.Complaints);
    }

    [Fact]
    public async Task WhatIsHalfTypedStaysAndTheFocusWithIt()
    {
        await using var app = await AnywhereHost.StartAsync(AnywhereMode.Of("global") with { HasScript = true });
        await using var person = await browser.OpenAsync(address: app.Address);
        var (page, release, _) = await OpenHeldBackAsync(person, "/anywhere/credentials");
        await page.GetByLabel("User name").FillAsync("ada@example.com");
        await page.GetByLabel("Password").PressSequentiallyAsync("half of");
        await page.EvaluateAsync("() => { window.old = document.activeElement; document.activeElement.setSelectionRange(2, 4); }");
        release();
        await Assertions.Expect(page.Locator("[data-live=yes]")).ToBeAttachedAsync();
        Assert.False(await page.EvaluateAsync<bool>("old.isConnected"));

        await Assertions.Expect(page.GetByLabel("User name")).ToHaveValueAsync("ada@example.com");
        await Assertions.Expect(page.GetByLabel("Password")).ToHaveValueAsync("half of");
        await Assertions.Expect(page.GetByLabel("Password")).ToBeFocusedAsync();
        Assert.Equal("2-4", await page.EvaluateAsync<string>("`${document.activeElement.selectionStart}-${document.activeElement.selectionEnd}`"));
        await page.Keyboard.TypeAsync("X");
        await Assertions.Expect(page.GetByLabel("Password")).ToHaveValueAsync("haX of");
    }

    [Theory]
    [InlineData(100, "half of it")]
    [InlineData(3_000, "")]
    public async Task WhatSomebodyTypedAndLeftIsNotThereForWhoeverOpensTheFormNext(int milliseconds, string found)
    {
        await using var app = await AnywhereHost.StartAsync(AnywhereMode.Of("global") with { HasScript = true });
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await person.Browser.NewPageAsync();
        await page.Clock.InstallAsync();
        await page.GotoAsync("/anywhere/credentials");
        await Assertions.Expect(page.Locator("[data-live=yes]")).ToBeAttachedAsync();
        await page.GetByLabel("Password").FillAsync("half of it");

        // As when somebody follows a link and the next one comes back: the document stays, and the form is a new one.
        await page.EvaluateAsync("""
            () => {
              const form = document.querySelector("form:has([type=password])");
              window.next = form.cloneNode(true);
              next.querySelector("[type=password]").value = "";
              window.place = form.parentElement;
              form.remove();
            }
            """);
        await page.Clock.RunForAsync(milliseconds);
        await page.EvaluateAsync("() => place.append(next)");
        await page.Clock.RunForAsync(100);
        await Assertions.Expect(page.GetByLabel("Password")).ToHaveValueAsync(found);
    }

    [Fact]
    public async Task OnASlowMachineNoPressOfTheFirstSecondIsLostOrCountsTwice()
    {
        await using var person = await browser.OpenAsync();

        // Each lasts until the next begins: whenever the page changes, one of them is there.
        var all = await PressAtAsync(person, Enumerable.Range(0, 17).Select(i => i * HeldFor));
        Assert.Equal(17, all.Count);
        Assert.All(all, outcome => Assert.Equal(outcome.Hit ? 1 : 0, outcome.Posts));
        Assert.InRange(all.Count(outcome => outcome.Hit), 9, 17);
        TestContext.Current.TestOutputHelper!.WriteLine($"{all.Count(outcome => outcome.Hit)} presses, {all.Count(outcome => outcome.Across)} of them across the change.");
    }

    private static async Task<List<(int Moment, bool Hit, bool Across, int Posts)>> PressAtAsync(Person person, IEnumerable<int> moments)
    {
        var page = await person.OpenTabAsync("/");
        await person.LiveAsync(page);
        var posts = await CountPostsAsync(page);
        var box = (await page.Locator(GitHub).BoundingBoxAsync())!;
        await page.AddInitScriptAsync("""
            addEventListener("pointerdown", ({ target }) => { window.pressed = target.closest("form[action$='/github'] button"); }, true);
            window.shown = new Promise(told => new PerformanceObserver(told).observe({ type: "paint", buffered: true }));
            """);
        var devTools = await page.Context.NewCDPSessionAsync(page);
        var outcomes = new List<(int, bool, bool, int)>();
        foreach (var moment in moments)
        {
            var before = posts();
            await SlowDownAsync(devTools, 6);
            await page.GotoAsync("/", new() { WaitUntil = WaitUntilState.Commit });
            await page.EvaluateAsync("async moment => { await shown; await new Promise(told => setTimeout(told, moment)); }", moment);
            await page.Mouse.MoveAsync(box.X + 40, box.Y + (box.Height / 2));
            await page.Mouse.DownAsync();
            await page.EvaluateAsync("milliseconds => new Promise(told => setTimeout(told, milliseconds))", HeldFor);
            var seen = await page.EvaluateAsync<bool[]>("[Boolean(window.pressed), Boolean(window.pressed) && !window.pressed.isConnected]");
            await page.Mouse.UpAsync();
            try
            {
                await person.LiveAsync(page);
            }
            catch (PlaywrightException) when (seen[0] && posts() > before)
            {
                // As soon as a page's form is sent, Chromium gives up what the page still loads: it is left as a rule, and here it is not.
            }

            // Nothing is pressed any more, and slowing down keeps a processor busy.
            await SlowDownAsync(devTools, 1);
            for (var i = 0; i < 40 && seen[0] && posts() == before; i++)
            {
                await SettleAsync(page);
            }

            await SettleAsync(page);
            outcomes.Add((moment, seen[0], seen[1], posts() - before));
        }

        return outcomes;
    }

    /// <summary>Opens a page whose circuit waits until it is released, and counts the sign-ins that it starts.</summary>
    private static async Task<(IPage Page, Action Release, Func<int> Posts)> OpenHeldBackAsync(Person person, string path)
    {
        var gate = new TaskCompletionSource();
        var page = await person.Browser.NewPageAsync();
        page.SetDefaultTimeout(30_000);
        await page.RouteAsync("**/_blazor/negotiate*", async route =>
        {
            await gate.Task;
            await route.ContinueAsync();
        });
        var posts = await CountPostsAsync(page);
        await page.GotoAsync(path);
        return (page, gate.SetResult, posts);
    }

    private static async Task<Func<int>> CountPostsAsync(IPage page)
    {
        var posts = 0;
        await page.RouteAsync("**/api/auth/signin/github", route =>
        {
            Interlocked.Increment(ref posts);
            return route.FulfillAsync(new() { Status = 204 });
        });
        return () => Volatile.Read(ref posts);
    }

    // Longer than a press is waited for.
    private static async Task SlowDownAsync(ICDPSession devTools, int rate) => await devTools.SendAsync("Emulation.setCPUThrottlingRate", new() { ["rate"] = rate });

    private static async Task SettleAsync(IPage page) => await page.EvaluateAsync("() => new Promise(told => setTimeout(told, 250))");
}
