using System.Text.Json;
using BlazorAuth.Tests.Chromium.Hosts;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>The user menu in the headers of other people: its shape, its colours, and how it closes.</summary>
[Needs(Needs.Browser)]
public sealed class MenuTests(RealBrowser browser)
{
    private const string Closed = $$"""
        () => {
          {{ContrastScript.Functions}}
          const box = element => element.getBoundingClientRect().toJSON();
          return [...document.querySelectorAll(".ba-menu")].map(menu => {
            const button = menu.querySelector("button");
            const face = menu.querySelector(".ba-face");
            const style = getComputedStyle(face);
            const bar = behind(menu.parentElement);
            const about = [...document.querySelectorAll(".about")].map(box).find(other => Math.abs(other.top + other.height / 2 - box(button).top - box(button).height / 2) < 16);
            return {
              gap: Math.max(about.left - box(face).right, box(face).left - about.right),
              size: Math.min(box(button).width, box(button).height),
              ring: Math.max(contrast(style.borderTopColor, bar), contrast(style.outlineColor, bar)),
              text: contrast(style.color, [style.backgroundColor]),
            };
          });
        }
        """;

    private const string Open = $$"""
        () => {
          {{ContrastScript.Functions}}
          const menu = document.querySelector(".ba-menu");
          const panel = menu.querySelector("[popover]");
          const [at, from] = [panel.getBoundingClientRect(), menu.querySelector("button").getBoundingClientRect()];
          const surface = [getComputedStyle(panel).backgroundColor];
          const items = [...panel.querySelectorAll(".ba-item")];
          const words = item => { const range = document.createRange(); range.selectNodeContents(item); return [...range.getClientRects()].at(-1).left; };
          const hit = document.elementFromPoint(at.left + at.width / 2, at.top + at.height / 2);
          return {
            inside: at.left >= 0 && at.right <= innerWidth && at.bottom <= innerHeight && at.top >= from.bottom,
            onTop: panel.contains(hit),
            aligned: Math.min(Math.abs(at.right - from.right), Math.abs(at.left - from.left)),
            lefts: [...new Set(items.map(item => Math.round(item.getBoundingClientRect().left)))],
            words: [...new Set(items.map(item => Math.round(words(item))))],
            heights: Math.min(...items.map(item => item.getBoundingClientRect().height)),
            lines: [...new Set(items.map(item => getComputedStyle(item).textDecorationLine))],
            texts: Math.min(...[...items, ...panel.querySelectorAll(".ba-who strong, .ba-who > bdi")].map(item => contrast(getComputedStyle(item).color, surface))),
            hairline: getComputedStyle(panel.querySelector("form")).borderTopWidth,
            icons: items.filter(item => item.querySelector("svg")).length,
          };
        }
        """;

    private const string Cover = $$"""
        () => {
          {{ContrastScript.Functions}}
          const cover = document.querySelector(".ba-cover");
          cover.hidden = false;
          return [...cover.querySelectorAll(".ba-quiet, p, h2, .ba-press")]
            .map(text => contrast(getComputedStyle(text).color, [...behind(cover), ...[...cover.querySelectorAll(".ba-panel")].map(panel => getComputedStyle(panel).backgroundColor),
              text.matches(".ba-press") ? getComputedStyle(text).backgroundColor : "transparent"]));
        }
        """;

    [Theory]
    [Needs(Needs.Build)]
    [InlineData(HostKind.Template, false, 1000)]
    [InlineData(HostKind.Template, false, 360)]
    [InlineData(HostKind.Bootstrap, true, 1000)]
    [InlineData(HostKind.MudBlazor, false, 360)]
    [InlineData(HostKind.MudBlazor, true, 1000)]
    [InlineData(HostKind.FluentUi, false, 1000)]
    [InlineData(HostKind.FluentUi, true, 1000)]
    public async Task InAnyHeaderItKeepsItsShapeStandsOutAndCloses(HostKind kind, bool isDark, int width)
    {
        await using var app = await HostServer.StartAsync(kind, isDark);
        await using var person = await browser.OpenAsync(
            new() { ColorScheme = isDark ? ColorScheme.Dark : ColorScheme.Light, ViewportSize = new() { Width = width, Height = 700 } }, app.Address);
        var page = await person.OpenTabAsync("/api/auth/signin?callbackUrl=/host");
        await person.PressAsync(page, "Continue with GitHub");
        await Person.ChooseAsync(page);
        await person.LiveAsync(page);
        if (kind == HostKind.FluentUi)
        {
            await page.WaitForFunctionAsync("getComputedStyle(document.documentElement).getPropertyValue('--accent-fill-rest')");
        }

        foreach (var menu in (await page.EvaluateAsync<JsonElement>(Closed)).EnumerateArray())
        {
            Assert.InRange(menu.GetProperty("gap").GetDouble(), 8, 1000);
            Assert.InRange(menu.GetProperty("size").GetDouble(), 44, 48);
            Assert.InRange(menu.GetProperty("ring").GetDouble(), 3, 21);
            Assert.InRange(menu.GetProperty("text").GetDouble(), 4.5, 21);
        }

        var button = page.Locator(".ba-menu > button").First;
        var panel = page.Locator(".ba-menu > [popover]").First;
        await button.ClickAsync();
        await Assertions.Expect(panel).ToBeVisibleAsync();
        await Pictures.TakeAsync(page, $"menu-{kind}-{(isDark ? "dark" : "light")}-{width}");
        var open = await page.EvaluateAsync<JsonElement>(Open);
        Assert.True(open.GetProperty("inside").GetBoolean() && open.GetProperty("onTop").GetBoolean(), open.ToString());
        Assert.InRange(open.GetProperty("aligned").GetDouble(), 0, 1);
        Assert.Single(open.GetProperty("lefts").EnumerateArray());
        Assert.Single(open.GetProperty("words").EnumerateArray());
        Assert.InRange(open.GetProperty("heights").GetDouble(), 44, 60);
        Assert.Equal("none", Assert.Single(open.GetProperty("lines").EnumerateArray()).GetString());
        Assert.InRange(open.GetProperty("texts").GetDouble(), 4.5, 21);
        Assert.Equal(("1px", 3), (open.GetProperty("hairline").GetString(), open.GetProperty("icons").GetInt32()));

        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(panel).ToBeHiddenAsync();
        await Assertions.Expect(button).ToBeFocusedAsync();
        await button.ClickAsync();
        await page.Mouse.ClickAsync(5, 650);
        await Assertions.Expect(panel).ToBeHiddenAsync();
        await button.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Settings" }).First.ClickAsync();
        await page.WaitForURLAsync("**/host/settings");
        await Assertions.Expect(page.Locator(".ba-menu > [popover]").First).ToBeHiddenAsync();
        Assert.All(await page.EvaluateAsync<double[]>(Cover), contrast => Assert.InRange(contrast, 4.5, 21));
        Assert.Empty(person.Complaints);
    }

    [Fact]
    public async Task ItIsOpenedReadAndClosedWithTheKeyboardAlone()
    {
        await using var person = await browser.OpenAsync();
        var page = await person.SignInAsync("/notes");
        await person.LiveAsync(page);
        await Assertions.Expect(page.Locator(".ba-menu[data-ba-live]")).ToBeVisibleAsync();
        var button = page.GetByRole(AriaRole.Button, new() { Name = "Account menu, Ada Lovelace" });
        await button.FocusAsync();
        Assert.Contains("button \"Account menu, Ada Lovelace\"", await page.Locator("header").AriaSnapshotAsync(), StringComparison.Ordinal);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator(".ba-menu > [popover]")).ToBeVisibleAsync();
        foreach (var name in (string[])["Your account", "Your devices", "Sign out"])
        {
            await page.Keyboard.PressAsync("Tab");
            await Assertions.Expect(page.Locator(":focus")).ToHaveTextAsync(name);
            Assert.Equal("3px", await page.Locator(":focus").EvaluateAsync<string>("item => getComputedStyle(item).outlineWidth"));
        }

        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(button).ToBeFocusedAsync();
        await Assertions.Expect(page.Locator(".ba-menu > [popover]")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task ItNeedsNoScript()
    {
        await using var person = await browser.OpenAsync(new() { JavaScriptEnabled = false });
        var page = await person.SignInAsync("/");
        await page.Locator(".ba-menu > button").ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Link, new() { Name = "Your devices" }).First).ToBeVisibleAsync();
        await page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(page.Locator(".ba-menu > [popover]")).ToBeHiddenAsync();
    }
}
