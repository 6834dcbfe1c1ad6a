using BlazorAuth.Tests.Delivery;

namespace BlazorAuth.Tests.Identity;

/// <summary>
/// What <c>dotnet new blazor --auth Individual</c> makes, with the lines of <c>docs/identity.md</c>, made and built once. Whether BlazorAuth is added before everything
/// else or after it is chosen at the start.
/// </summary>
public sealed class IdentityTemplateApp(LocalFeed feed) : IAsyncLifetime
{
    private const string Name = "Ledger";

    private readonly Folder _root = new();

    public async ValueTask InitializeAsync()
    {
        feed.Serve(_root.Path);
        await ServerProcess.RunAsync(
            _root.Path, feed.Environment, "dotnet", "new", "blazor", "--auth", "Individual", "--interactivity", "Server", "-n", Name, "--no-restore", "--debug:custom-hive", _root.File(".hive"));
        ChangeProject();
        ChangeProgram();
        Add(Path.Combine("Components", "App.razor"), "<HeadOutlet />", "<SessionScript />");
        File.AppendAllText(_root.File(Path.Combine(Name, "Components", "Account", "Pages", "Manage", "_Imports.razor")), "\n@attribute [BlazorAuth.RequireFresh(15)]\n");
        Change(
            Path.Combine("Components", "Account", "IdentityComponentsEndpointRouteBuilderExtensions.cs"),
            "accountGroup.MapGroup(\"/Manage\").RequireAuthorization()", "accountGroup.MapGroup(\"/Manage\").RequireAuthorization().RequireFresh(TimeSpan.FromMinutes(15))");
        Add(Path.Combine("Components", "Routes.razor"), "</Router>", "<SessionOverlay @rendermode=\"InteractiveServer\" />");
        await ServerProcess.RunAsync(_root.Path, feed.Environment, "dotnet", "build", Name, "-warnaserror");
    }

    internal ServerProcess Start(bool isFirst, string? freshProviders = null) => ServerProcess.Start(
        _root.File(Name),
        new Dictionary<string, string?>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development", ["BLAZORAUTH_FIRST"] = isFirst ? "yes" : null, ["AUTH_SESSION_FRESH_PROVIDERS"] = freshProviders,
        },
        "dotnet", Path.Combine(_root.File(Name), "bin/Debug/net10.0", Name + ".dll"), "--urls", "http://127.0.0.1:0");

    public ValueTask DisposeAsync()
    {
        _root.Dispose();
        return ValueTask.CompletedTask;
    }

    // The SDK names the versions of its own day; those that this machine has restored are as good.
    private void ChangeProject()
    {
        var file = _root.File(Path.Combine(Name, Name + ".csproj"));
        var version = typeof(Microsoft.EntityFrameworkCore.DbContext).Assembly.GetName().Version!.ToString(3);
        var lines = File.ReadAllLines(file).Where(line => !line.Contains("EntityFrameworkCore.Tools", StringComparison.Ordinal) && !line.Contains("EntityFrameworkCore.Design", StringComparison.Ordinal))
            .Select(line => line.Contains("<PackageReference", StringComparison.Ordinal) ? line[..line.IndexOf("Version=", StringComparison.Ordinal)] + $"Version=\"{version}\" />" : line);
        var packages = string.Concat(((string[])["BlazorAuth.Core", "BlazorAuth.StandIns"]).Select(package => $"<PackageReference Include=\"{package}\" Version=\"{feed.Version}\" />"));
        File.WriteAllText(file, string.Join('\n', lines).Replace("</Project>", $"<ItemGroup>{packages}</ItemGroup></Project>", StringComparison.Ordinal));
    }

    /// <summary>What <c>docs/live-sessions.md</c> adds for open pages.</summary>
    private void Add(string path, string after, string line)
    {
        var file = _root.File(Path.Combine(Name, path));
        var page = File.ReadAllText(file);
        Assert.Contains(after, page, StringComparison.Ordinal);
        File.WriteAllText(file, $"@using BlazorAuth\n{page.Replace(after, after + "\n" + line, StringComparison.Ordinal)}");
    }

    private void Change(string path, string before, string after)
    {
        var file = _root.File(Path.Combine(Name, path));
        var code = File.ReadAllText(file);
        Assert.Contains(before, code, StringComparison.Ordinal);
        File.WriteAllText(file, code.Replace(before, after, StringComparison.Ordinal));
    }

    private void ChangeProgram()
    {
        const string Lines = "builder.Services.AddBlazorAuth().AddIdentityAccounts<ApplicationUser>().AddGoogle().AddGitHub();";
        var file = _root.File(Path.Combine(Name, "Program.cs"));
        var program = File.ReadAllText(file);
        foreach (var (line, changed) in new[]
        {
            ("var builder = WebApplication.CreateBuilder(args);", $"$&\nvar isFirst = Environment.GetEnvironmentVariable(\"BLAZORAUTH_FIRST\") is not null;\nif (isFirst) {{ {Lines} }}"),
            ("var app = builder.Build();", $"if (!isFirst) {{ {Lines} }}\nbuilder.AddStandIns();\n$&"),
            ("app.MapAdditionalIdentityEndpoints();", "$&\napp.MapBlazorAuth();"),
        })
        {
            Assert.Contains(line, program, StringComparison.Ordinal);
            program = program.Replace(line, changed.Replace("$&", line, StringComparison.Ordinal), StringComparison.Ordinal);
        }

        File.WriteAllText(file, program);
    }
}
