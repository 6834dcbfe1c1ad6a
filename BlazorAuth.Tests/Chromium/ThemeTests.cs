using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>Light, dark, forced colours and motion.</summary>
[Needs(Needs.Browser)]
public sealed class ThemeTests(RealBrowser browser)
{
    [Fact]
    public async Task ADarkDeviceSeesADarkPageFromTheFirstPaint()
    {
        await using var person = await browser.OpenAsync(new() { ColorScheme = ColorScheme.Dark });
        // No script of ours has a part in it.
        await person.Browser.RouteAsync("**/blazorauth.js*", route => route.AbortAsync());
        await person.Browser.AddInitScriptAsync("""
            window.firstPaint = new Promise(told => new PerformanceObserver(() => told(getComputedStyle(document.querySelector(".ba-card")).backgroundColor))
              .observe({ type: "paint", buffered: true }));
            """);
        var page = await person.OpenTabAsync("/api/auth/signin");
        Assert.Equal("rgb(22, 25, 31)", await page.EvaluateAsync<string>("() => firstPaint"));
        Assert.Equal("dark", await page.EvaluateAsync<string>("() => matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'"));
        Assert.Equal("light dark", await page.Locator("meta[name=color-scheme]").GetAttributeAsync("content"));
    }

    [Theory]
    [InlineData("dark", ColorScheme.Light, "rgb(22, 25, 31)")]
    [InlineData("light", ColorScheme.Dark, "rgb(255, 255, 255)")]
    public async Task WhatThePersonChoseInTheAppWinsInTheFirstBytes(string chosen, ColorScheme device, string surface)
    {
        await using var person = await browser.OpenAsync(new() { ColorScheme = device, JavaScriptEnabled = false });
        await person.Browser.AddCookiesAsync([new() { Name = "blazorauth.color-scheme", Value = chosen, Url = person.Address.AbsoluteUri }]);
        var page = await person.Browser.NewPageAsync();
        var html = await (await page.GotoAsync("/api/auth/signin"))!.TextAsync();
        Assert.Contains($"data-ba-scheme=\"{chosen}\"", html, StringComparison.Ordinal);
        Assert.Contains($"name=\"color-scheme\" content=\"{chosen}\"", html, StringComparison.Ordinal);
        Assert.Equal(surface, await Look.StyleAsync(page.Locator(".ba-card"), "backgroundColor"));
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task BordersRingsAndChosenThingsStandOutThreeToOne(ColorScheme scheme)
    {
        await using var person = await browser.OpenAsync(new() { ColorScheme = scheme });
        var page = await person.OpenTabAsync("/api/auth/preview/signin-credentials");
        await page.Keyboard.PressAsync("Tab");
        await AssertContrastAsync(page, "getComputedStyle(document.querySelector(':focus-visible')).outlineColor");
        await AssertContrastAsync(page, "getComputedStyle(document.querySelector('.ba-provider')).borderTopColor");
        await AssertContrastAsync(page, "getComputedStyle(document.querySelector('.ba-field input')).borderTopColor");
        await AssertContrastAsync(page, "getComputedStyle(document.querySelector('.ba-primary')).backgroundColor");

        await page.GotoAsync("/api/auth/preview/signout");
        await AssertContrastAsync(page, "getComputedStyle(document.querySelector('.ba-choice:has(:checked) input')).accentColor");
        await AssertContrastAsync(page, "getComputedStyle(document.querySelector('.ba-choice:has(:checked)')).borderTopColor");
        await AssertContrastAsync(page, "getComputedStyle(document.querySelector('.ba-choice:not(:has(:checked))')).borderTopColor");

        await page.GotoAsync("/api/auth/preview/signin-refused");
        await AssertContrastAsync(page, "getComputedStyle(document.querySelector('.ba-error .ba-symbol')).color");
    }

    [Theory]
    [InlineData(ReducedMotion.Reduce, "none")]
    [InlineData(ReducedMotion.NoPreference, "ba-turn")]
    public async Task ABusyButtonTurnsOnlyForThoseWhoLikeMotion(ReducedMotion motion, string animation)
    {
        await using var person = await browser.OpenAsync(new() { ReducedMotion = motion });
        var page = await person.OpenTabAsync("/api/auth/preview/signin");
        var seen = await page.EvaluateAsync<string[]>("""
            () => {
              const button = document.querySelector(".ba-provider");
              document.addEventListener("submit", event => event.preventDefault());
              button.click();
              const spinner = getComputedStyle(button, "::before");
              return [button.getAttribute("aria-busy"), spinner.animationName, spinner.content];
            }
            """);
        Assert.Equal(["true", animation, "\"\""], seen);
    }

    [Fact]
    public async Task ForcedColoursKeepEdgesRingsAndTheChosenThing()
    {
        await using var person = await browser.OpenAsync(new() { ForcedColors = ForcedColors.Active });
        var page = await person.OpenTabAsync("/api/auth/preview/signin-refused");
        foreach (var element in (string[])[".ba-card", ".ba-message", ".ba-provider", ".ba-letter"])
        {
            Assert.NotEqual("0px", await Look.StyleAsync(page.Locator(element).First, "borderTopWidth"));
        }

        await page.Keyboard.PressAsync("Tab");
        Assert.Equal("3px", await Look.StyleAsync(page.Locator(":focus-visible"), "outlineWidth"));
        await page.GotoAsync("/api/auth/preview/signout");
        Assert.Equal("2px", await Look.StyleAsync(page.Locator(".ba-choice").First, "outlineWidth"));
        Assert.Equal("0px", await page.Locator(".ba-choice").Nth(1).EvaluateAsync<string>("choice => getComputedStyle(choice).outlineStyle === 'none' ? '0px' : getComputedStyle(choice).outlineWidth"));
    }

    private static async Task AssertContrastAsync(IPage page, string colour)
    {
        var contrast = await page.EvaluateAsync<float>($"() => {{ {ContrastScript.Functions} const surface = getComputedStyle(document.querySelector(\".ba-card\")).backgroundColor; return contrast({colour}, [surface]); }}");
        Assert.True(contrast >= 3, $"{colour} has a contrast of {contrast}.");
    }
}
