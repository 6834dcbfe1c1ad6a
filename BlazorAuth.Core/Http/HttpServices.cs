using BlazorAuth;
using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

internal static class HttpServices
{
    /// <summary>What every request needs: addresses, cookies, CORS, CSRF, limits, failures.</summary>
    public static void AddAuthHttp(this IServiceCollection services)
    {
        services.AddSingleton<PublicAddressSource>();
        services.AddSingleton<IStartupFilter, PublicAddressFilter>();
        services.AddSingleton(provider => new FrontEndOrigins(provider.GetRequiredService<IOptions<AuthOptions>>().Value.AllowedOrigins));
        services.AddCors();
        services.AddSingleton<IConfigureOptions<CorsOptions>, FrontEndCorsPolicy>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, FrontEndCorsMatcher>());
        services.AddSingleton<FrontEndCors>();
        services.AddSingleton<CookieNames>();
        services.AddSingleton<ContractCookies>();
        services.AddSingleton<LastProviderCookie>();
        services.AddSingleton<BrowserCookie>();
        services.AddSingleton<RefusedEntryCookie>();
        services.AddSingleton<SignedOutCookie>();
        services.AddSingleton<PageAddresses>();
        services.AddSingleton<FailureSeal>();
        services.AddSingleton<AuthRequestReader>();
        services.AddSingleton<OriginCheck>();
        services.AddSingleton<CsrfCheck>();
        services.AddSingleton<SignInRateLimit>();
        services.AddSingleton<RecentCauses>();
        services.AddSingleton<FailureReport>();
    }
}
