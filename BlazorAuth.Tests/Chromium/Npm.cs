using System.Collections.Concurrent;
using System.Diagnostics;

namespace BlazorAuth.Tests.Chromium;

/// <summary>Files of packages from npm, fetched once per run.</summary>
internal static class Npm
{
    private static readonly ConcurrentDictionary<(string Package, string Path), Lazy<Task<string>>> Files = new();

    /// <summary>The text of a file of a package, such as <c>bootstrap@5.3.8</c>.</summary>
    public static Task<string> FileAsync(string package, params string[] path) =>
        Files.GetOrAdd((package, Path.Combine(path)), key => new(() => FetchAsync(key.Package, key.Path))).Value;

    private static async Task<string> FetchAsync(string package, string path)
    {
        var folder = Directory.CreateTempSubdirectory("blazorauth-npm-");
        try
        {
            using var npm = Process.Start(new ProcessStartInfo(Needs.Tool("npm"))
            {
                ArgumentList = { "install", "--ignore-scripts", "--no-audit", "--no-fund", "--save-exact", "--omit=peer", package },
                WorkingDirectory = folder.FullName,
            })!;
            await npm.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, npm.ExitCode);
            return await File.ReadAllTextAsync(Path.Combine(folder.FullName, "node_modules", package.Split('@')[0], path));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
