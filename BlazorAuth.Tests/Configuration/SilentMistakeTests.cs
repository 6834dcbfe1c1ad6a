using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Tests.Configuration;

/// <summary>Mistakes of wiring that used to say nothing, each with the line to write; and beside them what looks alike and is right.</summary>
public sealed partial class SilentMistakeTests
{
    private const string Guarded = "__Host-" + AuthApp.SessionCookie;

    private static readonly int[] Warnings = [650, 651, 652, 653, 654];

    [Fact]
    public async Task AnOrdinaryAppIsWarnedOfNothing()
    {
        await using var app = await AuthApp.StartAsync();
        AssertSilent(app);
    }

    [Fact]
    public async Task MappingForgottenIsWarnedOf()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Maps = false);
        AssertWarned(app, 650, "app.MapBlazorAuth();");
    }

    [Fact]
    public async Task AnAppThatReadsTheSessionsOfAnotherNeedsNoMapping()
    {
        await using var app = await AuthApp.StartAsync(setup => (setup.Maps, setup.Options) = (false, options => options.Session.AcceptAuthJsTokens = true));
        AssertSilent(app);
    }

    [Fact]
    public async Task ProductionIsNotWarned()
    {
        await using var app = await AuthApp.StartAsync(setup =>
            (setup.Environment, setup.StandIns, setup.Maps, setup.Providers, setup.Settings["AUTH_URL"]) = ("Production", false, false, _ => { }, "https://app.example"));
        AssertSilent(app);
    }

    [Fact]
    public async Task MappingTwiceStopsTheStart()
    {
        var error = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup => setup.Map = app => app.MapBlazorAuth()));
        Assert.Equal("MapBlazorAuth was called 2 times, so every request under /api/auth matches two endpoints. Keep one app.MapBlazorAuth().", error.Message);
    }

    [Fact]
    public async Task MappingInTwoPlacesIsNoMistake()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Map = app => app.MapGroup("/tenant").MapBlazorAuth());
        AssertSilent(app);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AuthorizationBeforeAuthenticationIsToldInsteadOfAnEndlessSignIn(bool isWrong)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Use = app => _ = isWrong
            ? app.UseAuthorization().UseAuthentication()
            : app.UseAuthentication().UseAuthorization());
        using var browser = app.CreateBrowser();
        Assert.Equal("/api/auth/signin", (await browser.OpenAsync("/private")).Address.AbsolutePath);
        await browser.SignInAsync("google");
        if (isWrong)
        {
            var page = await browser.OpenAsync("/private");
            Assert.Equal(HttpStatusCode.InternalServerError, page.Status);
            Assert.Contains("put app.UseAuthentication(); before app.UseAuthorization();", page.Text, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal("Ada Lovelace", (await browser.OpenAsync("/private")).Text);
        }
    }

    [Fact]
    public async Task AnotherDefaultSchemeIsWarnedOf()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Providers = builder => builder.AddGoogle().Services.AddAuthentication("Cookies").AddCookie("Cookies"));
        AssertWarned(app, 651, "'Cookies' after AddBlazorAuth", "builder.Services.AddAuthentication() without a name");
    }

    [Fact]
    public async Task ADefaultSchemeThatIsNotThereIsWarnedOf()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Providers = builder => builder.AddGoogle().Services.AddAuthentication("Cookies"));
        AssertWarned(app, 651, "'Cookies' after AddBlazorAuth", "builder.Services.AddAuthentication() without a name");
    }

    [Fact]
    public async Task SchemesBesideOursAndOneThatForwardsAreNoMistake()
    {
        await using (var beside = await AuthApp.StartAsync(setup => setup.Providers = builder => builder.Services.AddAuthentication().AddCookie("Cookies")))
        {
            AssertSilent(beside);
        }

        await using var forwarding = await AuthApp.StartAsync(setup => setup.Providers = builder => builder.Services.AddAuthentication("choice")
            .AddPolicyScheme("choice", null, options => options.ForwardDefault = SessionIdentity.Scheme));
        AssertSilent(forwarding);
    }

    [Fact]
    public async Task AddingAProviderTwiceStopsTheStart()
    {
        var error = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup => setup.Providers = builder => builder.AddGoogle().AddGoogle()));
        Assert.Equal(
            "The scheme 'Google' is added twice. Remove one of the two calls, or give the second scheme another name: .AddGoogle(\"Google2\", options => …).",
            error.Message);
    }

    [Fact]
    public async Task SavedTokensAreWarnedOf()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Providers = builder => builder.AddGoogle(options => options.SaveTokens = true).AddGitHub());
        AssertWarned(app, 652, "'google'", "GetTokenAsync returns null", "auth.Callbacks.OnToken");
    }

    [Theory]
    [InlineData("SessionOverlay", true)]
    [InlineData("SessionOverlay, SessionScript", false)]
    [InlineData("SessionScript", false)]
    [InlineData("SessionView", false)]
    public void AnOverlayWithoutItsScriptIsWarnedOf(string components, bool isWarned)
    {
        using var folder = new TempFolder();
        using var log = new LogCollector();
        new OverlayStartup(new HostingEnvironment { EnvironmentName = "Development" }, log.CreateLogger<OverlayStartup>())
            .Check(Compile(folder, "AnApp" + isWarned + components.Length, components.Split(", ")));
        Assert.Equal(isWarned ? 1 : 0, log.All.Count(line => line.Event.Id == 653 && line.Text.Contains("Add <SessionScript /> to the head of App.razor", StringComparison.Ordinal)));
    }

    [Fact]
    public void AScriptInALibraryOfTheAppCounts()
    {
        using var folder = new TempFolder();
        using var log = new LogCollector();
        Compile(folder, "TheLibrary", ["SessionScript"]);
        new OverlayStartup(new HostingEnvironment { EnvironmentName = "Development" }, log.CreateLogger<OverlayStartup>())
            .Check(Compile(folder, "AnAppWithALibrary", ["SessionOverlay"], MetadataReference.CreateFromFile(Path.Combine(folder.Path, "TheLibrary.dll"))));
        Assert.Empty(log.All);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AFolderThatCannotBeWrittenIsOneMessage(bool meetsTheKeyRingFirst)
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "App_Data"), "a file where the folder should be", TestContext.Current.CancellationToken);
        LogCollector? log = null;
        var error = await Assert.ThrowsAsync<AuthSetupException>(() => AuthApp.StartAsync(setup =>
        {
            setup.ContentRoot = folder.Path;
            setup.Settings.Clear();
            setup.Services = services =>
            {
                log = services.Select(service => service.ImplementationInstance).OfType<LogCollector>().First();
                if (meetsTheKeyRingFirst)
                {
                    services.AddDataProtection();
                }
            };
        }));
        Assert.StartsWith($"The session store {Path.Combine(folder.Path, "App_Data", "blazorauth.db")} cannot be created. Give the app's user write access", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(log!.All, line => line.Level >= LogLevel.Warning && !line.Category.StartsWith("Microsoft.Extensions.Hosting", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ASecretThatCannotBeKeptIsOneLineWhereTheStoreNeedsNoFolder()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "App_Data"), "a file where the folder should be", TestContext.Current.CancellationToken);
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.ContentRoot = folder.Path;
            setup.Settings.Remove("AUTH_SECRET");
        });
        var line = Assert.Single(app.Logs.Own, line => line.Event.Id == 602);
        Assert.Contains("Give the app's user write access", line.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", line.Text, StringComparison.Ordinal);
    }

    private static void AssertWarned(AuthApp app, int id, params string[] parts)
    {
        var line = Assert.Single(app.Logs.Own, line => Warnings.Contains(line.Event.Id));
        Assert.Equal((id, LogLevel.Warning), (line.Event.Id, line.Level));
        Assert.All(parts, part => Assert.Contains(part, line.Text, StringComparison.Ordinal));
    }

    private static void AssertSilent(AuthApp app) => Assert.DoesNotContain(app.Logs.Own, line => Warnings.Contains(line.Event.Id));

    // An assembly as razor files make it: it names the components that stand in them.
    private static Assembly Compile(TempFolder folder, string name, string[] components, params MetadataReference[] libraries)
    {
        var uses = string.Join("\n", components.Select((component, i) => $"public BlazorAuth.{component}? C{i};"));
        var library = libraries.Length > 0 ? "public TheLibrary.Parts? Library;" : "";
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(file => MetadataReference.CreateFromFile(file));
        var compilation = CSharpCompilation.Create(
            name, [CSharpSyntaxTree.ParseText($"#nullable enable\nnamespace {name}; public class Parts {{ {uses} {library} }}", cancellationToken: TestContext.Current.CancellationToken)],
            [.. references, .. libraries], new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary));
        var path = Path.Combine(folder.Path, name + ".dll");
        var result = compilation.Emit(path, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return Assembly.LoadFrom(path);
    }
}
