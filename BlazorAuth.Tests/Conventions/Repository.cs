namespace BlazorAuth.Tests.Conventions;

internal static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? folder) => folder is null
        ? throw new InvalidOperationException("The tests run outside the repository's folder.")
        : File.Exists(Path.Combine(folder.FullName, "BlazorAuth.sln")) ? folder.FullName : Find(folder.Parent);
}
