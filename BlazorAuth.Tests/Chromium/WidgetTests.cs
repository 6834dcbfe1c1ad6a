using BlazorAuth.Tests.Chromium.Anywhere;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>What an app shows in its own pages, in a page that knows nothing of it.</summary>
[Needs(Needs.Browser)]
public sealed class WidgetTests(RealBrowser browser)
{
    // A host that is accessible itself, so that all that is found is ours.
    private const string Decent = """
        body { background: light-dark(#fff, #111); color: light-dark(#111, #eee); }
        #host a { color: light-dark(#00e, #9cf); }
        #host button, #host input { min-height: 2rem; }
        """;

    // What many a host says about elements, loudly.
    private const string Loud = """
        * { letter-spacing: 3px; text-transform: uppercase; margin: 7px; box-sizing: content-box; line-height: 3; }
        button, a { background: red; color: yellow; border-radius: 40px; padding: 30px; }
        h1, h2, p, strong { color: red; font: italic 40px serif; text-align: right; }
        form, details, summary, div, span { border: 5px solid green; }
        svg { transform: rotate(45deg); }
        """;

    // Drawings are left alone by rule: they inherit what text takes, and show none.
    private const string Look = """
        (root, room) => [root, ...root.querySelectorAll("*")].filter(element => !element.hidden && !element.closest("svg")).flatMap(element => {
          const style = getComputedStyle(element);
          return [...style].filter(name => !name.startsWith("--") && !room.includes(name)).map(name => `${element.tagName}.${element.className} ${name}: ${style[name]}`);
        }).join("\n")
        """;

    // They say how much room the host leaves, not how the thing looks.
    private static readonly string[] Room =
    [
        "width", "height", "inline-size", "block-size", "perspective-origin", "transform-origin", "inset-block-end", "inset-block-start", "inset-inline-end",
        "inset-inline-start", "top", "right", "bottom", "left",
    ];

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task EveryWidgetIsAccessibleInLightAndDark(ColorScheme scheme)
    {
        await using var app = await AnywhereHost.StartAsync(AnywhereMode.Of("static") with { HostStyle = Decent });
        await using var person = await browser.OpenAsync(new() { ColorScheme = scheme }, app.Address);
        var page = await person.OpenTabAsync("/anywhere/widgets");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Continue with Google" })).ToBeVisibleAsync();
        await AssertAccessibleAsync(page);

        await page.GetByRole(AriaRole.Button, new() { Name = "Continue with GitHub" }).ClickAsync();
        await Person.ChooseAsync(page);
        await Assertions.Expect(page.Locator(".ba-menu")).ToBeVisibleAsync();
        await AssertAccessibleAsync(page);

        await page.EvaluateAsync("""
            () => {
              document.querySelector("[data-session-expiring]").hidden = false;
              document.querySelector("[data-session-left]").textContent = "2 minutes";
            }
            """);
        await Assertions.Expect(page.Locator("[data-session-expiring]")).ToContainTextAsync("2 minutes");
        await AssertAccessibleAsync(page);

        // Behind the cover nothing private is left; axe would take what is there for a part of the text's background.
        await page.EvaluateAsync("""
            () => {
              document.querySelectorAll("#host, #ours > :not(.ba-cover)").forEach(element => element.remove());
              document.querySelector("[data-session-ended]").hidden = false;
            }
            """);
        await Assertions.Expect(page.GetByRole(AriaRole.Alertdialog)).ToContainTextAsync("You’re signed out");
        await AssertAccessibleAsync(page);
    }

    [Fact]
    public async Task WhatTheHostSaysAboutElementsStaysOutOfTheWidgets()
    {
        var quiet = await LookAsync(AnywhereMode.Of("static"), "#ours .ba-widget");
        var loud = await LookAsync(AnywhereMode.Of("static") with { HostStyle = Loud }, "#ours .ba-widget");
        Assert.NotEmpty(quiet);
        Assert.Equal(quiet, loud);
    }

    [Fact]
    public async Task OurStyleSheetLeavesTheHostsElementsAsTheyAre()
    {
        var without = await LookAsync(AnywhereMode.Of("static") with { HasWidgets = false }, "#host", "h1");
        var with = await LookAsync(AnywhereMode.Of("static"), "#host", "h1");
        Assert.NotEmpty(without);
        Assert.Equal(without, with);
    }

    private static async Task AssertAccessibleAsync(IPage page)
    {
        var problems = await Axe.CheckAsync(page);
        Assert.True(problems.Length == 0, string.Join('\n', problems));
    }

    private async Task<List<string>> LookAsync(AnywhereMode mode, params string[] places)
    {
        await using var app = await AnywhereHost.StartAsync(mode);
        await using var person = await browser.OpenAsync(address: app.Address);
        var page = await person.OpenTabAsync("/anywhere/widgets");
        var looks = new List<string>();
        foreach (var place in places)
        {
            foreach (var root in await page.Locator(place).AllAsync())
            {
                looks.Add(await root.EvaluateAsync<string>(Look, Room));
            }
        }

        return looks;
    }
}
