using System.Net;
using System.Text.RegularExpressions;

namespace BlazorAuth.Tests.Delivery;

/// <summary>wwwroot and appsettings.Development.json stand at the top of the repository: they are what is served and read, wherever the app is started.</summary>
[Collection(DeliveryTests.Name)]
[Needs(Needs.Build)]
public sealed partial class LayoutTests
{
    private const string Secret = "a secret of at least thirty-two characters";

    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    [Theory]
    [InlineData("", "--project", "BlazorAuth.App")]
    [InlineData("BlazorAuth.App")]
    public async Task DotnetRunServesTheFilesAtTheTopOfTheRepository(string folder, params string[] project)
    {
        await using var run = ServerProcess.Start(
            Repository.File(folder), new Dictionary<string, string?> { ["AUTH_STORE"] = "memory", ["AUTH_SECRET"] = Secret },
            ["dotnet", "run", .. project, "--no-build", "-c", Configuration, "--", "--urls", "http://127.0.0.1:0"]);
        var address = await run.ListenAsync();
        using var client = new HttpClient { BaseAddress = address };
        Assert.Equal(
            await File.ReadAllTextAsync(Repository.File("wwwroot", "app.css"), TestContext.Current.CancellationToken), await GetAsync(client, "app.css"));
        Assert.Contains("BlazorAuth Notes</title>", await GetAsync(client, "api/auth/signin"), StringComparison.Ordinal);
        Assert.Contains("Blazor", await GetAsync(client, "_framework/blazor.web.js"), StringComparison.Ordinal);
        Assert.Contains("Hosting environment: Development", await run.WaitForAsync("Content root path: " + Repository.Root), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ThePublishedAppBringsItsFilesAndStartsInProduction()
    {
        using var folder = new Folder();
        await ServerProcess.RunAsync(Repository.Root, null, "dotnet", "publish", "BlazorAuth.App", "--no-build", "-c", Configuration, "-o", folder.Path);
        Assert.False(File.Exists(folder.File("appsettings.Development.json")));

        await using var run = ServerProcess.Start(
            folder.Path, new Dictionary<string, string?> { ["AUTH_SECRET"] = Secret, ["AUTH_URL"] = "https://notes.example.com", ["AUTH_GITHUB_ID"] = "id", ["AUTH_GITHUB_SECRET"] = "secret" },
            "dotnet", folder.File("BlazorAuth.App.dll"), "--urls", "http://127.0.0.1:0");
        using var client = new HttpClient { BaseAddress = await run.ListenAsync() };
        Assert.Contains("--accent", await GetAsync(client, "app.css"), StringComparison.Ordinal);
        Assert.Contains("Blazor", await GetAsync(client, "_framework/blazor.web.js"), StringComparison.Ordinal);
        Assert.Contains("Sign in to keep notes", await GetAsync(client, ""), StringComparison.Ordinal);
        var page = await GetAsync(client, "api/auth/signin");
        Assert.Contains("Continue with GitHub", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Continue with Google", page, StringComparison.Ordinal);
        Assert.Contains(".ba-card", await GetAsync(client, StyleSheet().Match(page).Groups[1].Value), StringComparison.Ordinal);
        using var standIn = await client.GetAsync(new Uri("stand-ins/google/authorize", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.NotFound, standIn.StatusCode);
    }

    [Fact]
    public async Task ProductionWithTheStandInsForcedOnDoesNotStart()
    {
        var output = await RefuseAsync(new() { ["AUTH_STAND_INS"] = "true", ["AUTH_SECRET"] = Secret, ["AUTH_URL"] = "https://notes.example.com" });
        Assert.Contains("AUTH_STAND_INS is true, but this is Production", output, StringComparison.Ordinal);
        Assert.Contains("Remove AUTH_STAND_INS", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProductionWithoutASecretDoesNotStartAndNamesTheRemedy()
    {
        var output = await RefuseAsync(new() { ["AUTH_URL"] = "https://notes.example.com" });
        Assert.Contains("Set AUTH_SECRET to at least 32 random bytes in base64 (openssl rand -base64 33)", output, StringComparison.Ordinal);
    }

    private static async Task<string> RefuseAsync(Dictionary<string, string?> variables)
    {
        using var folder = new Folder();
        await using var run = ServerProcess.Start(folder.Path, variables, "dotnet", Path.Combine(Repository.AppBuild, "BlazorAuth.App.dll"), "--urls", "http://127.0.0.1:0");
        Assert.NotEqual(0, await run.EndAsync());
        Assert.DoesNotContain("Now listening on", run.Output, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine(run.Output);
        return run.Output;
    }

    private static async Task<string> GetAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, $"{path} answered {(int)response.StatusCode}: {text}");
        return text;
    }

    [GeneratedRegex("<link rel=\"stylesheet\" href=\"([^\"]+)\"")]
    private static partial Regex StyleSheet();
}

/// <summary>The tests that build, publish and run: one after the other, they share the build's folders.</summary>
[CollectionDefinition(Name)]
public sealed class DeliveryTests : ICollectionFixture<LocalFeed>
{
    public const string Name = "delivery";
}
