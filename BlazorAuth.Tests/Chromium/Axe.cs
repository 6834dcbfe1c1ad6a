using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>The accessibility checker axe-core, from npm, once per run.</summary>
internal static class Axe
{
    private const string Package = "axe-core@4.11.0";

    // What axe cannot decide about contrast counts as wrong. It sees no colour behind text on a gradient: it is given the one where the gradient
    // is strongest, which is nearest to the text in light and in dark.
    private const string StrongestBackground =
        ".ba-body { background: color-mix(in srgb, var(--ba-background), var(--ba-accent) 14%) !important }";

    private const string Script = """
        async () => {
          document.querySelectorAll("details").forEach(closed => closed.open = true);
          const results = await axe.run(document, { iframes: false, runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] });
          return [...results.violations, ...results.incomplete.filter(rule => rule.id === "color-contrast")]
            .flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target} ${node.failureSummary ?? ""} ${JSON.stringify(node.any.map(check => check.message))}`));
        }
        """;

    /// <summary>What is wrong with a page, everything on it unfolded. Its context must bypass the page's policy, which lets no foreign script in.</summary>
    public static async Task<string[]> CheckAsync(IPage page)
    {
        await page.EvaluateAsync(await Npm.FileAsync(Package, "axe.min.js"));
        await page.AddStyleTagAsync(new() { Content = StrongestBackground });
        return await page.EvaluateAsync<string[]>(Script);
    }
}
