using BlazorAuth.App.Components;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

// Not below BlazorAuth: an app's own namespace is not either.
namespace Snippets;

internal static class Readme
{
    public static void Run(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.Services.AddRazorComponents().AddInteractiveServerComponents();
        builder.Services.AddBlazorAuth().AddGoogle().AddGitHub();

        var app = builder.Build();
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapBlazorAuth();
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode();
        app.Run();
    }

    public static void Google(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth().AddGoogle();
    }

    public static void Map(WebApplication app)
    {
        app.MapBlazorAuth();
    }
}
