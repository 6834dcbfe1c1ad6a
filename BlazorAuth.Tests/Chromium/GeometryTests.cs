using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>Where things are on the pages and how big they are, as Chromium lays them out.</summary>
[Needs(Needs.Browser)]
public sealed class GeometryTests(RealBrowser browser)
{
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
        Assert.Equal(7, await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Button).CountAsync());
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
}
