namespace BlazorAuth.Tests.Delivery;

/// <summary>A block of code in a page of the documentation.</summary>
internal sealed record CodeBlock(string Page, string Language, IReadOnlyList<string> Lines);

internal static class Markdown
{
    public static IReadOnlyList<CodeBlock> Blocks(string page)
    {
        var blocks = new List<CodeBlock>();
        List<string>? open = null;
        var language = "";
        foreach (var line in File.ReadLines(Repository.File(page)))
        {
            if (!line.StartsWith("```", StringComparison.Ordinal))
            {
                open?.Add(line);
            }
            else if (open is null)
            {
                (open, language) = ([], line[3..]);
            }
            else
            {
                blocks.Add(new CodeBlock(page, language, open));
                open = null;
            }
        }

        return blocks;
    }
}

/// <summary>An edit that the README asks for: a diff of one file.</summary>
internal sealed record Edit(string File, IReadOnlyList<string> Before, IReadOnlyList<string> After)
{
    private const string Header = "--- ";

    public static IReadOnlyList<Edit> InReadme() =>
        [.. Markdown.Blocks("README.md").Where(block => block.Language == "diff").Select(Parse)];

    public void Apply(string folder)
    {
        var path = Path.Combine(folder, File);
        var lines = System.IO.File.ReadAllLines(path).ToList();
        var at = Enumerable.Range(0, lines.Count).Where(start => Before.SequenceEqual(lines.Skip(start).Take(Before.Count).Select(Clean))).ToList();
        Assert.True(at.Count == 1, $"The README's edit of {File} fits {at.Count} places of the template's file, not one:\n{string.Join('\n', Before)}");
        lines.RemoveRange(at[0], Before.Count);
        lines.InsertRange(at[0], After);
        System.IO.File.WriteAllLines(path, lines);
    }

    private static Edit Parse(CodeBlock block)
    {
        Assert.StartsWith(Header, block.Lines[0], StringComparison.Ordinal);
        var body = block.Lines.Skip(1).ToList();
        Assert.All(body, line => Assert.Contains(line[0], " +-"));
        return new Edit(
            block.Lines[0][Header.Length..],
            [.. body.Where(line => line[0] != '+').Select(line => line[1..])],
            [.. body.Where(line => line[0] != '-').Select(line => line[1..])]);
    }

    private static string Clean(string line) => line.TrimStart('\uFEFF').TrimEnd();
}
