using BlazorAuth.Pages;

namespace Microsoft.Extensions.DependencyInjection;

internal static class PageServices
{
    /// <summary>The built-in pages.</summary>
    public static void AddAuthPages(this IServiceCollection services)
    {
        services.AddSingleton<ReturnPageNames>();
        services.AddSingleton<AppIcon>();
        services.AddSingleton<PageContextFactory>();
        services.AddSingleton<PageResult>();
        services.AddSingleton<ProfilePictures>();
    }
}
