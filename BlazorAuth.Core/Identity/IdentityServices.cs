using BlazorAuth;
using BlazorAuth.Accounts;
using BlazorAuth.Circuits;
using BlazorAuth.Http;
using BlazorAuth.Identity;
using BlazorAuth.Providers;
using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

internal static class IdentityServices
{
    /// <summary>Makes Identity's users the users, and its sign-ins sessions.</summary>
    public static void AddAuthIdentity<TUser>(this IServiceCollection services)
        where TUser : class
    {
        services.AddHttpContextAccessor();
        services.AddSingleton<IdentityBridge>();
        services.AddHostedService(provider => provider.GetRequiredService<IdentityBridge>());
        services.AddHostedService<ManageEndpoints>();
        services.AddSingleton(new OwnAccounts($"AddIdentityAccounts<{typeof(TUser).Name}>()"));
        services.Replace(ServiceDescriptor.Singleton<IAccountAuthority, IdentityAccounts<TUser>>());
        services.Replace(ServiceDescriptor.Singleton<IForeignFlows, IdentityFlows>());
        services.Replace(ServiceDescriptor.Singleton<IAppSignIn, IdentitySignIn<TUser>>());
        services.Replace(ServiceDescriptor.Singleton(new StampUse(Counts: true)));
        services.Replace(ServiceDescriptor.Singleton(ShapeOf));
        services.AddSingleton(LoginPageOf);
        services.AddSingleton<NewUsers<TUser>>();
        services.AddSingleton<StampChecks<TUser>>();
        services.AddSingleton<IStoredStamps, StampReader<TUser>>();
        services.AddHostedService<StampWatch<TUser>>();
        services.AddSingleton<StampCatchUp<TUser>>();
        services.AddSingleton<IUntoldChanges>(provider => provider.GetRequiredService<StampCatchUp<TUser>>());
        services.AddHostedService(provider => provider.GetRequiredService<StampCatchUp<TUser>>());
        services.AddScoped(provider => new IdentitySessions(
            provider.GetRequiredService<SessionManager>(), provider.GetRequiredService<SessionStateProvider>(), provider.GetRequiredService<IHttpContextAccessor>(),
            provider.GetRequiredService<IStoredStamps>(), provider.GetRequiredService<IUntoldChanges>()));
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ApplicationScheme).PostConfigure(Forward);
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.ExternalScheme).PostConfigure<SignInFlow, ILogger<IdentityFlows>>(ExternalCookie.BindToBrowser);
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.TwoFactorUserIdScheme).PostConfigure<SharedClock>(TwoFactorCookie.Bind<TUser>);
        services.AddOptions<CookieAuthenticationOptions>(IdentityConstants.TwoFactorRememberMeScheme).PostConfigure(RememberedMachine.CompareStamp<TUser>);
        services.AddOptions<AuthenticationOptions>().PostConfigure(UseSessions);
        UseManager<TUser>(services);
        StateProviderOrder.Keep(services);
    }

    /// <summary>The manager that tells of new stamps, unless the app has its own.</summary>
    private static void UseManager<TUser>(IServiceCollection services)
        where TUser : class
    {
        var used = services.LastOrDefault(service => service.ServiceType == typeof(UserManager<TUser>) && !service.IsKeyedService);
        if (used is null || used.ImplementationType == typeof(UserManager<TUser>) || used.ImplementationType == typeof(AspNetUserManager<TUser>))
        {
            services.Replace(ServiceDescriptor.Scoped<UserManager<TUser>, StampedUserManager<TUser>>());
        }
    }

    private static IdentityShape ShapeOf(IServiceProvider services)
    {
        var types = services.GetRequiredService<IOptions<IdentityOptions>>().Value.ClaimsIdentity;
        return new(IdentityConstants.ApplicationScheme, types.UserIdClaimType, types.UserNameClaimType, types.EmailClaimType, types.RoleClaimType);
    }

    private static LoginPage LoginPageOf(IServiceProvider services)
    {
        var cookie = services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(IdentityConstants.ApplicationScheme);
        return new(cookie.LoginPath, cookie.ReturnUrlParameter);
    }

    // An app that sets forwarding itself does so deliberately.
    private static void Forward(CookieAuthenticationOptions options)
    {
        if (options is { ForwardDefault: null, ForwardDefaultSelector: null })
        {
            options.ForwardDefault = SessionIdentity.Scheme;
        }
    }

    // Works in both orders of the calls: forwarding alone would do, at the cost of one more handler per request.
    private static void UseSessions(AuthenticationOptions options)
    {
        options.DefaultScheme = OursFor(options.DefaultScheme) ?? SessionIdentity.Scheme;
        options.DefaultAuthenticateScheme = OursFor(options.DefaultAuthenticateScheme);
        options.DefaultChallengeScheme = OursFor(options.DefaultChallengeScheme);
        options.DefaultForbidScheme = OursFor(options.DefaultForbidScheme);
        options.DefaultSignOutScheme = OursFor(options.DefaultSignOutScheme);
    }

    private static string? OursFor(string? scheme) => scheme == IdentityConstants.ApplicationScheme ? SessionIdentity.Scheme : scheme;
}
