namespace BlazorAuth.Tests;

/// <summary>What a test needs from the machine. Where it is missing the test is skipped with the reason; on CI it fails, so that nothing is skipped unseen.</summary>
internal static class Needs
{
    /// <summary>The full path of a program on the search path.</summary>
    public static string Tool(string name)
    {
        var names = OperatingSystem.IsWindows() ? new[] { name + ".exe", name + ".cmd" } : [name];
        var found = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .SelectMany(_ => names, Path.Combine)
            .FirstOrDefault(File.Exists);
        if (found is null)
        {
            Missing($"The program '{name}' is not on the search path.");
        }

        return found!;
    }

    /// <summary>Ends the test: skipped with this reason, or failed on CI.</summary>
    public static void Missing(string reason)
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            Assert.Fail(reason);
        }

        Assert.Skip(reason);
    }
}
