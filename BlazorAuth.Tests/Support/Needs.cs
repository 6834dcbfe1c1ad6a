namespace BlazorAuth.Tests;

/// <summary>What a test needs from the machine. Where it is missing the test is skipped with the reason; on CI it fails, so that nothing is skipped unseen.</summary>
internal static class Needs
{
    /// <summary>Chromium.</summary>
    public const string Browser = "browser";

    /// <summary>Node.js and packages from npm.</summary>
    public const string Node = "node";

    /// <summary>The SDK, or the app as it was built in a process of its own.</summary>
    public const string Build = "build";

    // Programs that only tests use that say so.
    private static readonly Dictionary<string, string> Declared = new() { ["chromium"] = Browser, ["chromium-headless-shell"] = Browser, ["node"] = Node, ["npm"] = Node, ["dotnet"] = Build };

    /// <summary>The full path of a program on the search path: of the first of these names that is there.</summary>
    public static string Tool(params string[] names)
    {
        if (Declared.TryGetValue(names[0], out var need) && TestContext.Current.TestCase is { } test)
        {
            Assert.True(test.Traits.ContainsKey(NeedsAttribute.Trait), $"The test uses {names[0]} and does not say so: it lacks [Needs(\"{need}\")].");
        }

        var files = OperatingSystem.IsWindows() ? names.SelectMany(name => new[] { name + ".exe", name + ".cmd" }) : names;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        var found = files.SelectMany(_ => folders, (file, folder) => Path.Combine(folder, file)).FirstOrDefault(File.Exists);
        if (found is null)
        {
            Missing($"The program '{names[0]}' is not on the search path.");
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
