namespace BlazorAuth.Tests.Conventions;

/// <summary>What BlazorAuth.Core promises is written down. A change of it is a decision, seen in review.</summary>
public sealed class PublicApiTests
{
    private const string Snapshot = "Conventions/PublicApi.txt";

    [Fact]
    public void ThePublicSurfaceIsTheOneThatWasAgreed()
    {
        var actual = PublicApi.Describe(typeof(AuthOptions).Assembly);
        var project = Path.Combine(Repository.Root, "BlazorAuth.Tests");
        var agreed = File.ReadAllText(Path.Combine(project, Snapshot)).ReplaceLineEndings("\n");
        if (actual == agreed)
        {
            return;
        }

        var found = Path.Combine(AppContext.BaseDirectory, "PublicApi.txt");
        File.WriteAllText(found, actual);
        var (before, after) = (agreed.Split('\n'), actual.Split('\n'));
        Assert.Fail(
            "The public surface of BlazorAuth.Core has changed:\n"
            + string.Join('\n', before.Except(after).Select(line => "- " + line).Concat(after.Except(before).Select(line => "+ " + line)))
            + $"\nIf that is meant, accept it, and say so in the CHANGELOG:\n  cp {Path.GetRelativePath(Repository.Root, found)} BlazorAuth.Tests/{Snapshot}");
    }
}
