namespace BlazorAuth.Tests;

/// <summary>Where the sources are: some tests look at what a person who cloned them gets.</summary>
internal static class Repository
{
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    /// <summary>What the build of this test run made of the app.</summary>
    public static string AppBuild { get; } = AppContext.BaseDirectory.Replace("BlazorAuth.Tests", "BlazorAuth.App", StringComparison.Ordinal);

    public static string File(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find(DirectoryInfo? folder) => folder is null
        ? throw new InvalidOperationException("The tests run outside the repository: no BlazorAuth.sln above " + AppContext.BaseDirectory)
        : System.IO.File.Exists(Path.Combine(folder.FullName, "BlazorAuth.sln")) ? folder.FullName : Find(folder.Parent);
}
