using BlazorAuth.Providers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Identity;

/// <summary>
/// Identity's own cookie that says who came from a provider: its pages sign in whomever it names. Another site of the same domain can set it, so it counts only in
/// the browser that started the flow.
/// </summary>
internal static class ExternalCookie
{
    /// <summary>The provider's answer that the request brings; null where it brings none.</summary>
    public static async Task<ProviderAnswerRead?> ReadAsync(HttpContext http)
    {
        if (await http.RequestServices.GetRequiredService<IAuthenticationSchemeProvider>().GetSchemeAsync(IdentityConstants.ExternalScheme) is not null)
        {
            await http.AuthenticateAsync(IdentityConstants.ExternalScheme);
        }

        return http.Features.Get<ProviderAnswerRead>();
    }

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
                    context.HttpContext.Features.Set(new ProviderAnswerRead(
                        provider, SignInFlow.Started(context.Properties) ?? context.Properties.IssuedUtc, IdentityFlows.ProofIn(context.Properties)));
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
/// <param name="Provider">The scheme that responded, whatever a page calls it.</param>
/// <param name="StartedAt">When the person was sent there; of a handler of the app's own, when it responded.</param>
/// <param name="Proof">What it proves; null where a handler of the app's own wrote it.</param>
internal sealed record ProviderAnswerRead(string Provider, DateTimeOffset? StartedAt, ProviderProof? Proof);
