using BlazorAuth;
using BlazorAuth.Accounts;
using BlazorAuth.Identity;
using BlazorAuth.Sessions;
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

/// <summary>Adds BlazorAuth's services.</summary>
public static class AuthServiceCollectionExtensions
{
    /// <summary>
    /// Adds the Auth.js endpoints, sessions and pages to the app, and makes sessions its default authentication scheme. Map them with
    /// <c>app.MapBlazorAuth()</c>. Calling it more than once is harmless.
    /// </summary>
    /// <remarks>
    /// The app's Data Protection keys move to the session store, encrypted with the app's secret, unless the app persists them elsewhere itself
    /// (<c>PersistKeysTo…</c>), and the application name becomes <c>IHostEnvironment.ApplicationName</c> unless <c>SetApplicationName</c> was called:
    /// so that data protected by one node can be read by the others, and after a restart. Data that an existing app protected with its old keys can no longer be read;
    /// keep both calls if that matters.
    /// </remarks>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets options; what it leaves unset comes from the environment and <c>appsettings</c>.</param>
    /// <returns>The authentication builder: every remote scheme that is added to it becomes a provider.</returns>
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

        services.AddAuthorization();
        services.TryAddSingleton(TimeProvider.System);
        services.AddAuthConfiguration();
        services.AddAuthHttp();
        services.AddAuthTokens();
        services.AddAuthStepUp();
        services.AddAuthStartup();
        services.AddAuthProviders();
        services.AddAuthSync();
        services.AddAuthSessions();
        services.AddAuthAccounts();
        services.AddAuthCircuits();
        services.AddAuthTexts();
        services.AddAuthLook();
        services.AddAuthScheme();
        services.AddAuthCredentials();
        services.AddAuthImport();
        services.AddAuthPages();
        services.AddAuthEndpoints();
        services.AddAuthComponents();
        services.AddAuthPreview();
        return builder;
    }

    /// <summary>Uses a class for the app's callbacks. It can inject services, and one instance is created per request.</summary>
    public static AuthenticationBuilder AddCallbacks<TCallbacks>(this AuthenticationBuilder builder)
        where TCallbacks : AuthCallbacks
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Scoped<AuthCallbacks, TCallbacks>());
        return builder;
    }

    /// <summary>
    /// Keeps users in the app's own store, which is created once and replaces BlazorAuth's account store. <see cref="IAccountStore"/> documents what it has
    /// to guarantee.
    /// </summary>
    public static AuthenticationBuilder AddAccounts<TStore>(this AuthenticationBuilder builder)
        where TStore : class, IAccountStore
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Singleton<IAccountStore, TStore>());
        builder.Services.AddSingleton(new OwnAccounts($"AddAccounts<{typeof(TStore).Name}>()"));
        return builder;
    }

    /// <summary>
    /// Uses ASP.NET Core Identity as the source of users: its sign-ins become sessions that can be listed and revoked, its pages keep working, and
    /// <c>UserManager</c> decides on IDs, lockout and the second factor. Requires Identity's cookies and <c>AddSignInManager()</c>, before or after this call.
    /// </summary>
    /// <typeparam name="TUser">The app's user class.</typeparam>
    /// <param name="builder">The builder that <c>AddBlazorAuth</c> returned.</param>
    /// <param name="configure">Sets options.</param>
    public static AuthenticationBuilder AddIdentityAccounts<TUser>(this AuthenticationBuilder builder, Action<AuthIdentityOptions>? configure = null)
        where TUser : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (configure is not null)
        {
            builder.Services.Configure(configure);
        }

        if (builder.Services.All(service => service.ServiceType != typeof(IdentityBridge)))
        {
            builder.Services.AddAuthIdentity<TUser>();
        }

        return builder;
    }

    /// <summary>Uses a class for the app's events. It can inject services, and one instance is created per request.</summary>
    public static AuthenticationBuilder AddEvents<TEvents>(this AuthenticationBuilder builder)
        where TEvents : AuthEvents
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Scoped<AuthEvents, TEvents>());
        return builder;
    }
}
