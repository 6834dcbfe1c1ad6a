using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace BlazorAuth.Tests.Conventions;

/// <summary>An app takes the driver of its store along, and no other; a store needs nothing that only BlazorAuth's own can have.</summary>
public sealed class DriverTests
{
    private static readonly string[] Drivers = ["Npgsql", "StackExchange.Redis"];

    [Fact]
    public void TheCoreReferencesNoDriverOfAServer() =>
        Assert.Empty(References(typeof(AuthOptions).Assembly).Intersect(Drivers).Concat(Restored("BlazorAuth.Core").Intersect(Drivers)));

    [Theory]
    [InlineData("packages/BlazorAuth.Postgres", "Npgsql")]
    [InlineData("packages/BlazorAuth.Redis", "StackExchange.Redis")]
    public void APackageWithAStoreBringsItsDriverAndNoOther(string project, string driver)
    {
        Assert.Equal([driver], References(Assembly.Load(Path.GetFileName(project))).Intersect(Drivers));
        Assert.Equal([driver], Restored(project).Intersect(Drivers));
    }

    [Fact]
    public void OnlyTestsAndMeasurementsSeeTheInsideOfTheCore() => Assert.Equal(
        ["BlazorAuth.Bench.Circuits", "BlazorAuth.Tests"],
        typeof(AuthOptions).Assembly.GetCustomAttributes<InternalsVisibleToAttribute>().Select(friend => friend.AssemblyName).Order(StringComparer.Ordinal));

    private static IEnumerable<string> References(Assembly assembly) => assembly.GetReferencedAssemblies().Select(reference => reference.Name!);

    // Everything that comes with a project, at whatever distance.
    private static List<string> Restored(string project)
    {
        using var assets = JsonDocument.Parse(File.ReadAllText(Repository.File([.. project.Split('/'), "obj", "project.assets.json"])));
        var libraries = assets.RootElement.GetProperty("libraries").EnumerateObject().Select(library => library.Name.Split('/')[0]).ToList();
        Assert.Contains("Microsoft.Data.Sqlite", libraries);
        return libraries;
    }
}
