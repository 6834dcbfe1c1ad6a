using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>What an open page says before its session ends and when it has: nothing in its way, and heard.</summary>
[Needs(Needs.Browser)]
public sealed class NoticeTests(RealBrowser browser)
{
    [Fact]
    public async Task AtFourHundredPercentTheNoticeLeavesTheFocusedFieldInSightAndIsAnnouncedOnce()
    {
        await using var app = RealApp.Start(
            new() { ["AUTH_SESSION_IDLE_LIFETIME"] = "00:00:38", ["AUTH_SESSION_UPDATE_AGE"] = "00:00:19" }, clock: RealApp.ClockAhead());
        await using var person = await browser.OpenInStepAsync(app);
        var page = await person.SignInAsync("/notes");
        await person.LiveAsync(page);
        await page.SetViewportSizeAsync(320, 256);
        var field = page.GetByLabel("New note");
        await field.FocusAsync();
        await field.EvaluateAsync("field => field.scrollIntoView({ block: 'end' })");
        Assert.InRange((await field.BoundingBoxAsync())! is { } below ? below.Y + below.Height : 0, 200, 256);

        await app.AdvanceAsync(person, TimeSpan.FromSeconds(29));

        var notice = page.GetByRole(AriaRole.Region, new() { Name = "You’ll be signed out soon. Stay signed in to keep working." });
        await Assertions.Expect(notice).ToBeVisibleAsync();

        // The notice comes in, and the page is scrolled a moment later. Its own clock goes on.
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var (bar, box) = await LookAsync();
        for (var look = 0; look < 100 && (bar.Y + bar.Height is < 250 or > 257 || box.Y > bar.Y - box.Height); look++)
        {
            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
            (bar, box) = await LookAsync();
        }

        Assert.InRange(bar.Y + bar.Height, 250, 257);
        Assert.InRange(box.Y, 0, bar.Y - box.Height);
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"));

        var said = page.GetByRole(AriaRole.Alert);
        await Assertions.Expect(said).ToContainTextAsync("You’ll be signed out soon.");
        var first = await said.TextContentAsync();
        await app.AdvanceAsync(person, TimeSpan.FromSeconds(1));
        Assert.Equal(first, await said.TextContentAsync());

        // What takes the focus while it is there is scrolled clear of it.
        await page.GetByRole(AriaRole.Button, new() { Name = "Add" }).FocusAsync();
        var add = (await page.GetByRole(AriaRole.Button, new() { Name = "Add" }).BoundingBoxAsync())!;
        Assert.InRange(add.Y, 0, bar.Y - add.Height);
        Assert.Equal(0, await page.Locator("[data-session-expiring][role*=dialog], [data-session-expiring] [role*=dialog]").CountAsync());

        await person.PressAsync(page, "Stay signed in");
        await Assertions.Expect(notice).ToBeHiddenAsync();
        await Assertions.Expect(said).ToHaveTextAsync("");
        Assert.Equal("", await page.EvaluateAsync<string>("document.documentElement.style.scrollPaddingBlockEnd"));

        async Task<(LocatorBoundingBoxResult Bar, LocatorBoundingBoxResult Field)> LookAsync() =>
            ((await page.Locator(".ba-notice-bar").BoundingBoxAsync())!, (await field.BoundingBoxAsync())!);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task SigningOutOnOurPageCoversAnotherTabAtOnceWithTheAppsNameAndTheProvidersMark(bool isLive)
    {
        await using var person = await browser.OpenAsync();
        var page = await person.SignInAsync("/notes");
        if (!isLive)
        {
            await person.Browser.RouteAsync("**/_framework/blazor.web.js", route => route.FulfillAsync(new() { ContentType = "text/javascript", Body = "" }));
            await page.ReloadAsync();
        }

        await Assertions.Expect(page.Locator("[data-session-circuit]")).ToHaveCountAsync(isLive ? 1 : 0);
        var other = await person.OpenTabAsync("/api/auth/signout");
        await other.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await Person.SeesAsync(other, "You’re signed out");

        // Nobody has come back to the page, or looked at it.
        var cover = page.GetByRole(AriaRole.Alertdialog, new() { Name = "You’re signed out" });
        await Assertions.Expect(cover).ToBeVisibleAsync();
        await Assertions.Expect(cover.Locator(".ba-brand")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("BlazorAuth Notes"));
        await Assertions.Expect(cover.GetByRole(AriaRole.Link, new() { Name = "Sign in again" })).ToBeFocusedAsync();
        await Assertions.Expect(cover.Locator("[data-session-sign-in] svg")).ToHaveCountAsync(isLive ? 1 : 0);
        Assert.Empty(person.Complaints);
    }

    [Fact]
    public async Task WhatASignOutDidIsReadFromTheFocus()
    {
        await using var person = await browser.OpenAsync();
        var page = await person.SignInAsync("/");
        await page.GotoAsync("/api/auth/signout");
        await person.PressAsync(page, "Sign out");
        var outcome = page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Status);
        await Assertions.Expect(outcome).ToBeFocusedAsync();
        await Assertions.Expect(outcome).ToContainTextAsync("You’ve signed out on this device. Your other devices stay signed in.");
    }
}
