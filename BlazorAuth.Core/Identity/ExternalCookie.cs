using BlazorAuth.Providers;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Identity;

/// <summary>
/// Identity's own cookie that says who came from a provider: its pages sign in whomever it names. Another site of the same domain can set it, so it counts only in
/// the browser that started the flow.
/// </summary>
internal static class ExternalCookie
{
    public static void BindToBrowser(CookieAuthenticationOptions options, SignInFlow flow, ILogger<IdentityFlows> logger)
    {
        // A provider's answer gets no younger by being looked at.
        options.SlidingExpiration = false;
        var validate = options.Events.OnValidatePrincipal;
        options.Events.OnValidatePrincipal = context =>
        {
            // What a handler of the app's own has written names no browser.
            if (!SignInFlow.NamesBrowser(context.Properties) || flow.IsOfThisBrowser(context.HttpContext, context.Properties))
            {
                if (context.Properties.GetString(IdentityFlows.LoginProviderKey) is { } provider)
                {
                    context.HttpContext.Features.Set(new ProviderAnswerRead(provider));
                }

                return validate(context);
            }

            logger.ExternalCookieOfAnotherBrowser();
            context.RejectPrincipal();
            return Task.CompletedTask;
        };
    }
}

/// <summary>This request has read who came from a provider.</summary>
internal sealed record ProviderAnswerRead(string Provider);
