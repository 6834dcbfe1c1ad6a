using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace BlazorAuth.Tests.Conventions;

/// <summary>House rules that a machine can check.</summary>
public sealed partial class ConventionTests
{
    private static readonly Assembly Core = typeof(AuthOptions).Assembly;
    private static readonly string[] WithMarkup = ["Components", "Widgets", "Pages"];

    [Fact]
    public void InternalTypesAreSealed()
    {
        Assembly[] packages = [Core, Assembly.Load("BlazorAuth.Postgres"), Assembly.Load("BlazorAuth.Redis"), Assembly.Load("BlazorAuth.StandIns"), Assembly.Load("BlazorAuth.Testing"), Assembly.Load("BlazorAuth.Testing.Bunit"),
            Assembly.Load("BlazorAuth.Testing.Stores")];
        var open = packages.SelectMany(package => package.GetTypes())
            .Where(type => type is { IsClass: true, IsSealed: false, IsAbstract: false } && !type.IsVisible && !type.IsDefined(typeof(CompilerGeneratedAttribute), false)
                && !type.Name.Contains('<', StringComparison.Ordinal) && type.FullName?.StartsWith("BlazorAuth", StringComparison.Ordinal) == true)
            .Select(type => type.FullName);
        Assert.Empty(open);
    }

    [Fact]
    public void PublicAsyncMethodsSayAsyncAndTakeTheTokenLast()
    {
        foreach (var method in Core.GetExportedTypes().SelectMany(type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(method => !method.IsSpecialName))
        {
            var name = $"{method.DeclaringType!.Name}.{method.Name}";
            var isAsync = typeof(Task).IsAssignableFrom(method.ReturnType)
                || method.ReturnType == typeof(ValueTask) || (method.ReturnType.IsGenericType && method.ReturnType.GetGenericTypeDefinition() == typeof(ValueTask<>));
            if (isAsync)
            {
                Assert.True(method.Name.EndsWith("Async", StringComparison.Ordinal), $"{name} is asynchronous and does not say so.");
            }

            var parameters = method.GetParameters();
            var token = Array.FindIndex(parameters, parameter => parameter.ParameterType == typeof(CancellationToken));
            Assert.True(token < 0 || token == parameters.Length - 1, $"{name} takes its token, but not last.");
            if (isAsync && (method.DeclaringType == typeof(SessionManager) || method.DeclaringType.IsInterface))
            {
                Assert.True(token >= 0, $"{name} asks a store and cannot be cancelled.");
            }
        }
    }

    /// <summary>Names that differ by a plural or a letter are taken for each other. Endpoints may: their addresses differ so.</summary>
    [Fact]
    public void NoTwoTypesDifferByALetter()
    {
        var names = Core.GetTypes()
            .Where(type => !type.IsNested && type.FullName?.StartsWith("BlazorAuth", StringComparison.Ordinal) == true && !type.Name.Contains('<', StringComparison.Ordinal))
            .Select(type => type.Name.Split('`')[0])
            .Where(name => name != "_Imports" && !name.EndsWith("Endpoint", StringComparison.Ordinal))
            .Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.Empty(
            from one in names
            from other in names
            where string.CompareOrdinal(one, other) < 0 && DifferByALetter(one, other)
            select $"{one} and {other}");
    }

    private static bool DifferByALetter(string one, string other)
    {
        var (shorter, longer) = one.Length <= other.Length ? (one, other) : (other, one);
        var same = shorter.Zip(longer).TakeWhile(pair => pair.First == pair.Second).Count();
        return longer.Length - shorter.Length is 0 or 1
            && shorter[(shorter.Length == longer.Length ? Math.Min(same + 1, shorter.Length) : same)..] == longer[Math.Min(same + 1, longer.Length)..];
    }

    [Fact]
    public void OnlyPagesAndWidgetsHaveAnAppearance()
    {
        var folder = Path.Combine(Repository.Root, "BlazorAuth.Core");
        var styled = Directory.EnumerateFiles(folder, "*.*", SearchOption.AllDirectories)
            .Where(file => Path.GetExtension(file) is ".cs" or ".razor")
            .Select(file => Path.GetRelativePath(folder, file))
            .Where(file => file.Split(Path.DirectorySeparatorChar)[0] is not ("Pages" or "Widgets" or "bin" or "obj"))
            .Where(file => Appearance().IsMatch(File.ReadAllText(Path.Combine(folder, file))));
        Assert.Empty(styled);
    }

    [Fact]
    public void EveryTextOnAPageIsAResource()
    {
        var folder = Path.Combine(Repository.Root, "BlazorAuth.Core");
        var files = WithMarkup.SelectMany(name => Directory.EnumerateFiles(Path.Combine(folder, name), "*.razor", SearchOption.AllDirectories))
            .Where(file => Path.GetFileName(file) is not "_Imports.razor").ToList();
        Assert.InRange(files.Count, 30, 100);
        Assert.Empty(files.SelectMany(file => RazorText.LiteralsIn(File.ReadAllText(file)).Select(text => $"{Path.GetFileName(file)}: {text}")));
    }

    [Fact]
    public void EveryEndpointHasTheTestClassOfItsName()
    {
        var endpoints = Directory.EnumerateFiles(Path.Combine(Repository.Root, "BlazorAuth.Core", "Endpoints"), "*Endpoint.cs").Select(Path.GetFileNameWithoutExtension).ToList();
        Assert.InRange(endpoints.Count, 12, 100);
        Assert.DoesNotContain(endpoints, endpoint => typeof(ConventionTests).Assembly.GetType($"BlazorAuth.Tests.Endpoints.{endpoint}Tests") is null);
    }

    [Theory]
    [InlineData("<button>Confirm that it is you</button>", "Confirm that it is you")]
    [InlineData("<span>@Texts[\"Language.Label\"]: </span>", ":")]
    [InlineData("<p>@(a > b ? Texts[\"One\"] : \"\") and more</p>", "and more")]
    [InlineData("<nav aria-label=\"Main menu\"></nav>", "Main menu")]
    [InlineData("@if (a < b)\n{\n    <i>@Texts[\"A.B\", x]</i>\n}\nelse\n{\n    @ChildContent\n}", null)]
    public void ALiteralTextIsFound(string razor, string? literal) => Assert.Equal(literal is null ? [] : [literal], RazorText.LiteralsIn(razor));

    [GeneratedRegex("""\b(style|class)\s*=\s*["@]""")]
    private static partial Regex Appearance();
}
