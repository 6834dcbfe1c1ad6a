using System.Diagnostics;
using Microsoft.Playwright;

namespace BlazorAuth.Tests.Chromium;

/// <summary>The accessibility checker axe-core, from npm, once per run.</summary>
internal static class Axe
{
    private const string Version = "4.11.0";

    private static readonly Lazy<Task<string>> Source = new(InstallAsync);

    private static readonly string Script = """
        async () => (await axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }))
          .violations.flatMap(violation => violation.nodes.map(node => `${violation.id}: ${node.target} ${node.failureSummary}`))
        """;

    /// <summary>What is wrong with a page. Its context must bypass the page's policy, which lets no foreign script in.</summary>
    public static async Task<string[]> CheckAsync(IPage page)
    {
        await page.EvaluateAsync(await Source.Value);
        return await page.EvaluateAsync<string[]>(Script);
    }

    private static async Task<string> InstallAsync()
    {
        var folder = Directory.CreateTempSubdirectory("blazorauth-axe-");
        try
        {
            using var npm = Process.Start(new ProcessStartInfo(Needs.Tool("npm"))
            {
                ArgumentList = { "install", "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact", "axe-core@" + Version },
                WorkingDirectory = folder.FullName,
            })!;
            await npm.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, npm.ExitCode);
            return await File.ReadAllTextAsync(Path.Combine(folder.FullName, "node_modules", "axe-core", "axe.min.js"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
