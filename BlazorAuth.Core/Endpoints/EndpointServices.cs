using BlazorAuth.Endpoints;
using BlazorAuth.Providers;

namespace Microsoft.Extensions.DependencyInjection;

internal static class EndpointServices
{
    /// <summary>The endpoints and what stands in front of them.</summary>
    public static void AddAuthEndpoints(this IServiceCollection services)
    {
        services.AddSingleton<AuthPipeline>();
        services.AddSingleton<ICallbackRunner, OwnCallbacks>();
        services.AddSingleton<Refusals>();
        services.AddSingleton<SignInEndpoint>();
        services.AddSingleton<SignInStart>();
        services.AddSingleton<ProvidersEndpoint>();
        services.AddSingleton<ErrorEndpoint>();
        services.AddSingleton<AccountEndpoint>();
        services.AddSingleton<SessionsEndpoint>();
    }
}
