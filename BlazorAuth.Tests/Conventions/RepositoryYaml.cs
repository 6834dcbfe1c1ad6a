using YamlDotNet.RepresentationModel;

namespace BlazorAuth.Tests.Conventions;

/// <summary>The YAML of the repository, with a way to walk through it.</summary>
internal static class RepositoryYaml
{
    /// <summary>The files of a folder below <c>.github</c>, as paths from the top of the repository.</summary>
    public static IEnumerable<string> Files(string folder, SearchOption depth) => Directory.EnumerateFiles(Repository.File(".github", folder), "*.yml", depth)
        .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/')).Order(StringComparer.Ordinal);

    /// <summary>Reads a file; a key that stands twice is an error.</summary>
    public static YamlMappingNode Read(string file)
    {
        using var reader = File.OpenText(Repository.File(file));
        var stream = new YamlStream();
        stream.Load(reader);
        return Assert.IsType<YamlMappingNode>(Assert.Single(stream.Documents).RootNode);
    }

    public static YamlNode? At(this YamlNode node, string key) => node is YamlMappingNode map && map.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    public static string? Text(this YamlNode node, string key) => (node.At(key) as YamlScalarNode)?.Value;

    public static IEnumerable<YamlNode> Items(this YamlNode node, string key) => node.At(key) as YamlSequenceNode ?? [];

    public static IEnumerable<KeyValuePair<string, YamlNode>> Entries(this YamlNode node, string key) =>
        (node.At(key) as YamlMappingNode)?.Children.Select(child => KeyValuePair.Create(((YamlScalarNode)child.Key).Value!, child.Value)) ?? [];
}
