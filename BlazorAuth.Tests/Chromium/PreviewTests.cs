using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

[Needs(Needs.Browser)]
public sealed class PreviewTests(RealBrowser browser)
{
    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task ThePreviewIsAccessibleItself(ColorScheme scheme)
    {
        await using var person = await browser.OpenAsync(new() { ColorScheme = scheme });
        var page = await person.OpenTabAsync("/api/auth/preview");
        await Person.SeesAsync(page, "Every page in every state");
        Assert.Empty(await Axe.CheckAsync(page));
    }

    [Fact]
    public async Task TheAppsSignInPageIsTheLivingExampleOfASlot()
    {
        await using var person = await browser.OpenAsync();
        var page = await person.OpenTabAsync("/api/auth/signin");
        await Assertions.Expect(page.Locator(".ba-card > p.ba-muted")).ToHaveTextAsync("BlazorAuth Notes keeps your notes only while their page is open.");
        Assert.Empty(person.Complaints);
    }
}
