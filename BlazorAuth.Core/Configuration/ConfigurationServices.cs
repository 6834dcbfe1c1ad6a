using BlazorAuth.Configuration;

namespace Microsoft.Extensions.DependencyInjection;

internal static class ConfigurationServices
{
    /// <summary>How settings are read.</summary>
    public static void AddAuthConfiguration(this IServiceCollection services)
    {
        services.AddSingleton<AuthEnvironment>();
    }
}
