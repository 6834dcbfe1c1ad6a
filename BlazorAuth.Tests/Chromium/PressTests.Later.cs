using BlazorAuth.Tests.Chromium.Anywhere;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <content>What was done to an element that does not come back, in a document that stays.</content>
public sealed partial class PressTests
{
    [Theory]
    [InlineData(100, false, 1)]
    [InlineData(2_000, false, 0)]
    [InlineData(100, true, 0)]
    public async Task APressOnAButtonThatIsGoneIsNoPressOnTheOneThatComesMuchLaterOrOnAnotherPage(int milliseconds, bool isElsewhere, int presses)
    {
        await using var app = await AnywhereHost.StartAsync(AnywhereMode.Of("global") with { HasScript = true });
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await person.Browser.NewPageAsync();
        await page.Clock.InstallAsync();
        await page.GotoAsync("/anywhere/credentials");
        await Assertions.Expect(page.Locator("[data-live=yes]")).ToBeAttachedAsync();
        await page.Locator("form:has([type=password]) button").HoverAsync();
        await page.Mouse.DownAsync();
        await TakeAwayAsync(page, "form:has([type=password])");
        await page.EvaluateAsync("""
            () => {
              window.presses = 0;
              next.querySelector("button").addEventListener("click", event => { presses++; event.preventDefault(); });
            }
            """);
        await page.Mouse.UpAsync();
        await page.Clock.RunForAsync(70);

        await PutBackAsync(page, milliseconds, isElsewhere);

        Assert.Equal(presses, await page.EvaluateAsync<int>("presses"));
    }

    [Theory]
    [InlineData(100, false, true)]
    [InlineData(2_000, false, false)]
    [InlineData(100, true, false)]
    public async Task AMenuThatWasOpenWhenItWentIsClosedWhenItComesMuchLaterOrOnAnotherPage(int milliseconds, bool isElsewhere, bool isOpen)
    {
        await using var person = await browser.OpenAsync();
        await (await person.SignInAsync("/notes")).CloseAsync();
        var page = await person.Browser.NewPageAsync();
        await page.Clock.InstallAsync();
        await page.GotoAsync("/notes");
        await person.LiveAsync(page);
        await page.Locator(".ba-menu > button").ClickAsync();
        await Assertions.Expect(page.Locator(".ba-menu > [popover]")).ToBeVisibleAsync();
        await TakeAwayAsync(page, ".ba-menu");

        await PutBackAsync(page, milliseconds, isElsewhere);

        Assert.Equal(isOpen, await page.EvaluateAsync<bool>("document.querySelector('.ba-menu > [popover]').matches(':popover-open')"));
    }

    private static async Task TakeAwayAsync(IPage page, string selector) => await page.EvaluateAsync(
        """
        selector => {
          const element = document.querySelector(selector);
          window.next = element.cloneNode(true);
          const [parent, after] = [element.parentElement, element.nextSibling];
          window.putBack = () => parent.insertBefore(next, after);
          element.remove();
        }
        """,
        selector);

    private static async Task PutBackAsync(IPage page, int milliseconds, bool isElsewhere)
    {
        await page.Clock.RunForAsync(milliseconds);
        await page.EvaluateAsync("isElsewhere => { isElsewhere && history.pushState(null, '', '/elsewhere'); putBack(); }", isElsewhere);
        await page.Clock.RunForAsync(100);
    }
}
