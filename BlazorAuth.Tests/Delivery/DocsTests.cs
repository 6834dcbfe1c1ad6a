using System.Text.RegularExpressions;
using BlazorAuth.Testing;

namespace BlazorAuth.Tests.Delivery;

/// <summary>What the documentation shows is what is built, and what it links to exists.</summary>
public sealed partial class DocsTests
{
    private static readonly string[] Built = ["csharp", "razor"];

    /// <summary>Blocks that no build of ours reads.</summary>
    private static readonly string[] NotBuilt = ["sh", "bash", "diff", "json", "sql", "nginx", "css", "dockerfile", "html", "ini", "yaml", "js", "ts", "tsx", "http", "text", "mermaid", ""];

    // What the SDK of an app brings by itself.
    private static readonly HashSet<string> Implicit =
    [
        "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Routing",
        "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
    ];

    /// <summary>Every page of the repository.</summary>
    public static TheoryData<string> Pages =>
    [
        "README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md", "BlazorAuth.Core/README.md", .. Below("docs"), .. Below("packages"), .. Below("samples"), .. Below("bench"),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public void EveryBlockOfCodeStandsInAFileThatIsBuilt(string page)
    {
        foreach (var block in Markdown.Blocks(page))
        {
            Assert.True(
                Built.Contains(block.Language) || NotBuilt.Contains(block.Language),
                $"{page} has a block of '{block.Language}'. Code is csharp or razor, and built; other languages are listed here.");
            var lines = block.Lines.Select(line => line.Trim()).Where(line => line.Length > 0).ToList();
            Assert.NotEmpty(lines);
            Assert.True(
                NotBuilt.Contains(block.Language) || Files(page, block.Language).Any(file => Holds(file, lines)),
                $"This block of {page} is in no file that is built:\n{string.Join('\n', block.Lines)}");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void APageNamesTheUsingsThatItsCodeNeeds(string page)
    {
        if (!Markdown.Blocks(page).Any(block => block.Language == "csharp"))
        {
            return;
        }

        var text = File.ReadAllText(Repository.File(page));
        var usings = File.ReadLines(Snippets(page)).Select(line => Using().Match(line)).Where(match => match.Success).Select(match => match.Groups[1].Value);
        Assert.All(
            usings.Where(name => !Implicit.Contains(name) && !name.StartsWith("BlazorAuth.App.", StringComparison.Ordinal) && !name.StartsWith("BlazorAuth.Tests.", StringComparison.Ordinal)),
            name => Assert.Contains($"using {name};", text, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryDefenceNamesATestThatExists()
    {
        var rows = File.ReadLines(Repository.File("docs/security.md")).Select(line => UnescapedBar().Split(line))
            .Where(cells => cells.Length == 6 && cells[3].Contains('`', StringComparison.Ordinal)).ToList();
        Assert.True(rows.Count > 30);
        var tests = typeof(DocsTests).Assembly.GetTypes().Concat(typeof(SessionStoreContract).Assembly.GetTypes()).SelectMany(type => type.GetMethods()
                .Where(method => method.GetCustomAttributes(typeof(FactAttribute), inherit: true).Length > 0).Select(method => $"{type.Name}.{method.Name}"))
            .ToHashSet(StringComparer.Ordinal);
        Assert.All(rows.SelectMany(cells => Code().Matches(cells[3])), name => Assert.Contains(name.Groups[1].Value, tests));
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

    private static IEnumerable<string> Below(string folder) => Directory
        .EnumerateFiles(Repository.File(folder), "*.md", SearchOption.AllDirectories)
        .Select(file => Path.GetRelativePath(Repository.Root, file).Replace(Path.DirectorySeparatorChar, '/'))
        .Where(file => !file.Split('/').Any(part => part is "node_modules" or "bin" or "obj"))
        .Order(StringComparer.Ordinal);

    private static bool Holds(List<string> file, List<string> lines) =>
        Enumerable.Range(0, Math.Max(0, file.Count - lines.Count + 1)).Any(start => file.Skip(start).Take(lines.Count).SequenceEqual(lines));

    /// <summary>The file of a page's C#: <c>docs/protect-a-page.md</c> has <c>ProtectAPage.cs</c>, the readme of <c>BlazorAuth.StandIns</c> has <c>StandInsReadme.cs</c>.</summary>
    private static string Snippets(string page) => Repository.File(
        "BlazorAuth.Tests", "Delivery", "Snippets",
        string.Concat(page.Split('/').Where(part => part.StartsWith("BlazorAuth.", StringComparison.Ordinal) && part != "BlazorAuth.Core").Select(part => part["BlazorAuth.".Length..].Replace(".", "", StringComparison.Ordinal)))
        + string.Concat(Path.GetFileNameWithoutExtension(page).Split('-').Select(word => char.ToUpperInvariant(word[0]) + word[1..].ToLowerInvariant())) + ".cs");

    // The snippets, and what the README adds to a new app, which PackageTests builds.
    private static IEnumerable<List<string>> Files(string page, string language)
    {
        if (language == "csharp")
        {
            return [Lines(File.ReadLines(Snippets(page)))];
        }

        return Directory.EnumerateFiles(Repository.File("BlazorAuth.Tests", "Delivery", "Snippets"), "*.razor").Select(file => Lines(File.ReadLines(file)))
            .Concat(Edit.InReadme().Select(edit => Lines(edit.After)));
    }

    private static List<string> Lines(IEnumerable<string> lines) => [.. lines.Select(line => line.Trim('\uFEFF', ' ')).Where(line => line.Length > 0)];

    [GeneratedRegex("""^using ([\w.]+);""")]
    private static partial Regex Using();

    [GeneratedRegex(@"(?<!\\)\|")]
    private static partial Regex UnescapedBar();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("""\]\((?<target>[^)#\s]+)[^)]*\)|src="(?<target>[^"]+)"|href="(?<target>[^"]+)" """)]
    private static partial Regex Link();
}
