using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>The accessibility checker axe-core, from npm.</summary>
internal static class Axe
{
    // What axe cannot decide about contrast counts as wrong. It sees no colour behind text on a gradient: it is given the one where the gradient
    // is strongest, which is nearest to the text in light and in dark. In a sheet that a script builds: a page's policy lets no other in.
    private const string Prepare = """
        () => {
          if (window.isPreparedForAxe) return;
          window.isPreparedForAxe = true;
          const strongest = new CSSStyleSheet();
          strongest.replaceSync(".ba-body { background: color-mix(in srgb, var(--ba-background), var(--ba-accent) 14%) !important }"
            + "@media (max-width: 26rem) { .ba-body { background: color-mix(in srgb, var(--ba-surface), var(--ba-accent) 6%) !important } }");
          document.adoptedStyleSheets.push(strongest);
          document.querySelectorAll("details").forEach(closed => closed.open = true);
        }
        """;

    // Without fetching style sheets again, which none of these rules looks at and a page's policy forbids.
    private const string Script = """
        async runOnly => {
          const results = await axe.run(document, { iframes: false, preload: { assets: ["media"] }, resultTypes: ["violations", "incomplete"],
            runOnly });
          return [...results.violations, ...results.incomplete.filter(rule => rule.id === "color-contrast")]
            .flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target} ${node.failureSummary ?? ""} ${JSON.stringify(node.any.map(check => check.message))}`));
        }
        """;

    private static readonly string[] All = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

    // The rules that look at colours.
    private static readonly string[] OfColors = ["color-contrast", "link-in-text-block"];

    /// <summary>What is wrong with a page, everything on it unfolded.</summary>
    public static Task<string[]> CheckAsync(IPage page) => CheckAsync(page, All);

    /// <summary>What is wrong with the colours of a page that has been checked in others.</summary>
    public static Task<string[]> CheckColorsAsync(IPage page) => CheckAsync(page, OfColors);

    private static async Task<string[]> CheckAsync(IPage page, string[] runOnly)
    {
        if (!await page.EvaluateAsync<bool>("() => Boolean(window.axe)"))
        {
            // The page's next documents have it from the beginning: it is half a megabyte.
            var axe = await Npm.ReadAsync("axe-core", "axe.min.js");
            await page.AddInitScriptAsync(axe);
            await page.EvaluateAsync(axe);
        }

        await page.EvaluateAsync(Prepare);

        return await page.EvaluateAsync<string[]>(Script, runOnly);
    }
}
