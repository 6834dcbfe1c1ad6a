using System.Security.Claims;
using BlazorAuth.Providers;
using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Identity;

/// <summary>
/// Identity's own cookie that says who has shown the first factor: its pages ask for the second. It knows when the sign-in began and which stamp the user had then:
/// a new password is a new first factor.
/// </summary>
internal static class TwoFactorCookie
{
    private const string StampKey = "blazorauth.stamp";

    /// <param name="http">The request.</param>
    /// <param name="userId">Who.</param>
    /// <param name="loginProvider">With which provider; null when it was a password.</param>
    public static Task WriteAsync(HttpContext http, string userId, string? loginProvider)
    {
        // SignInManager reads these two names.
        var identity = new ClaimsIdentity(IdentityConstants.TwoFactorUserIdScheme);
        identity.AddClaim(new Claim(ClaimTypes.Name, userId));
        if (loginProvider is not null)
        {
            identity.AddClaim(new Claim(ClaimTypes.AuthenticationMethod, loginProvider));
        }

        return http.SignInAsync(IdentityConstants.TwoFactorUserIdScheme, new ClaimsPrincipal(identity));
    }

    /// <summary>When the sign-in began for which the second factor was asked; null when none was.</summary>
    public static async Task<DateTimeOffset?> StartAsync(HttpContext http) =>
        SignInFlow.Started((await http.AuthenticateAsync(IdentityConstants.TwoFactorUserIdScheme)).Properties);

    public static void Bind<TUser>(CookieAuthenticationOptions options, SharedClock clock)
        where TUser : class
    {
        // Whoever loads the page again has not shown the first factor again.
        options.SlidingExpiration = false;
        var (signingIn, validate) = (options.Events.OnSigningIn, options.Events.OnValidatePrincipal);
        options.Events.OnSigningIn = async context =>
        {
            var provider = context.Principal?.FindFirstValue(ClaimTypes.AuthenticationMethod);
            var start = context.HttpContext.Features.Get<SignInStart>()?.At ?? (provider is null ? null : (await IdentityFlows.ProofAsync(context.HttpContext, provider))?.StartedAt);
            SignInFlow.StartAt(context.Properties, start ?? clock.GetUtcNow());
            if (await StampAsync<TUser>(context.HttpContext, context.Principal) is { } stamp)
            {
                context.Properties.Items[StampKey] = stamp;
            }

            await signingIn(context);
        };
        options.Events.OnValidatePrincipal = async context =>
        {
            if (context.Properties.GetString(StampKey) is { } stamp && await StampAsync<TUser>(context.HttpContext, context.Principal) != stamp)
            {
                context.RejectPrincipal();
                return;
            }

            await validate(context);
        };
    }

    private static async Task<string?> StampAsync<TUser>(HttpContext http, ClaimsPrincipal? principal)
        where TUser : class
    {
        var users = http.RequestServices.GetRequiredService<UserManager<TUser>>();
        return users.SupportsUserSecurityStamp && principal?.FindFirstValue(ClaimTypes.Name) is { } id && await users.FindAsync(id) is { } user
            ? await users.GetSecurityStampAsync(user)
            : null;
    }
}
