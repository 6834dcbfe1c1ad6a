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

    public static void Bind<TUser>(CookieAuthenticationOptions options, SharedClock clock)
        where TUser : class
    {
        // Whoever loads the page again has not shown the first factor again.
        options.SlidingExpiration = false;
        var (signingIn, signingOut, validate) = (options.Events.OnSigningIn, options.Events.OnSigningOut, options.Events.OnValidatePrincipal);
        options.Events.OnSigningIn = async context =>
        {
            SignInFlow.StartAt(context.Properties, await StartAsync(context.HttpContext, context.Principal, clock.GetUtcNow()));
            if (await StampAsync<TUser>(context.HttpContext, context.Principal) is { } stamp)
            {
                context.Properties.Items[StampKey] = stamp;
            }

            await signingIn(context);
        };
        options.Events.OnSigningOut = async context =>
        {
            // SignInManager does so when a second factor, or a passkey, was right.
            var shown = await context.HttpContext.AuthenticateAsync(IdentityConstants.TwoFactorUserIdScheme);
            if (SignInFlow.Started(shown.Properties) is { } start)
            {
                context.HttpContext.Features.Set(new FactorShown(start));
            }

            await signingOut(context);
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

    /// <summary>
    /// Since when whatever is decided about the user's sessions ends this sign-in: from its beginning, if somebody else has decided something until now. If only this
    /// request has, from now: for the request that brings the second factor, that would be somebody else.
    /// </summary>
    private static async Task<DateTimeOffset> StartAsync(HttpContext http, ClaimsPrincipal? principal, DateTimeOffset now)
    {
        var answer = principal?.HasClaim(claim => claim.Type == ClaimTypes.AuthenticationMethod) == true ? await ExternalCookie.ReadAsync(http) : null;
        if ((http.Features.Get<SignInStart>()?.At ?? answer?.StartedAt ?? RequestDecisions.Current?.BeganAt) is not { } began)
        {
            return now;
        }

        var sessions = http.RequestServices.GetRequiredService<SessionManager>();
        return principal?.FindFirstValue(ClaimTypes.Name) is { } userId && !sessions.IsFromBefore(began)
            && !await sessions.IsLateAsync(userId, AllSessions.Ended, began, http.RequestAborted) ? now : began;
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

/// <summary>A second factor, or a passkey, that was shown in this request.</summary>
/// <param name="AskedAt">When it was asked for.</param>
internal sealed record FactorShown(DateTimeOffset AskedAt);
