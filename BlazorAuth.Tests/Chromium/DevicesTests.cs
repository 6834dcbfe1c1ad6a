using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>The page of devices: a device is signed out in its own row, and its name is said.</summary>
[Needs(Needs.Browser)]
public sealed class DevicesTests(RealBrowser browser)
{
    [Fact]
    public async Task ADeviceIsSignedOutInPlaceWithTheKeyboardAndWhatIsDoneIsSaid()
    {
        await using var app = await AuthApp.StartAsync(setup => (setup.Kestrel, setup.Clock) = (true, TimeProvider.System));
        await using var here = await browser.OpenAsync(address: app.Address);
        await using var there = await browser.OpenAsync(address: app.Address);
        await there.SignInAsync("/page");
        var page = await here.SignInAsync("/api/auth/sessions");
        var row = page.Locator(".ba-device").Nth(1);
        var button = row.Locator("summary");
        var before = (await button.BoundingBoxAsync())!;
        await button.FocusAsync();
        await page.Keyboard.PressAsync("Enter");

        var question = row.GetByText("Sign out of Chrome on Linux? You’ll need to sign in again there.");
        await Assertions.Expect(question).ToBeFocusedAsync();
        Assert.Equal((before.X, before.Y, before.Width), await BoxAsync(button));
        await Assertions.Expect(button).ToContainTextAsync("Cancel");
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(question).ToBeHiddenAsync();
        await Assertions.Expect(button).ToBeFocusedAsync();
        Assert.Equal((before.X, before.Y, before.Width), await BoxAsync(button));

        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(question).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(row.Locator("form button")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        var result = page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Status);
        await Assertions.Expect(result).ToHaveTextAsync("You’ve signed out of Chrome on Linux.");
        await Assertions.Expect(result).ToBeFocusedAsync();
        Assert.Matches(@"- status:\s+(- img\s+)?- paragraph: You’ve signed out of Chrome on Linux\.", await page.GetByRole(AriaRole.Main).AriaSnapshotAsync());
        Assert.Empty(here.Complaints);
    }

    [Theory]
    [InlineData("en-US", "en", "^Active 5 hours ago · signed in [A-Z][a-z]{2} [0-9]{1,2} with GitHub$")]
    [InlineData("en-GB", "en", "^Active 5 hours ago · signed in [0-9]{1,2} [A-Z][a-z]{2,3} with GitHub$")]
    [InlineData("fr-FR", "de", "^Zuletzt aktiv: vor 5 Stunden · Anmeldung: [0-9]{1,2}[.] [^ ]+, mit GitHub$")]
    public async Task TimesAreInTheReadersWordsWithTheExactOneBehind(string locale, string language, string line)
    {
        await using var person = await browser.OpenAsync(new() { Locale = locale });
        var page = await person.OpenTabAsync("/api/auth/preview/sessions?ui_locales=" + language);
        var device = page.Locator(".ba-device").Nth(1).Locator(".ba-muted");
        Assert.Matches(line, Regex.Replace(await device.InnerTextAsync(), @"\s+", " ").Trim());
        foreach (var time in await device.Locator("time").AllAsync())
        {
            Assert.Matches("[0-9]{1,2}:[0-9]{2}", await time.GetAttributeAsync("title"));
        }
    }

    private static async Task<(float X, float Y, float Width)> BoxAsync(ILocator element)
    {
        var box = (await element.BoundingBoxAsync())!;
        return (box.X, box.Y, box.Width);
    }
}
