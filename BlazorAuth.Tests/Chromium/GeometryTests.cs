using BlazorAuth.Pages;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>Where things are on the pages and how big they are, as Chromium lays them out.</summary>
[Collection(BrowserTests.Name)]
public sealed class GeometryTests(BrowserFixture browser)
{
    private const string CollectShifts = """
        window.shifts = [];
        const say = ({ node, previousRect, currentRect }) => `${node?.outerHTML?.slice(0, 80)} from ${JSON.stringify(previousRect)} to ${JSON.stringify(currentRect)}`;
        new PerformanceObserver(list => shifts.push(...list.getEntries().map(entry => `${entry.value}: ${entry.sources.map(say)}`)))
          .observe({ type: "layout-shift", buffered: true });
        """;

    // Two frames later everything is drawn and reported.
    private const string ReadShifts = "() => new Promise(told => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => told(shifts)))))";

    [Fact]
    public async Task TheCardIsNarrowAndInTheMiddleAndNothingMovesWhileItLoads()
    {
        await using var person = await browser.OpenAsync(new() { ViewportSize = new() { Width = 1280, Height = 900 } });
        await person.Browser.AddInitScriptAsync(CollectShifts);
        var page = await person.OpenTabAsync("/api/auth/preview/signin");
        foreach (var state in PreviewStates.States)
        {
            await page.GotoAsync("/api/auth/preview/" + state);
            var card = (await page.Locator(".ba-card").BoundingBoxAsync())!;
            var isWide = state.StartsWith("account", StringComparison.Ordinal) || state.StartsWith("sessions", StringComparison.Ordinal);
            Assert.True(card.Width <= (isWide ? 576 : 400), $"The card of {state} is {card.Width} pixels wide.");
            Assert.Equal(1280 - (card.X + card.Width), card.X, 1.0);
            var shifts = await page.EvaluateAsync<string[]>(ReadShifts);
            Assert.True(shifts.Length == 0, $"{state} moved by {string.Join(", ", shifts)}.");
        }

        // What is measured would be noticed.
        await page.EvaluateAsync("() => { const push = document.createElement('div'); push.style.height = '200px'; document.body.prepend(push); }");
        Assert.NotEmpty(await page.EvaluateAsync<string[]>(ReadShifts));
    }

    [Theory]
    [InlineData("signin", 3, 1)]
    [InlineData("signin-last-used", 3, 1)]
    [InlineData("signin-many", 7, 2)]
    public async Task ButtonsOfProvidersAreBigEnoughAndAlike(string state, int count, int columns)
    {
        await using var person = await browser.OpenAsync();
        var page = await person.OpenTabAsync("/api/auth/preview/" + state);
        var boxes = new List<LocatorBoundingBoxResult>();
        foreach (var button in await page.Locator(".ba-providers > :not(.ba-row) button, .ba-providers:not(.ba-grid) button").AllAsync())
        {
            boxes.Add((await button.BoundingBoxAsync())!);
        }

        var wide = columns == 2 ? (await page.Locator(".ba-row button").BoundingBoxAsync())! : boxes[0];
        Assert.Equal(count, boxes.Count + (columns == 2 ? 1 : 0));
        Assert.All(boxes.Append(wide), box => Assert.True(box.Height >= 44, $"A button is {box.Height} pixels high."));
        Assert.Single(boxes.Select(box => Math.Round(box.Width)).Distinct());
        Assert.Equal(columns, boxes.Select(box => Math.Round(box.X)).Distinct().Count());
        Assert.Equal((await page.Locator(".ba-providers").BoundingBoxAsync())!.Width, wide.Width, 1.0);
        var icons = new List<double>();
        foreach (var icon in await page.Locator(".ba-providers .ba-icon").AllAsync())
        {
            icons.Add(Math.Round((await icon.BoundingBoxAsync())!.X));
        }

        Assert.Equal(count, icons.Count);
        Assert.True(columns == 2 || icons.Distinct().Count() == 1, "The marks are not in one column.");
    }

    [Fact]
    public async Task ManyProvidersKeepTheirWholeNamesForAScreenReader()
    {
        await using var person = await browser.OpenAsync();
        var page = await person.OpenTabAsync("/api/auth/preview/signin-many");
        Assert.Equal(7, await page.GetByRole(AriaRole.Button).CountAsync());
        Assert.Equal(1, await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Continue with GitHub( Last used)?$") }).CountAsync());
        foreach (var name in (string[])["Google", "Microsoft", "GitLab", "LinkedIn", "Slack", "Discord"])
        {
            await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Continue with " + name, Exact = true })).ToContainTextAsync(name);
        }
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task MarksAreDrawnHereInTheColoursOfTheirOwners(ColorScheme scheme)
    {
        await using var person = await browser.OpenAsync(new() { ColorScheme = scheme });
        var page = await person.OpenTabAsync("/api/auth/preview/signin");
        var google = page.GetByRole(AriaRole.Button, new() { Name = "Continue with Google" });
        Assert.Equal(
            ["rgb(66, 133, 244)", "rgb(52, 168, 83)", "rgb(251, 188, 5)", "rgb(234, 67, 53)"],
            await google.EvaluateAsync<string[]>("button => [...button.querySelectorAll('svg path')].map(path => getComputedStyle(path).fill)"));

        // GitHub's mark is one colour: the text's, nearly black in light and nearly white in dark.
        var github = page.GetByRole(AriaRole.Button, new() { Name = "Continue with GitHub" });
        Assert.Equal(
            [scheme == ColorScheme.Light ? "rgb(31, 31, 31)" : "rgb(227, 227, 227)"],
            await github.EvaluateAsync<string[]>("button => [...button.querySelectorAll('svg path')].map(path => getComputedStyle(path).fill)"));
        Assert.Equal(0, await page.Locator("img").CountAsync());
    }

    [Theory]
    [InlineData(320, 256, 4)]
    [InlineData(320, 800, 1)]
    public async Task AtFourHundredPercentNothingIsScrolledSidewaysOrCutOff(int width, int height, int scale)
    {
        await using var person = await browser.OpenAsync(new() { ViewportSize = new() { Width = width, Height = height }, DeviceScaleFactor = scale });
        var page = await person.OpenTabAsync("/api/auth/preview/signin");
        foreach (var state in PreviewStates.States)
        {
            await page.GotoAsync("/api/auth/preview/" + state);
            var cut = await page.EvaluateAsync<string[]>("""
                () => [...document.querySelectorAll("body *")]
                  .filter(element => element.checkVisibility() && !element.closest(".ba-hidden, svg"))
                  .filter(element => element.getBoundingClientRect().right > innerWidth + 1 || element.getBoundingClientRect().left < -1
                    || (getComputedStyle(element).overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1))
                  .map(element => element.outerHTML.slice(0, 120))
                """);
            Assert.True(cut.Length == 0, $"{state}: {string.Join('\n', cut)}");
            Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= innerWidth"), state);
        }
    }
}
