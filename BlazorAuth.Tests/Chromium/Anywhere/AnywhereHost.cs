using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.StaticWebAssets;

namespace BlazorAuth.Tests.Chromium.Anywhere;

/// <summary>A small Blazor app on a port, drawn in one of the ways there are.</summary>
internal static class AnywhereHost
{
    public static Task<AuthApp> StartAsync(AnywhereMode mode, Action<WebApplication>? more = null) => AuthApp.StartAsync(setup =>
    {
        setup.Kestrel = true;
        setup.Services = services => services.AddSingleton(mode).AddRazorComponents().AddInteractiveServerComponents();
        setup.Settings[WebHostDefaults.StaticWebAssetsKey] = Path.Combine(AppContext.BaseDirectory, "BlazorAuth.App.staticwebassets.runtime.json");
        setup.Map = app =>
        {
            // Blazor's own script, as the app's build found it.
            StaticWebAssetsLoader.UseStaticWebAssets(app.Environment, app.Configuration);
            app.MapStaticAssets(Path.Combine(AppContext.BaseDirectory, "BlazorAuth.App.staticwebassets.endpoints.json"));
            app.UseAntiforgery();
            app.MapRazorComponents<AnywhereApp>().AddInteractiveServerRenderMode();
            more?.Invoke(app);
        };
    });
}
