using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace BlazorAuth.Tests.Conventions;

/// <summary>The sources of BlazorAuth.Core, what Razor generates of them included, compiled so that every name leads to the file that declares it.</summary>
internal static class CoreSources
{
    private static readonly string Core = Path.Combine(Repository.Root, "BlazorAuth.Core");
    private static readonly Lazy<CSharpCompilation> Compilation = new(Compile);
    private static readonly Lazy<IReadOnlyList<Arrow>> AllArrows = new(FindArrows);

    /// <summary>Every use of something that another file declares.</summary>
    public static IReadOnlyList<Arrow> Arrows() => AllArrows.Value;

    /// <summary>Our own code, file by file, with what the compiler knows of it.</summary>
    public static IEnumerable<(string File, SyntaxNode Root, SemanticModel Model)> Files() =>
        Compilation.Value.SyntaxTrees.Where(tree => !IsBuilt(tree.FilePath)).Select(tree => (FileOf(tree), tree.GetRoot(), Compilation.Value.GetSemanticModel(tree)));

    public static IEnumerable<DeclaredType> Types()
    {
        foreach (var tree in Compilation.Value.SyntaxTrees.Where(tree => !IsBuilt(tree.FilePath)))
        {
            var model = Compilation.Value.GetSemanticModel(tree);
            var file = FileOf(tree);
            foreach (var declaration in tree.GetRoot().DescendantNodes().OfType<BaseTypeDeclarationSyntax>().Where(type => type.Parent is BaseNamespaceDeclarationSyntax))
            {
                var symbol = model.GetDeclaredSymbol(declaration)!;
                yield return new DeclaredType(
                    symbol.Name, file, symbol.ContainingNamespace.ToDisplayString(), ExpectedNamespace(symbol, file), symbol.DeclaredAccessibility == Accessibility.Public);
            }
        }
    }

    // Pages and their parts share a namespace with the models that apps use; extensions of the platform stand where its own do; stored keys name the decryptor.
    private static string ExpectedNamespace(INamedTypeSymbol type, string file)
    {
        var declared = type.ContainingNamespace.ToDisplayString();
        var folder = Path.GetDirectoryName(file)!.Replace('/', '.');
        return declared.StartsWith("Microsoft.", StringComparison.Ordinal) || type.Name.StartsWith("ProtectionKey", StringComparison.Ordinal) && declared == "BlazorAuth" ? declared
            : folder.Length == 0 || SharesItsFileWithAPublicType(type) ? "BlazorAuth"
            : $"BlazorAuth.{folder}";
    }

    private static bool SharesItsFileWithAPublicType(INamedTypeSymbol type) => type.DeclaringSyntaxReferences
        .SelectMany(reference => reference.SyntaxTree.GetRoot().DescendantNodes().OfType<BaseTypeDeclarationSyntax>())
        .Any(sibling => sibling.Modifiers.Any(SyntaxKind.PublicKeyword) && sibling.Parent is BaseNamespaceDeclarationSyntax);

    private static List<Arrow> FindArrows()
    {
        var arrows = new List<Arrow>();
        foreach (var tree in Compilation.Value.SyntaxTrees.Where(IsOurs))
        {
            var from = Place(FileOf(tree), "");
            var model = Compilation.Value.GetSemanticModel(tree);
            foreach (var name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
            {
                if (Declared(model.GetSymbolInfo(name).Symbol) is { } symbol
                    && symbol.Locations.FirstOrDefault(location => location.IsInSource)?.SourceTree is { } target && target != tree && IsOurs(target))
                {
                    arrows.Add(new Arrow(from, Place(FileOf(target), Outermost(symbol))));
                }
            }
        }

        return arrows;
    }

    // A type or a member of one; where an extension method is called like a member, the method itself.
    private static ISymbol? Declared(ISymbol? symbol) => symbol switch
    {
        IMethodSymbol { ReducedFrom: { } extension } => extension,
        INamedTypeSymbol or IMethodSymbol or IPropertySymbol or IFieldSymbol or IEventSymbol => symbol.OriginalDefinition,
        _ => null,
    };

    private static string Outermost(ISymbol symbol)
    {
        var type = symbol as INamedTypeSymbol ?? symbol.ContainingType;
        while (type?.ContainingType is { } outer)
        {
            type = outer;
        }

        return type?.Name ?? "";
    }

    private static CSharpCompilation Compile()
    {
        var sources = Directory.EnumerateFiles(Core, "*.cs", SearchOption.AllDirectories)
            .Where(file => !IsBuilt(file) && !file.Contains("GitHubPackage", StringComparison.Ordinal))
            .Concat(Generated());
        var compilation = Compile("BlazorAuth.Core", sources);

        // That every source and reference is there. What is in the methods, the build has compiled.
        Assert.Empty(compilation.GetDeclarationDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        return compilation;
    }

    /// <summary>Compiles the sources of an assembly against all others that the tests have.</summary>
    internal static CSharpCompilation Compile(string assembly, IEnumerable<string> sources)
    {
        // The build has looked at what may be null; here it would take as long as everything else.
        var options = new CSharpParseOptions(LanguageVersion.Latest).WithFeatures([new("run-nullable-analysis", "never")]);
        return CSharpCompilation.Create(
            assembly,
            sources.Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), options, file)),
            ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
                .Where(path => Path.GetFileName(path) != assembly + ".dll")
                .Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));
    }

    /// <summary>What the last build generated: of pages and components only those whose source is still there, and not the binding of endpoints.</summary>
    private static IEnumerable<string> Generated()
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var folder = Path.Combine(Core, "obj", configuration, "net10.0");
        yield return Path.Combine(folder, "BlazorAuth.Core.GlobalUsings.g.cs");
        foreach (var file in Directory.EnumerateFiles(Path.Combine(folder, "generated"), "*.cs", SearchOption.AllDirectories))
        {
            var isCounted = file.EndsWith(RazorSuffix, StringComparison.Ordinal)
                ? File.Exists(Path.Combine(Core, RazorSource(file)))
                : !file.Contains("RequestDelegateGenerator", StringComparison.Ordinal);
            if (isCounted)
            {
                yield return file;
            }
        }
    }

    private const string RazorSuffix = "_razor.g.cs";
    private const string RazorGenerator = "Microsoft.NET.Sdk.Razor.SourceGenerators.RazorSourceGenerator";

    private static string RazorSource(string generated)
    {
        var relative = generated[(generated.IndexOf(RazorGenerator, StringComparison.Ordinal) + RazorGenerator.Length + 1)..];
        return relative[..^RazorSuffix.Length] + ".razor";
    }

    private static bool IsBuilt(string file) =>
        Path.GetRelativePath(Core, file).Split(Path.DirectorySeparatorChar)[0] is "obj" or "bin";

    private static bool IsOurs(SyntaxTree tree) => !IsBuilt(tree.FilePath) || tree.FilePath.EndsWith(RazorSuffix, StringComparison.Ordinal);

    private static string FileOf(SyntaxTree tree) =>
        (IsBuilt(tree.FilePath) ? RazorSource(tree.FilePath) : Path.GetRelativePath(Core, tree.FilePath)).Replace('\\', '/');

    private static Place Place(string file, string type)
    {
        var folder = file.Contains('/', StringComparison.Ordinal) ? file[..file.LastIndexOf('/')] : "(top)";
        return new Place(folder.StartsWith("Stores/", StringComparison.Ordinal) ? folder : folder.Split('/')[0], file, type);
    }
}

/// <summary>A file, the floor it stands on, and a type in it.</summary>
internal sealed record Place(string Floor, string File, string Type);

/// <summary>A file uses what another declares.</summary>
internal sealed record Arrow(Place From, Place To);

internal sealed record DeclaredType(string Name, string File, string Namespace, string Expected, bool IsPublic);
