using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>Single pages, as Chromium draws them and a person uses them.</summary>
[Needs(Needs.Browser)]
public sealed class PageTests(RealBrowser browser)
{
    [Theory]
    [InlineData(ForcedColors.Active, ReducedMotion.Null)]
    [InlineData(ForcedColors.None, ReducedMotion.Reduce)]
    public async Task ForcedColorsAndReducedMotionAreHonoured(ForcedColors colors, ReducedMotion motion)
    {
        await using var person = await browser.OpenAsync(new() { ForcedColors = colors, ReducedMotion = motion });
        var page = await person.OpenTabAsync("/api/auth/preview/signin-last-used");
        var button = page.Locator(".ba-provider").First;
        if (colors == ForcedColors.Active)
        {
            Assert.NotEqual("0px", await Look.StyleAsync(button, "borderTopWidth"));
            Assert.NotEqual("0px", await Look.StyleAsync(page.Locator(".ba-card"), "borderTopWidth"));
        }
        else
        {
            Assert.Equal("none", await Look.StyleAsync(button, "animationName"));
            Assert.Equal("0s", await Look.StyleAsync(button, "transitionDuration"));
        }

        await Pictures.TakeAsync(page, $"signin-{colors}-{motion}");
    }

    [Fact]
    public async Task APersonSignsInWithTheKeyboardAlone()
    {
        await using var person = await browser.OpenAsync();
        var page = await person.OpenTabAsync("/notes?tag=shopping#last");
        await Assertions.Expect(page.GetByText("to continue to Notes")).ToBeVisibleAsync();
        var focused = page.Locator("*:focus");
        for (var presses = 0; presses < 10 && !(await focused.CountAsync() == 1 && (await focused.InnerTextAsync()).Contains("GitHub", StringComparison.Ordinal)); presses++)
        {
            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Equal("3px", await Look.StyleAsync(focused, "outlineWidth"));
        await page.Keyboard.PressAsync("Enter");
        var grace = page.GetByRole(AriaRole.Button, new() { Name = "Grace Hopper" });
        await grace.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Person.SeesAsync(page, "Your notes");
        Assert.EndsWith("/notes?tag=shopping#last", page.Url, StringComparison.Ordinal);
        Assert.Empty(person.Complaints);
    }

    [Fact]
    public async Task ThePressedButtonSaysWhatHappensAndTheOthersWait()
    {
        await using var person = await browser.OpenAsync();
        var page = await person.OpenTabAsync("/api/auth/signin");
        var started = 0;
        var first = new TaskCompletionSource();
        await page.RouteAsync("**/api/auth/signin/*", route =>
        {
            started++;
            first.TrySetResult();
            return Task.CompletedTask;
        });

        // All of it in the page and in one go: while an answer is awaited, which does not come here, Playwright waits with it.
        var seen = await page.EvaluateAsync<string[]>("""
            () => {
              const button = name => [...document.querySelectorAll("button")].find(one => one.textContent.includes(name));
              const [github, google] = [button("GitHub"), button("Google")];
              const status = document.querySelector("[data-ba-status]");
              const busy = () => [...document.querySelectorAll("button[aria-busy=true]")].map(one => one.textContent.trim()).join("|");
              github.click();
              const pressed = busy();
              const said = status?.closest("button") || document.querySelector("button [role=status]") ? "in a button" : status?.textContent;
              const other = google.getAttribute("aria-disabled");
              google.click();
              github.click();
              const again = busy();
              dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true }));
              return [pressed, other, again, String(document.querySelectorAll("[aria-busy], [aria-disabled]").length), github.textContent.trim(), said, status?.textContent];
            }
            """);
        await first.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);

        Assert.Equal(["Opening GitHub…", "true", "Opening GitHub…", "0", "Continue with GitHub", "Opening GitHub…", ""], seen);
        Assert.Equal(1, started);
    }

    [Theory]
    [InlineData(1280, "en")]
    [InlineData(320, "de")]
    public async Task TheBadgeOfThisDeviceKeepsItsDistanceFromTheName(int width, string language)
    {
        await using var person = await browser.OpenAsync(new() { ViewportSize = new() { Width = width, Height = 800 } });
        var page = await person.OpenTabAsync($"/api/auth/preview/sessions?ui_locales={language}");
        var name = (await page.Locator(".ba-device-name strong").First.BoundingBoxAsync())!;
        var badge = (await page.Locator(".ba-device-name .ba-badge").BoundingBoxAsync())!;
        Assert.InRange(Math.Max(badge.X - (name.X + name.Width), badge.Y - (name.Y + name.Height)), 6, 24);
    }

    [Theory]
    [InlineData("/api/auth/error?error=AccessDenied&provider=github")]
    [InlineData("/api/auth/signin?error=OAuthCallbackError&reason=ProviderRefused&provider=github")]
    public async Task WhatWentWrongTakesTheFocusAndStandsAboveTheButtons(string address)
    {
        await using var person = await browser.OpenAsync();
        var page = await person.OpenTabAsync(address);
        var alert = page.GetByRole(AriaRole.Alert);
        await Assertions.Expect(alert).ToBeFocusedAsync();
        Assert.Equal("-1", await alert.GetAttributeAsync("tabindex"));
        var bottom = (await alert.BoundingBoxAsync())! is { } box ? box.Y + box.Height : 0;
        Assert.InRange(bottom, 1, (await page.GetByRole(AriaRole.Button).First.BoundingBoxAsync())!.Y);
        await page.Keyboard.PressAsync("Tab");
        await Assertions.Expect(page.Locator("button:focus")).ToContainTextAsync("GitHub");
    }

    [Fact]
    public async Task DevicesAreSignedOutWithoutScript()
    {
        await using var app = RealApp.Start();
        await using var here = await browser.OpenAsync(new() { JavaScriptEnabled = false }, app.Address);
        await using var there = await browser.OpenAsync(new() { JavaScriptEnabled = false }, app.Address);
        foreach (var person in new[] { here, there })
        {
            var signIn = await person.OpenTabAsync("/api/auth/signin?callbackUrl=/api/auth/sessions");
            await person.PressAsync(signIn, "Continue with OpenID Connect");
            await Person.ChooseAsync(signIn, "Alan Turing");
        }

        var page = here.Browser.Pages[0];
        await page.ReloadAsync();
        await page.Locator(".ba-device details").First.Locator("summary").ClickAsync();
        await page.Locator(".ba-device form button:visible").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Status)).ToHaveTextAsync("You’ve signed out of Chrome on Linux.");
        await there.Browser.Pages[0].ReloadAsync();
        await Assertions.Expect(there.Browser.Pages[0].GetByText("You were signed out in another window or on another device.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task WithoutScriptThereIsNoButtonToShowThePassword()
    {
        await using var person = await browser.OpenAsync(new() { JavaScriptEnabled = false });
        var page = await person.OpenTabAsync("/api/auth/preview/signin-credentials");
        await Assertions.Expect(page.GetByLabel("Password", new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[data-ba-reveal]")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task TheUserMenuShowsWhoIsSignedInAndHostStylesStayOut()
    {
        await using var person = await browser.OpenAsync(new() { BypassCSP = true });
        var page = await person.OpenTabAsync("/api/auth/signin?callbackUrl=/");
        await person.PressAsync(page, "Continue with Google");
        await Person.ChooseAsync(page);
        await Person.SeesAsync(page, "Hello, Ada Lovelace");
        await person.OpenMenuAsync(page);
        await Assertions.Expect(page.Locator(".ba-menu .ba-who")).ToContainTextAsync("ada@example.com");
        Assert.Equal("0px", await Look.StyleAsync(page.Locator(".ba-menu > button"), "borderTopWidth"));
        // Text on the demo's gradient: axe is given the colour where it is strongest.
        await page.AddStyleTagAsync(new() { Content = "body { background: color-mix(in srgb, var(--page), var(--accent) 12%) !important }" });
        Assert.Empty(await Axe.CheckAsync(page));
        await Pictures.TakeAsync(page, "user-menu");
    }
}
