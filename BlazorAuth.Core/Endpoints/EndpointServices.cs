using BlazorAuth.Endpoints;
using BlazorAuth.Providers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

internal static class EndpointServices
{
    /// <summary>The endpoints and what runs before them.</summary>
    public static void AddAuthEndpoints(this IServiceCollection services)
    {
        services.AddSingleton<AuthPipeline>();
        services.AddSingleton<ICallbackRunner, OwnCallbacks>();
        services.AddSingleton<TooManyAttempts>();
        services.AddSingleton<FreshCheck>();
        services.AddSingleton<Refusals>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, CallbackMatcher>());
        services.AddSingleton<SignInEndpoint>();
        services.AddSingleton<SignInStart>();
        services.AddSingleton<ProvidersEndpoint>();
        services.AddSingleton<ErrorEndpoint>();
        services.AddSingleton<AccountEndpoint>();
        services.AddSingleton<AccountDeleteEndpoint>();
        services.AddSingleton<AccountLinkEndpoint>();
        services.AddSingleton<SessionsEndpoint>();
    }
}
