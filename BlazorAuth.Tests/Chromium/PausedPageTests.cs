using BlazorAuth.Tests.Chromium.Anywhere;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>A page whose circuit was paused, or dropped because nobody was there, goes on for the same person and for nobody else.</summary>
[Needs(Needs.Browser)]
public sealed class PausedPageTests(RealBrowser browser)
{
    [Theory]
    [InlineData("island", "Ada Lovelace")]
    [InlineData("island", "Grace Hopper")]
    [InlineData("island", null)]
    [InlineData("global", "Ada Lovelace")]
    [InlineData("global", "Grace Hopper")]
    public async Task WhatAPageKeptIsShownToTheSamePersonOnly(string mode, string? who)
    {
        await using var app = await AnywhereHost.StartAsync(AnywhereMode.Of(mode));
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await person.SignInAsync("/anywhere/kept");
        await person.PressAsync(page, "Keep");
        await Assertions.Expect(page.Locator("#kept")).ToHaveTextAsync("for Ada Lovelace");
        await page.EvaluateAsync("window.sameDocument = true");
        Assert.True(await page.EvaluateAsync<bool>("Blazor.pauseCircuit()"));

        await person.Browser.ClearCookiesAsync();
        if (who is not null)
        {
            var other = await person.OpenTabAsync("/api/auth/signin/google?callbackUrl=/anywhere");
            await person.PressAsync(other, "Continue with Google");
            await Person.ChooseAsync(other, who);
        }

        // Whether the page comes back or is loaded again.
        await page.EvaluateAsync("Blazor.resumeCircuit().catch(() => { })");
        await Assertions.Expect(page.Locator("#who")).ToHaveTextAsync(who ?? "nobody");
        await Assertions.Expect(page.Locator("#kept")).ToHaveTextAsync(who == "Ada Lovelace" ? "for Ada Lovelace" : "");
        Assert.Equal(who == "Ada Lovelace", await page.EvaluateAsync<bool>("window.sameDocument === true"));
    }
}
