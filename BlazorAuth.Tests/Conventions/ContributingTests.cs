using System.Text.RegularExpressions;

namespace BlazorAuth.Tests.Conventions;

/// <summary>What newcomers are told is true: each file, name and command in CONTRIBUTING.md and its neighbours exists.</summary>
public sealed partial class ContributingTests
{
    private static readonly string[] Extensions = [".cs", ".json", ".md", ".props", ".razor", ".resx", ".sh", ".sln", ".txt", ".yml"];

    // What somebody who follows the text is about to write.
    private static readonly string[] ToBeWritten = ["it.resx", "ExamplePage.razor", "ExamplePageModel", "ExampleEndpoint", "ExampleEndpointTests", "docs/providers/<name>.md"];

    private static readonly string[] Folders = ["BlazorAuth.App", "BlazorAuth.Core", "BlazorAuth.Tests", "packages"];

    private static readonly Lazy<HashSet<string>> Names = new(() => [.. Sources().SelectMany(file => Word().Matches(File.ReadAllText(file))).Select(word => word.Value)]);
    private static readonly Lazy<HashSet<string>> Files = new(() => [.. Sources().Concat(Directory.EnumerateFiles(Repository.Root, "*.*")).Select(file => Path.GetFileName(file))]);

    public static TheoryData<string> Pages => ["CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md", ".github/PULL_REQUEST_TEMPLATE.md"];

    [Theory]
    [MemberData(nameof(Pages))]
    public void EverythingThatIsNamedExists(string page)
    {
        var named = Code().Matches(Fence().Replace(File.ReadAllText(Repository.File(page)), "")).Select(code => code.Groups[1].Value).ToList();
        Assert.Empty(named.Select(Problem).OfType<string>().Distinct());
        if (page == "CONTRIBUTING.md")
        {
            Assert.InRange(named.Count, 80, 1000);
            Assert.All(ToBeWritten, example => Assert.Contains(example, string.Join(' ', named), StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void EveryCommandCanBeRun(string page)
    {
        var commands = Delivery.Markdown.Blocks(page).Where(block => block.Language == "sh").SelectMany(block => block.Lines).Where(line => line.Length > 0).ToList();
        Assert.InRange(commands.Count, page == "CONTRIBUTING.md" ? 6 : 0, 100);
        Assert.All(commands, command => Assert.Null(CommandLine.Problem(command)));
    }

    [Theory]
    [InlineData("docs/write-a-novel.md", "docs/write-a-novel.md doesn't exist")]
    [InlineData("BlazorAuth.Core/Novels", "BlazorAuth.Core/Novels doesn't exist")]
    [InlineData("novel.resx", "novel.resx doesn't exist")]
    [InlineData("SignInNovel" + "Tests", "SignInNovelTests is no test class")]
    [InlineData("Novel" + "Writer", "NovelWriter is in no source")]
    [InlineData("AuthPage<Novel" + "Model>", "NovelModel is in no source")]
    [InlineData("./novel.sh", "./novel.sh doesn't exist")]
    [InlineData("./test.sh --slow", "./test.sh doesn't take --slow")]
    [InlineData("dotnet run --project BlazorAuth.Novel", "BlazorAuth.Novel is no project")]
    [InlineData("dotnet run --project BlazorAuth.Tests -- -class BlazorAuth.Tests.NovelTests", "-class BlazorAuth.Tests.NovelTests chooses no test")]
    [InlineData("dotnet publish BlazorAuth.App", "dotnet publish isn't known here")]
    [InlineData("./test.sh --fast", null)]
    [InlineData("dotnet pack BlazorAuth.sln -c Release -o artifacts", null)]
    [InlineData("BlazorAuth.Core/Texts/en.resx", null)]
    [InlineData("POST /api/auth/signout", null)]
    public void WhatDoesNotExistIsFound(string named, string? problem) => Assert.Equal(problem, Problem(named));

    private static string? Problem(string named) => named switch
    {
        _ when ToBeWritten.Contains(named) => null,
        _ when named.StartsWith("./", StringComparison.Ordinal) || named.StartsWith("dotnet ", StringComparison.Ordinal) => CommandLine.Problem(named),
        _ when Address().IsMatch(named) || Path.Exists(Repository.File(named)) => null,
        _ when named.Contains('/', StringComparison.Ordinal) => $"{named} doesn't exist",
        _ when Extensions.Contains(Path.GetExtension(named)) => Files.Value.Contains(named) ? null : $"{named} doesn't exist",
        _ when TestClass().IsMatch(named) => typeof(ContributingTests).Assembly.GetTypes().Any(type => type.Name == named) ? null : $"{named} is no test class",
        _ => Word().Matches(named).Select(word => word.Value).Where(word => char.IsAsciiLetterUpper(word[0]) && !ToBeWritten.Contains(word) && !Names.Value.Contains(word))
            .Select(word => $"{word} is in no source").FirstOrDefault(),
    };

    private static IEnumerable<string> Sources() => Folders
        .SelectMany(folder => Directory.EnumerateFiles(Repository.File(folder), "*.*", SearchOption.AllDirectories))
        .Where(file => Extensions.Contains(Path.GetExtension(file)) && !Path.GetRelativePath(Repository.Root, file).Split(Path.DirectorySeparatorChar).Any(part => part is "bin" or "obj" or "node_modules"))
        .Where(file => Path.GetFileName(file) != nameof(ContributingTests) + ".cs");

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^((GET|POST) /|https?://)")]
    private static partial Regex Address();

    [GeneratedRegex(@"^\w+Tests$")]
    private static partial Regex TestClass();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
