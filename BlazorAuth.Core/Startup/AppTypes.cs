using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace BlazorAuth.Startup;

/// <summary>
/// The names of the types that an app uses. A component that razor files use is in the assembly's table of referenced types, in whichever of the
/// app's assemblies the file is.
/// </summary>
internal static class AppTypes
{
    private static readonly string Own = typeof(AppTypes).Assembly.GetName().Name!;
    private static readonly ConcurrentDictionary<string, IReadOnlySet<string>> Known = new(StringComparer.Ordinal);

    /// <summary>What the assembly names, and the app's libraries beside it that use BlazorAuth; null when there is no file to read, as in an app in a single file.</summary>
    public static IReadOnlySet<string>? UsedIn(Assembly app) => File.Exists(app.Location) ? Known.GetOrAdd(app.Location, Read) : null;

    private static HashSet<string> Read(string app)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        Read(app, names, out var references);
        foreach (var library in references.Where(name => name != Own).Select(name => Path.Combine(Path.GetDirectoryName(app)!, name + ".dll")).Where(File.Exists))
        {
            var theirs = new HashSet<string>(StringComparer.Ordinal);
            Read(library, theirs, out var further);
            if (further.Contains(Own))
            {
                names.UnionWith(theirs);
            }
        }

        return names;
    }

    private static void Read(string path, HashSet<string> names, out IReadOnlyList<string> references)
    {
        using var file = new PEReader(File.OpenRead(path));
        if (!file.HasMetadata)
        {
            references = [];
            return;
        }

        var metadata = file.GetMetadataReader();
        names.UnionWith(metadata.TypeReferences.Select(handle => metadata.GetString(metadata.GetTypeReference(handle).Name)));
        references = [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
    }
}
