using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

[Needs(Needs.Browser)]
public sealed class ReturnTests(RealBrowser browser)
{
    [Theory]
    [InlineData("Pacific/Auckland")]
    [InlineData("America/New_York")]
    public async Task TimesAreThoseOfTheReadersClock(string zone)
    {
        await using var person = await browser.OpenAsync(new() { TimezoneId = zone, Locale = "en-US" });
        var page = await person.OpenTabAsync("/api/auth/preview/sessions");
        var times = page.Locator("time[data-ba-time]");
        Assert.NotEqual(0, await times.CountAsync());
        foreach (var time in await times.AllAsync())
        {
            var at = DateTimeOffset.Parse((await time.GetAttributeAsync("datetime"))!, System.Globalization.CultureInfo.InvariantCulture);
            var there = TimeZoneInfo.ConvertTime(at, TimeZoneInfo.FindSystemTimeZoneById(zone));
            var text = Regex.Replace(await time.GetAttributeAsync("title") ?? "", @"\s", " ");
            Assert.Contains(there.ToString("h:mm tt", System.Globalization.CultureInfo.InvariantCulture), text, StringComparison.Ordinal);
            Assert.Contains(there.ToString("MMM d, yyyy", System.Globalization.CultureInfo.InvariantCulture), text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task WhoComesBackFromTheProviderWithTheBackButtonChoosesAgain()
    {
        await using var person = await browser.OpenAsync();
        var page = await person.OpenTabAsync("/api/auth/signin?callbackUrl=/api/auth/account");
        await person.PressAsync(page, "Continue with GitHub");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Ada Lovelace" })).ToBeVisibleAsync();
        await page.GoBackAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Continue with GitHub" })).ToBeEnabledAsync();
        Assert.Equal(0, await page.Locator("[aria-busy], [aria-disabled], .ba-busy").CountAsync());

        await person.PressAsync(page, "Continue with Google");
        // After a way back, Playwright once never heard that the next page had loaded: what is on it tells.
        await Person.ChooseInPopUpAsync(page);
        await Person.SeesAsync(page, "Your account");
        Assert.Empty(person.Complaints);
    }
}
