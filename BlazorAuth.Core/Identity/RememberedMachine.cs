using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Identity;

/// <summary>
/// Identity's own cookie of a machine on which nobody asks its user for the second factor. Identity compares its stamp once an interval; a new stamp counts at once
/// here, as it does for sessions. It is read only when somebody signs in.
/// </summary>
internal static class RememberedMachine
{
    public static void CompareStamp<TUser>(CookieAuthenticationOptions options)
        where TUser : class
    {
        var validate = options.Events.OnValidatePrincipal;
        options.Events.OnValidatePrincipal = async context =>
        {
            if (await context.HttpContext.RequestServices.GetRequiredService<SignInManager<TUser>>().ValidateTwoFactorSecurityStampAsync(context.Principal) is null)
            {
                context.RejectPrincipal();
                return;
            }

            await validate(context);
        };
    }
}
