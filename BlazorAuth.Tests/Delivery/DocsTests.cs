using System.Text.RegularExpressions;

namespace BlazorAuth.Tests.Delivery;

/// <summary>What the documentation shows is what is built, and what it links to exists.</summary>
public sealed partial class DocsTests
{
    public static TheoryData<string> Pages =>
    [
        "README.md", "BlazorAuth.Core/README.md", "docs/add-a-provider.md", "docs/protect-a-page.md", "docs/use-the-session.md", "docs/pages.md",
        "docs/rotate-secrets.md", "docs/callbacks-and-events.md", "docs/several-nodes.md", "docs/troubleshoot.md", "docs/accessibility.md",
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void EveryBlockOfCodeStandsInAFileThatIsBuilt(string page)
    {
        var built = Built().ToList();
        foreach (var block in Markdown.Blocks(page).Where(block => block.Language is "csharp" or "razor"))
        {
            var lines = block.Lines.Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
            Assert.NotEmpty(lines);
            Assert.True(built.Any(file => Holds(file, lines)), $"This block of {page} is in no file that is built:\n{string.Join('\n', block.Lines)}");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void EveryLinkInsideTheRepositoryLeadsSomewhere(string page)
    {
        var folder = Path.GetDirectoryName(Repository.File(page))!;
        foreach (Match link in Link().Matches(File.ReadAllText(Repository.File(page))))
        {
            var target = link.Groups["target"].Value;
            if (!target.Contains("://", StringComparison.Ordinal))
            {
                Assert.True(Path.Exists(Path.Combine(folder, target)), $"{page} links to {target}, which does not exist.");
            }
        }
    }

    [Fact]
    public void EveryReasonAndCodeIsExplained()
    {
        var page = File.ReadAllText(Repository.File("docs", "troubleshoot.md"));
        var codes = typeof(AuthError).GetFields().Where(field => field.IsLiteral).Select(field => (string)field.GetRawConstantValue()!);
        var reasons = Enum.GetNames<AuthErrorReason>().Where(name => name != nameof(AuthErrorReason.None));
        Assert.All(codes.Concat(reasons), name => Assert.Contains($"| `{name}` |", page, StringComparison.Ordinal));
    }

    private static bool Holds(IReadOnlyList<string> file, List<string> lines) =>
        Enumerable.Range(0, Math.Max(0, file.Count - lines.Count + 1)).Any(start => file.Skip(start).Take(lines.Count).SequenceEqual(lines));

    // The snippets, and what the README adds to a new app, which PackageTests builds.
    private static IEnumerable<IReadOnlyList<string>> Built()
    {
        foreach (var file in Directory.EnumerateFiles(Repository.File("BlazorAuth.Tests", "Delivery", "Snippets")))
        {
            yield return [.. File.ReadLines(file).Select(line => line.Trim('\uFEFF', ' ')).Where(line => line.Length > 0)];
        }

        foreach (var edit in Edit.InReadme())
        {
            yield return [.. edit.After.Select(line => line.Trim())];
        }
    }

    [GeneratedRegex("""\]\((?<target>[^)#\s]+)[^)]*\)|src="(?<target>[^"]+)"|href="(?<target>[^"]+)" """)]
    private static partial Regex Link();
}
