using System.Reflection;

namespace BlazorAuth.Tests.Conventions;

/// <summary>What the packages promise is written down. A change of it is a decision, seen in review.</summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData("BlazorAuth.Core", "PublicApi.txt")]
    [InlineData("BlazorAuth.Postgres", "PublicApi.Postgres.txt")]
    [InlineData("BlazorAuth.Redis", "PublicApi.Redis.txt")]
    [InlineData("BlazorAuth.StandIns", "PublicApi.StandIns.txt")]
    [InlineData("BlazorAuth.Testing", "PublicApi.Testing.txt")]
    [InlineData("BlazorAuth.Testing.Bunit", "PublicApi.Testing.Bunit.txt")]
    [InlineData("BlazorAuth.Testing.Stores", "PublicApi.Testing.Stores.txt")]
    public void ThePublicSurfaceIsTheOneThatWasAgreed(string package, string snapshot)
    {
        var actual = PublicApi.Describe(Assembly.Load(package));
        var file = Repository.File("BlazorAuth.Tests", "Conventions", snapshot);
        var agreed = File.ReadAllText(file).ReplaceLineEndings("\n");
        if (actual == agreed)
        {
            return;
        }

        var found = Path.Combine(AppContext.BaseDirectory, snapshot);
        File.WriteAllText(found, actual);
        var (before, after) = (agreed.Split('\n'), actual.Split('\n'));
        Assert.Fail(
            $"The public surface of {package} has changed:\n"
            + string.Join('\n', before.Except(after).Select(line => "- " + line).Concat(after.Except(before).Select(line => "+ " + line)))
            + $"\nIf that is meant, accept it, and say so in the CHANGELOG:\n  cp {Path.GetRelativePath(Repository.Root, found)} BlazorAuth.Tests/Conventions/{snapshot}");
    }
}
