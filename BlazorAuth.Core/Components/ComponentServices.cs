using BlazorAuth;
using BlazorAuth.Components;
using BlazorAuth.Look;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace Microsoft.Extensions.DependencyInjection;

internal static class ComponentServices
{
    /// <summary>What components inject.</summary>
    public static void AddAuthComponents(this IServiceCollection services)
    {
        services.AddRazorComponents()
            .RegisterPersistentService<AuthFormToken>(RenderMode.InteractiveServer)
            .RegisterPersistentService<ComponentLanguage>(RenderMode.InteractiveServer);
        services.AddCascadingAuthenticationState();
        services.AddScoped<AuthFormToken>();
        services.AddScoped<ComponentLanguage>();
        services.AddScoped(provider => new AuthNavigation(
            provider.GetRequiredService<NavigationManager>(), provider.GetRequiredService<IJSRuntime>(),
            provider.GetRequiredService<AuthAssets>(), provider.GetRequiredService<AuthFormToken>()));
        services.AddScoped(provider => new FreshSession(
            provider.GetRequiredService<AuthenticationStateProvider>(),
            provider.GetRequiredService<SessionManager>(),
            provider.GetRequiredService<AuthProviderRegistry>(),
            provider.GetRequiredService<NavigationManager>()));
    }
}
