using BlazorAuth;
using BlazorAuth.Providers;
using BlazorAuth.Providers.OpenIdConnect;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

internal static class ProviderServices
{
    /// <summary>How every remote scheme becomes a provider, and the gate behind all of them.</summary>
    public static void AddAuthProviders(this IServiceCollection services)
    {
        // First, so that the app's own settings take precedence and the handlers' own post-configuration sees what the convention adds.
        services.Insert(0, ServiceDescriptor.Singleton(typeof(IConfigureOptions<>), typeof(ProviderConvention<>)));
        services.Insert(0, ServiceDescriptor.Singleton(typeof(IPostConfigureOptions<>), typeof(ProviderConvention<>)));
        services.Replace(ServiceDescriptor.Singleton<IAuthenticationSchemeProvider, AuthSchemeProvider>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<OpenIdConnectOptions>, OpenIdConnectPostConfigureOptions>());
        services.TryAddTransient<OpenIdConnectHandler>();
#if GITHUB_PACKAGE
        services.TryAddEnumerable(ServiceDescriptor.Singleton<
            IPostConfigureOptions<AspNet.Security.OAuth.GitHub.GitHubAuthenticationOptions>, BlazorAuth.Providers.GitHubPackage.GitHubPackageConvention>());
#endif
        services.AddSingleton<ProviderSetup>();
        services.AddSingleton(provider => new AuthProviderRegistry(
            provider.GetRequiredService<IAuthenticationSchemeProvider>(), provider, provider.GetRequiredService<ProviderSetup>()));
        StartSignInsFor(services);
        services.AddSingleton<ProviderIssuer>();
        services.AddSingleton<SignInFlow>();
        services.AddSingleton<FlowCookies>();
        services.AddSingleton<FlowReturns>();
        services.AddSingleton<AuthorizationParameters>();
        services.AddSingleton<OpenIdConnectConvention>();
        services.AddSingleton<CauseFinder>();
        services.AddSingleton<ProviderEvents>();
        services.TryAddSingleton<IForeignFlows, NoForeignFlows>();
        services.AddSingleton<SignInGate>();
        services.AddSingleton<RemoteSignIn>();
        services.AddSingleton<AccountConnection>();
        services.AddSingleton<CallbackRequests>();
        services.AddSingleton<CallbackFailures>();
        services.AddSingleton<RequiredPushes>();
        services.AddSingleton<StateUse>();
    }

    private static void StartSignInsFor(IServiceCollection services)
    {
        var platform = services.Last(service => service.ServiceType == typeof(IAuthenticationService));
        var create = platform.ImplementationType is { } type ? ActivatorUtilities.CreateFactory(type, []) : null;
        services.Replace(ServiceDescriptor.Describe(
            typeof(IAuthenticationService),
            provider => new SignInStarter((IAuthenticationService)(
                create?.Invoke(provider, null) ?? platform.ImplementationInstance ?? platform.ImplementationFactory!(provider))),
            platform.Lifetime));
    }
}
