using BlazorAuth.StandIns;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the stand-ins.</summary>
public static class StandInExtensions
{
    private static readonly string[] OpenIdIssuers = ["AUTH_OIDC_ISSUER", "Auth:Oidc:Issuer", "AUTH_OIDC_ID", "Auth:Oidc:Id"];

    /// <summary>
    /// In Development, replaces providers that have no keys with local stand-ins: Google, GitHub, OpenID Connect and <c>AddOAuth</c> schemes, under
    /// <c>/stand-ins</c>. They only accept requests from this machine. Outside Development, nothing is added. Can be called before or after the schemes are added, and more than once.
    /// </summary>
    /// <remarks>
    /// <c>AUTH_STAND_INS=false</c> turns them off, <c>private</c> also allows private networks, for containers. The section <c>StandIns</c> of the
    /// configuration sets the options: <c>StandIns:People:0:Id</c> and so on.
    /// </remarks>
    /// <param name="builder">The app that is being built.</param>
    /// <param name="configure">Sets people, failures and the client.</param>
    /// <exception cref="InvalidOperationException">They are switched on outside Development, or the setting is invalid.</exception>
    public static WebApplicationBuilder AddStandIns(this WebApplicationBuilder builder, Action<StandInOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (StandInAccess.Read(builder.Configuration, builder.Environment) is not { } access
            || builder.Services.Any(service => service.ServiceType == typeof(StandInServer)))
        {
            return builder;
        }

        var options = StandInOptions.Read(builder.Configuration);
        configure?.Invoke(options);
        options.Check();
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(access);
        services.AddSingleton<RedirectUri>();
        services.AddSingleton<StandInGrants>();
        services.AddSingleton<StandInPages>();
        services.AddSingleton<GoogleStandIn>();
        services.AddSingleton<GitHubStandIn>();
        services.AddSingleton<PlainOAuthStandIn>();
        services.AddSingleton<OpenIdStandIn>();
        services.AddSingleton<StandInServer>();
        services.Insert(0, ServiceDescriptor.Singleton<IStartupFilter, StandInFilter>());
        var withOpenId = OpenIdIssuers.All(name => string.IsNullOrEmpty(builder.Configuration[name]));
        var openIdName = builder.Configuration["AUTH_OIDC_NAME"] ?? builder.Configuration["Auth:Oidc:Name"] ?? "OpenID Connect";
        // As late as possible, so that they come first whatever the order of calls: other post-configuration looks at the keys and
        // builds the backchannel.
        builder.Host.ConfigureContainer<IServiceCollection>(services =>
        {
            services.Insert(0, ServiceDescriptor.Singleton(typeof(IPostConfigureOptions<>), typeof(StandInOAuthSchemes<>)));
            services.Insert(0, ServiceDescriptor.Singleton<IPostConfigureOptions<OpenIdConnectOptions>, StandInOpenIdSchemes>());
            if (withOpenId && options.OffersOpenId && services.Any(service => service.ServiceType == typeof(IAuthenticationService)))
            {
                AddOpenIdScheme(services, openIdName);
            }
        });
        return builder;
    }

    // Unless the app adds one with that name itself.
    private static void AddOpenIdScheme(IServiceCollection services, string displayName)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<OpenIdConnectOptions>, OpenIdConnectPostConfigureOptions>());
        services.TryAddTransient<OpenIdConnectHandler>();
        services.PostConfigure<AuthenticationOptions>(options =>
        {
            if (!options.SchemeMap.ContainsKey("oidc"))
            {
                options.AddScheme<OpenIdConnectHandler>("oidc", displayName);
            }
        });
    }
}
