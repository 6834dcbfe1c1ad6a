namespace BlazorAuth.Tests.Delivery;

/// <summary>Where the sources are: these tests look at what a person who cloned them gets.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string File(params string[] parts) => Path.Combine([Root, .. parts]);

    /// <summary>What the build of this test run made of the app.</summary>
    public static string AppBuild { get; } = AppContext.BaseDirectory.Replace("BlazorAuth.Tests", "BlazorAuth.App", StringComparison.Ordinal);

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "BlazorAuth.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests run outside the repository: no BlazorAuth.sln above " + AppContext.BaseDirectory);
    }
}
