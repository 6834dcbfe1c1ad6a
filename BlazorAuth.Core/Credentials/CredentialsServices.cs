using BlazorAuth.Credentials;

namespace Microsoft.Extensions.DependencyInjection;

internal static class CredentialsServices
{
    /// <summary>Providers without a remote server.</summary>
    public static void AddAuthCredentials(this IServiceCollection services)
    {
        services.AddSingleton<CredentialsEndpoint>();
    }
}
