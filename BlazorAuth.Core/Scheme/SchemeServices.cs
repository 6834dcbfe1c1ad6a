using BlazorAuth.Scheme;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

internal static class SchemeServices
{
    /// <summary>The default authentication scheme: sessions.</summary>
    public static void AddAuthScheme(this IServiceCollection services)
    {
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<NeighbourCookies>();
        services.AddSingleton<SessionIssuer>();
        services.AddSingleton<DirectSignIn>();
        services.AddSingleton<SessionChallenge>();
        services.AddSingleton<AuthJsAdoption>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, LateEndpoint>());
        new AuthenticationBuilder(services).AddScheme<AuthenticationSchemeOptions, SessionHandler>(SessionIdentity.Scheme, null);
    }
}
