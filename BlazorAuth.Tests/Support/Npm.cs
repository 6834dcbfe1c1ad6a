using System.Diagnostics;

namespace BlazorAuth.Tests;

/// <summary>The packages from npm that tests run against, installed once as the lock file says.</summary>
internal static class Npm
{
    private static readonly Lazy<Task> Installed = new(() => InstallAsync(Folder!));
    private static readonly Lazy<Task> Bundled = new(BundleAsync);

    /// <summary>Where they are, and our own scripts beside them.</summary>
    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Npm");

    /// <summary>The text of a file of a package.</summary>
    public static async Task<string> ReadAsync(string package, params string[] path)
    {
        await Installed.Value;
        return await File.ReadAllTextAsync(Path.Combine([Folder, "node_modules", package, .. path]));
    }

    /// <summary>A command that runs one of our scripts.</summary>
    public static async Task<ProcessStartInfo> ScriptAsync(string script, params string[] arguments)
    {
        await Installed.Value;
        return new(Needs.Tool("node"), [script, .. arguments]) { WorkingDirectory = Folder };
    }

    /// <summary>Bundles the page once for each client of next-auth, below <c>dist</c>.</summary>
    public static Task BundlePagesAsync() => Bundled.Value;

    /// <summary>Installs what a lock file in a folder says, unless that was done.</summary>
    public static async Task InstallAsync(string folder)
    {
        var mark = Path.Combine(folder, "node_modules", ".installed-lock.json");
        var wanted = await File.ReadAllTextAsync(Path.Combine(folder, "package-lock.json"));
        if (!File.Exists(mark) || await File.ReadAllTextAsync(mark) != wanted)
        {
            await ServerProcess.RunAsync(
                new ProcessStartInfo(Needs.Tool("npm"), ["ci"]) { WorkingDirectory = folder });
            await File.WriteAllTextAsync(mark, wanted);
        }
    }

    private static async Task BundleAsync() => await ServerProcess.RunAsync(await ScriptAsync("build.mjs"));
}
