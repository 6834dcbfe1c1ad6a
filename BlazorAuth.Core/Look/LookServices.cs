using BlazorAuth.Look;

namespace Microsoft.Extensions.DependencyInjection;

internal static class LookServices
{
    /// <summary>The theme, and the files that pages and front ends load.</summary>
    public static void AddAuthLook(this IServiceCollection services)
    {
        services.AddSingleton<AuthTheme>();
        services.AddSingleton<AuthAssets>();
    }
}
