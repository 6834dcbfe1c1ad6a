using System.Reflection;
using System.Security.Cryptography;

namespace BlazorAuth.Tests.Delivery;

/// <summary>
/// Every package of the repository, packed once. An app that builds from here asks no other feed: what the packages depend on comes from what this
/// machine has restored already.
/// </summary>
public sealed class LocalFeed : IAsyncLifetime
{
    internal static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    private readonly Folder _feed = new();
    private readonly Folder _packages = new();

    /// <summary>The repository's version, and a suffix that no cache of the machine knows. It has no digits: the template replaces those of its port wherever they are.</summary>
    public string Version { get; } =
        typeof(AuthOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0] + $"-test.{RandomNumberGenerator.GetString("abcdefghijklmnopqrstuvwxyz", 24)}";

    public string Path => _feed.Path;

    /// <summary>A cache of its own for our packages, that of the machine for all others.</summary>
    public IReadOnlyDictionary<string, string?> Environment => new Dictionary<string, string?>
    {
        ["NUGET_PACKAGES"] = _packages.Path,
        ["NUGET_FALLBACK_PACKAGES"] = MachinePackages(),
    };

    public string File(string package) => System.IO.Path.Combine(Path, $"{package}.{Version}.nupkg");

    /// <summary>Tells the apps below a folder to restore from here alone.</summary>
    public void Serve(string folder) => System.IO.File.WriteAllText(
        System.IO.Path.Combine(folder, "nuget.config"),
        $"""<configuration><packageSources><clear /><add key="local" value="{Path}" /></packageSources></configuration>""");

    public async ValueTask InitializeAsync() =>
        await ServerProcess.RunAsync(Repository.Root, null, "dotnet", "pack", "BlazorAuth.sln", "--no-build", "-c", Configuration, "-o", Path, "-p:Version=" + Version);

    public ValueTask DisposeAsync()
    {
        _feed.Dispose();
        _packages.Dispose();
        return ValueTask.CompletedTask;
    }

    private static string MachinePackages() =>
        System.Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? System.IO.Path.Combine(System.Environment.GetFolderPath(System.Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
