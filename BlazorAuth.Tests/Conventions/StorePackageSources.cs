using Microsoft.CodeAnalysis;

namespace BlazorAuth.Tests.Conventions;

/// <summary>The sources of the packages with a session store, compiled.</summary>
internal static class StorePackageSources
{
    // The methods that write log lines: their bodies are generated when the package is built.
    private const string MissingBody = "CS8795";

    /// <summary>File by file, with what the compiler knows of it.</summary>
    public static IEnumerable<(string File, SyntaxNode Root, SemanticModel Model)> Files() => ((string[])["BlazorAuth.Postgres", "BlazorAuth.Redis"]).SelectMany(FilesOf);

    private static IEnumerable<(string File, SyntaxNode Root, SemanticModel Model)> FilesOf(string package)
    {
        var folder = Repository.File("packages", package);
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
        var usings = Path.Combine(folder, "obj", configuration, "net10.0", package + ".GlobalUsings.g.cs");
        var compilation = CoreSources.Compile(package, [.. Directory.EnumerateFiles(folder, "*.cs"), usings]);
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error && diagnostic.Id != MissingBody));
        return compilation.SyntaxTrees.Where(tree => tree.FilePath != usings)
            .Select(tree => ($"{package}/{Path.GetFileName(tree.FilePath)}", tree.GetRoot(), compilation.GetSemanticModel(tree)));
    }
}
