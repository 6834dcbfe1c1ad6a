using System.Text.RegularExpressions;
using BlazorAuth.Tests.Delivery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;
using Microsoft.Extensions.FileProviders;
using Microsoft.FluentUI.AspNetCore.Components;
using MudBlazor.Services;

namespace BlazorAuth.Tests.Chromium.Hosts;

/// <summary>An app with a header of one of the libraries that Blazor apps use, and our menu in it.</summary>
internal static partial class HostServer
{
    private static readonly Lazy<Task<string>> Template = new(ReadTemplateAsync);

    public static async Task<AuthApp> StartAsync(HostKind kind, bool isDark)
    {
        var style = kind switch
        {
            HostKind.Template => await Template.Value,
            HostKind.Bootstrap => await Npm.ReadAsync("bootstrap", "dist", "css", "bootstrap.min.css"),
            _ => "",
        };
        return await AuthApp.StartAsync(setup =>
        {
            setup.Kestrel = true;
            setup.Services = services => services.AddSingleton(new Host(kind, isDark, style)).AddMudServices().AddFluentUIComponents()
                .AddRazorComponents().AddInteractiveServerComponents();
            setup.Options = auth => auth.Pages.Bridge = kind switch
            {
                HostKind.MudBlazor => AuthBridge.MudBlazor,
                HostKind.FluentUi => AuthBridge.FluentUi,
                _ => AuthBridge.Bootstrap,
            };
            setup.Settings[WebHostDefaults.StaticWebAssetsKey] = Path.Combine(AppContext.BaseDirectory, "BlazorAuth.App.staticwebassets.runtime.json");
            setup.Map = app =>
            {
                StaticWebAssetsLoader.UseStaticWebAssets(app.Environment, app.Configuration);
                app.UseStaticFiles(new StaticFileOptions { RequestPath = "/_content", FileProvider = new PhysicalFileProvider(Path.Combine(AppContext.BaseDirectory, "Hosts")) });
                app.UseRouting();
                app.MapStaticAssets(Path.Combine(AppContext.BaseDirectory, "BlazorAuth.App.staticwebassets.endpoints.json"));
                app.UseAntiforgery();
                app.MapRazorComponents<HostApp>().AddInteractiveServerRenderMode();
            };
        });
    }

    /// <summary>The style sheets of a new app, as the SDK of this machine makes it.</summary>
    private static async Task<string> ReadTemplateAsync()
    {
        using var folder = new Folder();
        await ServerProcess.RunAsync(folder.Path, null, Needs.Tool("dotnet"), "new", "blazor", "--interactivity", "Server", "-n", "NewApp", "-o", ".", "--no-restore");
        var files = new[] { "wwwroot/lib/bootstrap/dist/css/bootstrap.min.css", "wwwroot/app.css", "Components/Layout/MainLayout.razor.css" };
        var sheets = await Task.WhenAll(files.Select(file => File.ReadAllTextAsync(folder.File(file))));
        sheets[^1] = TopRow().Replace(sheets[^1], "$0[b-host]").Replace(" ::deep", "", StringComparison.Ordinal);
        return string.Join('\n', sheets);
    }

    [GeneratedRegex(@"\.top-row(\.auth)?")]
    private static partial Regex TopRow();
}
