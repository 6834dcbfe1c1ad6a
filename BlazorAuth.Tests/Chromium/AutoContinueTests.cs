using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

[Needs(Needs.Browser)]
public sealed class AutoContinueTests(RealBrowser browser)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task TheProviderPageGoesOnByItselfOnlyWhereTheAppSaysSo(bool isOn)
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Kestrel = true;
            setup.Options = auth => auth.Pages.AutoContinue = isOn;
        });
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await person.OpenTabAsync("/api/auth/signin/github?callbackUrl=/api/auth/account");
        if (!isOn)
        {
            // The script has run: it is deferred, and so before the page is loaded.
            await Person.SeesAsync(page, "Sign in with GitHub");
            await person.PressAsync(page, "Continue with GitHub");
        }

        await Person.ChooseAsync(page);
        await Person.SeesAsync(page, "Your account");
        Assert.Empty(person.Complaints);
    }
}
