using System.Text.RegularExpressions;

namespace BlazorAuth.Tests.Conventions;

/// <summary>A file that a message, a comment or the documentation of a member sends somebody to is there.</summary>
public sealed partial class NamedFilesTests
{
    private static readonly string[] Folders = ["BlazorAuth.Core", "BlazorAuth.App", "packages"];

    [Fact]
    public void EveryFileThatASourceNamesExists()
    {
        var named = Folders.SelectMany(folder => Directory.EnumerateFiles(Repository.File(folder), "*.*", SearchOption.AllDirectories))
            .Where(file => Path.GetExtension(file) is ".cs" or ".razor" && !Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj"))
            .SelectMany(file => Missing(file, File.ReadAllText(file), _ => false)).ToList();
        Assert.InRange(named.Count, 15, 1000);
        Assert.Empty(named.Where(entry => !Path.Exists(Repository.File(entry.Named))).Select(entry => $"{Path.GetRelativePath(Repository.Root, entry.File)}: {entry.Named}"));
    }

    [Theory]
    [InlineData("/// <summary>The keys stand in <c>Novels/en.resx</c>.</summary>", "Novels/en.resx")]
    [InlineData("throw new X(\"See docs/novel.md.\");", "docs/novel.md")]
    [InlineData("/// See docs/pages.md.", null)]
    [InlineData("var address = $\"https://example.com/docs/novel.md\";", null)]
    public void AFileThatIsNotThereIsFound(string code, string? named) =>
        Assert.Equal(named is null ? [] : [named], Missing("A.cs", code, file => Path.Exists(Repository.File(file))).Select(entry => entry.Named));

    private static IEnumerable<(string File, string Named)> Missing(string file, string text, Func<string, bool> isKnown) =>
        NamedFile().Matches(text).Select(match => match.Value).Where(named => !isKnown(named)).Select(named => (file, named));

    [GeneratedRegex(@"(?<![\w/.:~{}-])[A-Za-z][\w.-]*(/[\w.-]+)*/[\w-]+\.(md|resx|cs|razor|sh)\b")]
    private static partial Regex NamedFile();
}
