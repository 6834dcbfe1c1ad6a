using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace BlazorAuth.App.StandIns;

/// <summary>The two calls that switch the stand-ins on. Outside Development both do nothing, or refuse.</summary>
internal static class StandInExtensions
{
    /// <summary>
    /// In Development, lets local stand-ins answer for Google, GitHub and OpenID Connect schemes that have no keys. <c>AUTH_STAND_INS=false</c>
    /// (or <c>Auth:StandIns</c>) switches them off. May be called before or after the schemes are added.
    /// </summary>
    /// <exception cref="InvalidOperationException">They are switched on outside Development, or the setting is not a boolean.</exception>
    public static WebApplicationBuilder AddStandIns(this WebApplicationBuilder builder, Action<StandInOptions>? configure = null)
    {
        if (!AreOn(builder.Configuration, builder.Environment) || builder.Services.Any(service => service.ServiceType == typeof(StandInServer)))
        {
            return builder;
        }

        var options = new StandInOptions { Issuer = new Uri(StandInAddress.Issuer), AppAddress = AppAddress(builder.Configuration) };
        configure?.Invoke(options);
        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton<StandInGrants>();
        services.AddSingleton<StandInPages>();
        services.AddSingleton<GoogleStandIn>();
        services.AddSingleton<GitHubStandIn>();
        services.AddSingleton<OpenIdStandIn>();
        services.AddSingleton<StandInServer>();
        var withOpenId = string.IsNullOrEmpty(builder.Configuration["AUTH_OIDC_ISSUER"]) && string.IsNullOrEmpty(builder.Configuration["Auth:Oidc:Issuer"]);
        var openIdName = builder.Configuration["AUTH_OIDC_NAME"] ?? "OpenID Connect";
        // At the last moment, so that they stand first whatever the order of calls: other post-configuration looks at the keys and
        // builds the backchannel.
        builder.Host.ConfigureContainer<IServiceCollection>(services =>
        {
            services.Insert(0, ServiceDescriptor.Singleton(typeof(IPostConfigureOptions<>), typeof(StandInOAuthSchemes<>)));
            services.Insert(0, ServiceDescriptor.Singleton<IPostConfigureOptions<OpenIdConnectOptions>, StandInOpenIdSchemes>());
            if (withOpenId && services.Any(service => service.ServiceType == typeof(IAuthenticationService)))
            {
                AddOpenIdScheme(services, openIdName);
            }
        });
        return builder;
    }

    /// <summary>Maps what the stand-ins answer below <c>/stand-ins</c>. Does nothing where <see cref="AddStandIns"/> did nothing.</summary>
    /// <exception cref="InvalidOperationException">They are switched on outside Development, or the setting is not a boolean.</exception>
    public static WebApplication MapStandIns(this WebApplication app)
    {
        // Asked again: the configuration may have grown since, and no stand-in may answer outside Development.
        if (!AreOn(app.Configuration, app.Environment) || app.Services.GetService<StandInServer>() is not { IsMapped: false } server)
        {
            return app;
        }

        var group = app.MapGroup(StandInAddress.Prefix).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription();
        foreach (var route in server.Routes)
        {
            group.MapMethods(route.Path, route.Methods, route.Handler);
        }

        server.IsMapped = true;
        return app;
    }

    // Unless the app adds one of that name itself.
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

    private static bool AreOn(IConfiguration configuration, IHostEnvironment environment)
    {
        var (name, value) = !string.IsNullOrEmpty(configuration["AUTH_STAND_INS"])
            ? ("AUTH_STAND_INS", configuration["AUTH_STAND_INS"])
            : ("Auth:StandIns", configuration["Auth:StandIns"]);
        if (string.IsNullOrEmpty(value))
        {
            return environment.IsDevelopment();
        }

        if (!bool.TryParse(value, out var isOn))
        {
            throw new AuthSetupException($"{name} is neither true nor false. Correct it or remove it.");
        }

        if (isOn && !environment.IsDevelopment())
        {
            throw new AuthSetupException(
                $"{name} is true, but this is {environment.EnvironmentName}, and the stand-ins let anybody sign in as anybody: they exist in Development only. " +
                $"Remove {name}, and set the providers' own keys (AUTH_GOOGLE_ID and AUTH_GOOGLE_SECRET, and so on).");
        }

        return isOn;
    }

    private static Uri? AppAddress(ConfigurationManager configuration) =>
        Uri.TryCreate(configuration["AUTH_URL"], UriKind.Absolute, out var address) ? address : null;
}
