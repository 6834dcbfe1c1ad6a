using BlazorAuth.Http;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace BlazorAuth.Providers.OpenIdConnect;

/// <summary>
/// How often pages of the app may push a request (RFC 9126) for one client where the provider requires it. One that is merely offered is left out instead, by
/// <see cref="PushedAuthorization"/>, and our endpoints count for themselves.
/// </summary>
internal sealed class RequiredPushes(SignInRateLimit limit, CallbackRequests requests, CallbackFailures failures)
{
    public static bool AreRequired(OpenIdConnectOptions options, OpenIdConnectConfiguration discovery) =>
        options.PushedAuthorizationBehavior == PushedAuthorizationBehavior.Require
        || (discovery.RequirePushedAuthorizationRequests && options.PushedAuthorizationBehavior != PushedAuthorizationBehavior.Disable);

    /// <summary>Sends whoever comes too often to the error page instead of to the provider.</summary>
    public async Task LimitAsync(string scheme, RedirectContext context)
    {
        var http = context.HttpContext;
        if (http.Features.Get<AuthRequest>() is not null || context.Options.ConfigurationManager is not { } manager
            || !AreRequired(context.Options, await manager.GetConfigurationAsync(http.RequestAborted))
            || (!FetchMetadata.IsPartOfAnotherPage(http.Request) && !limit.Refuses(http, SignInStep.Push, out _)))
        {
            return;
        }

        var request = await requests.OfAsync(http);
        context.Response.Redirect(failures.Report(
            request, AuthProviderRegistry.IdOf(scheme), AuthError.Configuration, AuthErrorReason.TooManyAttempts, exception: null, context.Properties));
        context.HandleResponse();
    }
}
