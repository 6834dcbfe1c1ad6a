using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Identity;

/// <summary>Identity's own cookie that says who has shown the first factor: its pages ask for the second.</summary>
internal static class TwoFactorCookie
{
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

    /// <summary>What it says of itself; null when there is none.</summary>
    public static async Task<AuthenticationProperties?> ReadAsync(HttpContext http) =>
        await http.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>().GetSchemeAsync(IdentityConstants.TwoFactorUserIdScheme) is null
            ? null
            : (await http.AuthenticateAsync(IdentityConstants.TwoFactorUserIdScheme)).Properties;
}
