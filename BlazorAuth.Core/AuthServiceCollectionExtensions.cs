using BlazorAuth;
using BlazorAuth.Circuits;
using BlazorAuth.Components;
using BlazorAuth.Configuration;
using BlazorAuth.Credentials;
using BlazorAuth.Endpoints;
using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Look;
using BlazorAuth.Pages;
using BlazorAuth.Preview;
using BlazorAuth.Providers;
using BlazorAuth.Scheme;
using BlazorAuth.Sessions;
using BlazorAuth.Startup;
using BlazorAuth.StepUp;
using BlazorAuth.Sync;
using BlazorAuth.Texts;
using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.JSInterop;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>The call that adds BlazorAuth.</summary>
public static class AuthServiceCollectionExtensions
{
    /// <summary>
    /// Adds the Auth.js endpoints, sessions and pages to the app, and makes sessions its default authentication scheme. Map them with
    /// <c>app.MapBlazorAuth()</c>. Harmless when repeated.
    /// </summary>
    /// <remarks>
    /// The app's Data Protection keys move to the session store, encrypted under the app's secret, unless the app persists them elsewhere itself
    /// (<c>PersistKeysTo…</c>), and the application name becomes <c>IHostEnvironment.ApplicationName</c> unless <c>SetApplicationName</c> was called:
    /// so every node and every restart can read what another protected. What an existing app protected under its old keys cannot be read any more;
    /// keep both calls if that matters.
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options; what it leaves unset comes from the environment and <c>appsettings</c>.</param>
    /// <returns>The platform's builder: every remote scheme that is added to it becomes a provider.</returns>
    public static AuthenticationBuilder AddBlazorAuth(this IServiceCollection services, Action<AuthOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        if (configure is not null)
        {
            services.Configure(configure);
        }

        var builder = services.AddAuthentication(SessionIdentity.Scheme);
        if (services.Any(service => service.ServiceType == typeof(AuthProviderRegistry)))
        {
            return builder;
        }

        services.AddRazorComponents()
            .RegisterPersistentService<AuthFormToken>(RenderMode.InteractiveServer)
            .RegisterPersistentService<ComponentLanguage>(RenderMode.InteractiveServer);
        services.AddScoped<AuthFormToken>();
        services.AddAuthorization();
        AddFreshness(services);
        services.AddCascadingAuthenticationState();
        services.TryAddSingleton(TimeProvider.System);
        AddConfiguration(services);
        AddProviders(services);
        AddSessions(services);
        AddEndpoints(services);
        AddCircuits(services);
        return builder.AddScheme<AuthenticationSchemeOptions, SessionHandler>(SessionIdentity.Scheme, null);
    }

    /// <summary>Takes the app's decisions from a class, which may ask for services. It is made once per request.</summary>
    public static AuthenticationBuilder AddCallbacks<TCallbacks>(this AuthenticationBuilder builder)
        where TCallbacks : AuthCallbacks
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Scoped<AuthCallbacks, TCallbacks>());
        return builder;
    }

    /// <summary>Tells a class what happened; it may ask for services. It is made once per request.</summary>
    public static AuthenticationBuilder AddEvents<TEvents>(this AuthenticationBuilder builder)
        where TEvents : AuthEvents
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Scoped<AuthEvents, TEvents>());
        return builder;
    }

    private static void AddFreshness(IServiceCollection services)
    {
        services.AddSingleton<IAuthorizationHandler, FreshHandler>();
        services.AddHostedService<FreshStartup>();
        var inner = services.Last(service => service.ServiceType == typeof(IAuthorizationPolicyProvider) && !service.IsKeyedService);
        services.Add(ServiceDescriptor.Describe(
            typeof(IAuthorizationPolicyProvider), provider => new FreshPolicyProvider((IAuthorizationPolicyProvider)Create(provider, inner)), inner.Lifetime));
    }

    private static object Create(IServiceProvider provider, ServiceDescriptor service) =>
        service.ImplementationInstance
            ?? service.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, service.ImplementationType!);

    private static void AddConfiguration(IServiceCollection services)
    {
        services.AddSingleton<AuthEnvironment>();
        services.AddSingleton<DevelopmentSecret>();
        services.AddSingleton<IPostConfigureOptions<AuthOptions>, AuthOptionsSetup>();
        services.AddSingleton<IValidateOptions<AuthOptions>, AuthOptionsValidator>();
        services.AddOptions<AuthOptions>().ValidateOnStart();
        services.TryAddScoped<AuthCallbacks>(provider => provider.GetRequiredService<IOptions<AuthOptions>>().Value.Callbacks);
        services.TryAddScoped<AuthEvents>(provider => provider.GetRequiredService<IOptions<AuthOptions>>().Value.Events);
        services.AddSingleton<IStartupFilter, PublicAddressFilter>();
        services.AddHostedService<AuthStartup>();
        services.AddHostedService<FrontEndStartup>();
    }

    private static void AddProviders(IServiceCollection services)
    {
        // First of all, so that the app's own settings win and the handlers' own post-configuration sees what the convention adds.
        services.Insert(0, ServiceDescriptor.Singleton(typeof(IConfigureOptions<>), typeof(ProviderConvention<>)));
        services.Insert(0, ServiceDescriptor.Singleton(typeof(IPostConfigureOptions<>), typeof(ProviderConvention<>)));
        services.Replace(ServiceDescriptor.Singleton<IAuthenticationSchemeProvider, AuthSchemeProvider>());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<OpenIdConnectOptions>, OpenIdConnectPostConfigureOptions>());
        services.TryAddTransient<OpenIdConnectHandler>();
#if GITHUB_PACKAGE
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<AspNet.Security.OAuth.GitHub.GitHubAuthenticationOptions>, BlazorAuth.Providers.GitHubPackage.GitHubPackageConvention>());
#endif
        services.AddSingleton<ProviderSetup>();
        services.AddSingleton(provider => new AuthProviderRegistry(
            provider.GetRequiredService<IAuthenticationSchemeProvider>(), provider, provider.GetRequiredService<ProviderSetup>()));
        services.AddSingleton<ProviderIssuer>();
        services.AddSingleton<SignInFlow>();
        services.AddSingleton<ProviderEvents>();
        services.AddSingleton<SignInGate>();
        services.AddSingleton<CallbackRequests>();
        services.AddSingleton<CallbackFailures>();
        services.AddSingleton<CredentialsEndpoint>();
    }

    private static void AddSessions(IServiceCollection services)
    {
        services.AddSingleton(provider => new SessionToken(new SessionKeyRing(provider.GetRequiredService<IOptions<AuthOptions>>().Value.Secrets)));
        services.AddSingleton<SessionCookie>();
        services.AddSingleton<SessionIssuer>();
        services.AddSingleton<SessionChallenge>();
        services.AddSingleton<AuthJsAdoption>();
        services.AddSingleton<KnownChanges>();
        services.AddSingleton<StoreOutbox>();
        services.AddSingleton<StoreState>();
        services.AddSingleton<RevocationRecovery>();
        services.AddSingleton<ChangeReader>();
        services.AddSingleton<IStartupFilter, StoreGate>();
        services.AddHealthChecks().AddCheck<StoreHealth>("blazorauth");
        services.AddSingleton(provider => new SessionManager(
            provider.GetRequiredService<ISessionStore>(),
            provider.GetRequiredService<KnownChanges>(),
            provider.GetRequiredService<StoreOutbox>(),
            provider.GetRequiredService<StoreState>(),
            provider.GetRequiredService<IServiceScopeFactory>(),
            provider.GetRequiredService<IOptions<AuthOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<SessionManager>>()));
        services.AddHostedService<StoreSync>();
        services.AddSingleton<StoreFactory>();
        services.TryAddSingleton(provider => provider.GetRequiredService<StoreFactory>().Create());
        services.AddSingleton(provider => new ProtectionKeyCipher([.. provider.GetRequiredService<IOptions<AuthOptions>>().Value.Secrets]));
        services.AddDataProtection();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<KeyManagementOptions>, ProtectionKeySetup>());
        services.AddOptions<DataProtectionOptions>().PostConfigure<IHostEnvironment>(UseApplicationName);
    }

    // The platform's default is the folder the app runs in, which differs between nodes and between two starts of a container.
    private static void UseApplicationName(DataProtectionOptions options, IHostEnvironment host)
    {
        if (options.ApplicationDiscriminator is null || options.ApplicationDiscriminator == host.ContentRootPath)
        {
            options.ApplicationDiscriminator = host.ApplicationName;
        }
    }

    private static void AddEndpoints(IServiceCollection services)
    {
        services.AddSingleton<PublicAddressSource>();
        services.AddSingleton(provider => new FrontEndOrigins(provider.GetRequiredService<IOptions<AuthOptions>>().Value.AllowedOrigins));
        services.AddCors();
        services.AddSingleton<IConfigureOptions<CorsOptions>, FrontEndCorsPolicy>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<MatcherPolicy, FrontEndCorsMatcher>());
        services.AddSingleton<FrontEndCors>();
        services.AddSingleton<ContractCookies>();
        services.AddSingleton<PageAddresses>();
        services.AddSingleton<AuthRequestReader>();
        services.AddSingleton<CsrfCheck>();
        services.AddSingleton<SignInRateLimit>();
        services.AddSingleton<FailureReport>();
        services.AddSingleton<ProvidersEndpoint>();
        services.AddSingleton<AuthPipeline>();
        AddPages(services);
    }

    private static void AddPages(IServiceCollection services)
    {
        services.AddSingleton<AuthTheme>();
        services.AddSingleton<AuthAssets>();
        services.AddSingleton<LanguageChoice>();
        services.AddSingleton<ReturnPageNames>();
        services.AddSingleton<LastProviderCookie>();
        services.AddSingleton<SignedOutCookie>();
        services.AddSingleton<PageContextFactory>();
        services.AddSingleton<PageResult>();
        services.AddSingleton<AuthPages>();
        services.AddSingleton<AccountPages>();
        services.AddSingleton<PreviewStates>();
        services.AddScoped<ComponentLanguage>();
        services.AddScoped(provider => new AuthNavigation(
            provider.GetRequiredService<NavigationManager>(), provider.GetRequiredService<IJSRuntime>(),
            provider.GetRequiredService<AuthAssets>(), provider.GetRequiredService<AuthFormToken>()));
    }

    private static void AddCircuits(IServiceCollection services)
    {
        services.AddSingleton<CircuitSessions>();
        services.AddSingleton<SessionHandover>();
        services.AddScoped(provider => new FreshSession(
            provider.GetRequiredService<AuthenticationStateProvider>(),
            provider.GetRequiredService<SessionManager>(),
            provider.GetRequiredService<AuthProviderRegistry>(),
            provider.GetRequiredService<NavigationManager>()));
        services.AddScoped<SessionStateProvider>();
        services.Replace(ServiceDescriptor.Scoped<AuthenticationStateProvider>(provider => provider.GetRequiredService<SessionStateProvider>()));
        services.AddScoped<CircuitHandler, CircuitSessionHandler>();
        services.AddCascadingValue(CascadingSession.Create);
    }
}
