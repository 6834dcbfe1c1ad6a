using System.IO.Compression;
using System.Net;
using System.Reflection;
using System.Xml.Linq;
using BlazorAuth.Tests.StandIns;

namespace BlazorAuth.Tests.Delivery;

/// <summary>The package, and a new app that takes it: with exactly the edits of the README, a person signs in.</summary>
[Collection(DeliveryTests.Name)]
[Needs(Needs.Build)]
public sealed class PackageTests
{
    private const string ListenAnywhere = "http://127.0.0.1:0";

    // Without the commit behind the plus sign.
    private static readonly string Version =
        typeof(AuthOptions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    private static readonly string Configuration = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    [Fact]
    public async Task ThePackageHoldsItsReadmeItsDocumentationAndItsLicence()
    {
        using var feed = new Folder();
        await PackAsync(feed);
        var file = Assert.Single(Directory.GetFiles(feed.Path, "*.nupkg"));
        Assert.Equal($"BlazorAuth.Core.{Version}.nupkg", Path.GetFileName(file));
        using var package = await ZipFile.OpenReadAsync(file, TestContext.Current.CancellationToken);
        Assert.NotNull(package.GetEntry("README.md"));
        Assert.NotNull(package.GetEntry("lib/net10.0/BlazorAuth.Core.dll"));
        Assert.NotNull(package.GetEntry("lib/net10.0/BlazorAuth.Core.xml"));
        await using var manifest = await package.GetEntry("BlazorAuth.Core.nuspec")!.OpenAsync(TestContext.Current.CancellationToken);
        var metadata = (await XDocument.LoadAsync(manifest, LoadOptions.None, TestContext.Current.CancellationToken)).Root!.Elements().First();
        string? Value(string name) => metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value;
        Assert.Equal("BlazorAuth.Core", Value("id"));
        Assert.Equal("MIT", Value("license"));
        Assert.Equal("README.md", Value("readme"));
        Assert.DoesNotContain("OpenIddict", metadata.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--all-interactive")]
    public async Task ANewAppWithTheEditsOfTheReadmeSignsIn(params string[] options)
    {
        using var folder = new Folder();
        using var packages = new Folder();
        using var feed = new Folder();
        var version = $"{Version}-test.{Guid.NewGuid():N}";
        await PackAsync(feed, "-p:Version=" + version);
        var environment = new Dictionary<string, string?>
        {
            // A cache of its own for our package, that of the machine for all others.
            ["NUGET_PACKAGES"] = packages.Path,
            ["NUGET_FALLBACK_PACKAGES"] = MachinePackages(),
        };
        await ServerProcess.RunAsync(folder.Path, environment, ["dotnet", "new", "blazor", "--interactivity", "Server", "-n", "NewApp", "-o", ".", "--no-restore", .. options]);
        await File.WriteAllTextAsync(
            folder.File("nuget.config"), $"""<configuration><packageSources><add key="local" value="{feed.Path}" /></packageSources></configuration>""",
            TestContext.Current.CancellationToken);
        await ServerProcess.RunAsync(folder.Path, environment, "dotnet", "add", "package", "BlazorAuth.Core", "--version", version);

        var edits = Edit.InReadme();
        var routes = Assert.Single(edits, edit => edit.File == "Components/Routes.razor");
        foreach (var edit in edits.Where(edit => edit != routes))
        {
            edit.Apply(folder.Path);
        }

        var page = Assert.Single(Markdown.Blocks("README.md"), block => block.Language == "razor");
        await File.WriteAllLinesAsync(folder.File("Components/Pages/Me.razor"), page.Lines, TestContext.Current.CancellationToken);

        await BuildAsync(folder, environment);
        await AssertWarnsAsync(folder, isExpected: true);
        routes.Apply(folder.Path);
        await BuildAsync(folder, environment);
        await AssertWarnsAsync(folder, isExpected: false);
        await SignInAsync(folder);
    }

    private static async Task AssertWarnsAsync(Folder folder, bool isExpected)
    {
        await using var app = Start(folder, []);
        using var client = new HttpClient { BaseAddress = await app.ListenAsync() };
        var output = await app.WaitForAsync("Application started");
        Assert.Equal(isExpected, output.Contains("AuthStartup[605]", StringComparison.Ordinal));
        Assert.Contains("AUTH_GOOGLE_ID", await client.GetStringAsync(new Uri("api/auth/signin", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task SignInAsync(Folder folder)
    {
        await using var provider = await StandInApp.StartProviderAsync();
        var google = new Uri(provider.Address, "stand-ins/google/").AbsoluteUri;
        await using var app = Start(folder, new()
        {
            ["AUTH_GOOGLE_ID"] = "stand-in",
            ["AUTH_GOOGLE_SECRET"] = "stand-in-secret",
            ["AUTH_GOOGLE_AUTHORIZATION_ENDPOINT"] = google + "authorize",
            ["AUTH_GOOGLE_TOKEN_ENDPOINT"] = google + "token",
            ["AUTH_GOOGLE_USERINFO_ENDPOINT"] = google + "userinfo",
        });
        var address = await app.ListenAsync();
        using var browser = new Browser(address, new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, TimeProvider.System) { LeavesHome = true };
        var signIn = await browser.OpenAsync("/me?from=readme");
        Assert.Equal("/api/auth/signin", signIn.Address.AbsolutePath);
        var picker = await browser.PressAsync(signIn, "form[action$=google] button");
        Assert.Equal(provider.Address.Authority, picker.Address.Authority);
        var me = await browser.PressAsync(picker, "button[value=ada]");
        Assert.Equal(new Uri(address, "me?from=readme"), me.Address);
        Assert.Contains("Hello Ada Lovelace", me.Text, StringComparison.Ordinal);
        Assert.Single(me.Document.QuerySelectorAll("head script[src*='/api/auth/assets/session.js']"));
        Assert.NotNull(me.Document.QuerySelector("[data-session-expiring]"));

        await browser.PressAsync(me, "form[action$=signout] button");
        Assert.Equal("null", await browser.SessionAsync());
        var nowhere = await browser.OpenAsync("/api/auth/nowhere");
        Assert.Equal(HttpStatusCode.NotFound, nowhere.Status);
        Assert.NotNull(nowhere.Document.QuerySelector("main.ba-card a[href*='/api/auth/signin']"));
    }

    private static ServerProcess Start(Folder folder, Dictionary<string, string?> variables) =>
        ServerProcess.Start(
            folder.Path, new Dictionary<string, string?>(variables) { ["ASPNETCORE_ENVIRONMENT"] = "Development" },
            "dotnet", folder.File("bin/Debug/net10.0/NewApp.dll"), "--urls", ListenAnywhere);

    private static Task<string> BuildAsync(Folder folder, Dictionary<string, string?> environment) =>
        ServerProcess.RunAsync(folder.Path, environment, "dotnet", "build", "--no-restore", "-warnaserror");

    private static Task<string> PackAsync(Folder feed, params string[] options) =>
        ServerProcess.RunAsync(Repository.Root, null, ["dotnet", "pack", "BlazorAuth.Core", "--no-build", "-c", Configuration, "-o", feed.Path, .. options]);

    private static string MachinePackages() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
}
