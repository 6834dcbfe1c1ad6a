using System.IO.Compression;
using System.Net;
using System.Xml.Linq;

namespace BlazorAuth.Tests.Delivery;

/// <summary>The packages, and a new app that takes them: with exactly the edits of the README, a person signs in without any keys.</summary>
[Collection(DeliveryTests.Name)]
[Needs(Needs.Build)]
public sealed class PackageTests(LocalFeed feed)
{
    private const string ListenAnywhere = "http://127.0.0.1:0";

    private static readonly string[] Libraries = ["BlazorAuth.Core", "BlazorAuth.Postgres", "BlazorAuth.Redis", "BlazorAuth.StandIns", "BlazorAuth.Testing", "BlazorAuth.Testing.Bunit", "BlazorAuth.Testing.Stores"];

    [Fact]
    public async Task EveryPackageIsWhole()
    {
        string[] packages = [.. Libraries, "BlazorAuth.StandIns.Tool", "BlazorAuth.Templates"];
        Assert.Equal(packages.Select(feed.File).Order(StringComparer.Ordinal), Directory.GetFiles(feed.Path, "*.nupkg").Order(StringComparer.Ordinal));
        foreach (var name in packages)
        {
            await using var package = await ZipFile.OpenReadAsync(feed.File(name), TestContext.Current.CancellationToken);
            var metadata = await MetadataAsync(package, name);
            Assert.Equal((name, feed.Version, "MIT"), (Value(metadata, "id"), Value(metadata, "version"), Value(metadata, "license")));
            Assert.NotNull(Value(metadata, "description"));
            Assert.NotNull(Value(metadata, "tags"));
            Assert.NotNull(package.GetEntry(Value(metadata, "readme")!));
            Assert.NotNull(package.GetEntry(Value(metadata, "icon")!));

            // One version for all of them: whoever takes one gets the others that fit.
            var ours = metadata.Descendants().Where(element => element.Name.LocalName == "dependency" && element.Attribute("id")!.Value.StartsWith("BlazorAuth.", StringComparison.Ordinal));
            Assert.All(ours, element => Assert.Equal(feed.Version, element.Attribute("version")!.Value));
        }
    }

    [Fact]
    public async Task ALibraryBringsItsDocumentationAndItsSymbols()
    {
        foreach (var name in Libraries)
        {
            await using var package = await ZipFile.OpenReadAsync(feed.File(name), TestContext.Current.CancellationToken);
            Assert.NotNull(package.GetEntry($"lib/net10.0/{name}.dll"));
            Assert.NotNull(package.GetEntry($"lib/net10.0/{name}.xml"));
            await using var symbols = await ZipFile.OpenReadAsync(Path.ChangeExtension(feed.File(name), ".snupkg"), TestContext.Current.CancellationToken);
            Assert.NotNull(symbols.GetEntry($"lib/net10.0/{name}.pdb"));
        }
    }

    [Fact]
    public async Task TheLibraryBringsNothingThatOnlyDevelopmentOrAnotherStoreNeeds()
    {
        await using var package = await ZipFile.OpenReadAsync(feed.File("BlazorAuth.Core"), TestContext.Current.CancellationToken);
        var metadata = (await MetadataAsync(package, "BlazorAuth.Core")).ToString();
        Assert.DoesNotContain("OpenIddict", metadata, StringComparison.Ordinal);
        Assert.DoesNotContain("StandIns", metadata, StringComparison.Ordinal);
        Assert.DoesNotContain("Npgsql", metadata, StringComparison.Ordinal);
        Assert.DoesNotContain("Redis", metadata, StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheToolInstallsAndStarts()
    {
        using var folder = new Folder();
        feed.Serve(folder.Path);
        await ServerProcess.RunAsync(
            folder.Path, feed.Environment, "dotnet", "tool", "install", "BlazorAuth.StandIns.Tool", "--version", feed.Version, "--tool-path", folder.File("tools"));
        await using var tool = ServerProcess.Start(folder.Path, null, folder.File("tools/blazorauth-stand-ins"), "--urls", ListenAnywhere);
        using var client = new HttpClient { BaseAddress = await tool.ListenAsync() };
        Assert.Contains("/stand-ins/oidc", await client.GetStringAsync(new Uri("", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData]
    [InlineData("--all-interactive")]
    public async Task ANewAppWithTheEditsOfTheReadmeSignsIn(params string[] options)
    {
        using var root = new Folder();
        feed.Serve(root.Path);
        var app = root.File("NewApp");
        await ServerProcess.RunAsync(root.Path, feed.Environment, ["dotnet", "new", "blazor", "--interactivity", "Server", "-n", "NewApp", "--no-restore", .. options]);
        foreach (var package in (string[])["BlazorAuth.Core", "BlazorAuth.StandIns"])
        {
            await ServerProcess.RunAsync(app, feed.Environment, "dotnet", "add", "package", package, "--version", feed.Version, "--no-restore");
        }

        var edits = Edit.InReadme();
        var routes = Assert.Single(edits, edit => edit.File == "Components/Routes.razor");
        foreach (var edit in edits.Where(edit => edit != routes))
        {
            edit.Apply(app);
        }

        var page = Assert.Single(Markdown.Blocks("README.md"), block => block.Language == "razor");
        await File.WriteAllLinesAsync(Path.Combine(app, "Components/Pages/Me.razor"), page.Lines, TestContext.Current.CancellationToken);

        await BuildAsync(app);
        await AssertWarnsAsync(app, isExpected: true);
        routes.Apply(app);
        if (options.Length == 0)
        {
            // Builds the app as well.
            await AddTestsAsync(root);
            await ServerProcess.RunAsync(root.File("NewApp.Tests"), feed.Environment, "dotnet", "run");
        }
        else
        {
            await BuildAsync(app);
        }

        await AssertWarnsAsync(app, isExpected: false);
        await SignInAsync(app);
    }

    // The first test of docs/test-your-app.md, in a project of its own.
    private async Task AddTestsAsync(Folder root)
    {
        var folder = root.File("NewApp.Tests");
        Directory.CreateDirectory(folder);
        var versions = XDocument.Load(Repository.File("Directory.Packages.props")).Descendants("PackageVersion");
        var xunit = versions.Single(version => version.Attribute("Include")!.Value == "xunit.v3").Attribute("Version")!.Value;
        await File.WriteAllTextAsync(
            Path.Combine(folder, "NewApp.Tests.csproj"),
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <TargetFramework>net10.0</TargetFramework>
                <OutputType>Exe</OutputType>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
              </PropertyGroup>
              <ItemGroup>
                <FrameworkReference Include="Microsoft.AspNetCore.App" />
                <PackageReference Include="BlazorAuth.Testing" Version="{feed.Version}" />
                <PackageReference Include="xunit.v3" Version="{xunit}" />
                <ProjectReference Include="../NewApp/NewApp.csproj" />
              </ItemGroup>
            </Project>
            """,
            TestContext.Current.CancellationToken);
        var test = Markdown.Blocks("docs/test-your-app.md").First(block => block.Language == "csharp");
        string[] lines =
        [
            "using System.Net;", "using BlazorAuth.Testing;", "using Xunit;", "", "public sealed class MeTests", "{", "[Fact]", "public async Task AdaSeesHerPage()", "{", .. test.Lines, "}", "}",
        ];
        await File.WriteAllLinesAsync(Path.Combine(folder, "MeTests.cs"), lines, TestContext.Current.CancellationToken);
    }

    private static async Task AssertWarnsAsync(string folder, bool isExpected)
    {
        await using var app = Start(folder, "false");
        using var client = new HttpClient { BaseAddress = await app.ListenAsync() };
        var output = await app.WaitForAsync("Application started");
        Assert.Equal(isExpected, output.Contains("AuthStartup[605]", StringComparison.Ordinal));
        Assert.Contains("AUTH_GOOGLE_ID", await client.GetStringAsync(new Uri("api/auth/signin", UriKind.Relative), TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    private static async Task SignInAsync(string folder)
    {
        await using var app = Start(folder, standIns: null);
        var address = await app.ListenAsync();
        using var browser = new Browser(address, new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, TimeProvider.System);
        var signIn = await browser.OpenAsync("/me?from=readme");
        Assert.Equal("/api/auth/signin", signIn.Address.AbsolutePath);
        var picker = await browser.PressAsync(signIn, "form[action$=google] button");
        Assert.Equal("/stand-ins/google/authorize", picker.Address.AbsolutePath);
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

    private static ServerProcess Start(string folder, string? standIns) =>
        ServerProcess.Start(
            folder, new Dictionary<string, string?> { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["AUTH_STAND_INS"] = standIns },
            "dotnet", Path.Combine(folder, "bin/Debug/net10.0/NewApp.dll"), "--urls", ListenAnywhere);

    private Task<string> BuildAsync(string folder) => ServerProcess.RunAsync(folder, feed.Environment, "dotnet", "build", "-warnaserror");

    private static async Task<XElement> MetadataAsync(ZipArchive package, string name)
    {
        await using var manifest = await package.GetEntry(name + ".nuspec")!.OpenAsync(TestContext.Current.CancellationToken);
        return (await XDocument.LoadAsync(manifest, LoadOptions.None, TestContext.Current.CancellationToken)).Root!.Elements().First();
    }

    private static string? Value(XElement metadata, string name) => metadata.Elements().FirstOrDefault(element => element.Name.LocalName == name)?.Value;
}
