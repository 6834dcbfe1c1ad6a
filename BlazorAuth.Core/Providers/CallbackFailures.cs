using BlazorAuth.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Providers;

/// <summary>Turns the failure of a remote handler, for which the platform answers 500, into a page that says what happened and offers another try.</summary>
internal sealed class CallbackFailures(
    CallbackRequests requests, SignInFlow flow, FrontEndOrigins allowed, PageAddresses links, FailureReport failures)
{
    public async Task AnswerAsync(string scheme, RemoteFailureContext context)
    {
        var request = await requests.OfAsync(context.HttpContext);
        var (code, reason) = Classify(request, context.Failure, context.Properties);
        context.Response.Redirect(Report(request, AuthProviderRegistry.IdOf(scheme), code, reason, context.Failure, context.Properties));
        context.HandleResponse();
    }

    /// <summary>Answers when another browser started the sign-in, or nobody knows which did.</summary>
    public async Task AnswerOtherBrowserAsync(string scheme, TicketReceivedContext context)
    {
        var request = await requests.OfAsync(context.HttpContext);
        context.Response.Redirect(CookieMissing(request, AuthProviderRegistry.IdOf(scheme), context.Properties));
        context.HandleResponse();
    }

    /// <summary>Logs the failure and returns the address of the page that shows it.</summary>
    public string Report(
        AuthRequest request, string provider, string code, AuthErrorReason reason, Exception? exception, AuthenticationProperties? properties = null)
    {
        var returnUrl = ReturnUrl.Parse(properties?.RedirectUri, request.Address, allowed) ?? request.ReturnUrl;
        return links.Error(request.Address, code, failures.Report(request, reason, provider, exception, returnUrl.Text));
    }

    /// <summary>The page for an answer that another browser, or nobody known, started.</summary>
    public string CookieMissing(AuthRequest request, string provider, AuthenticationProperties? properties) =>
        Report(request, provider, AuthError.Configuration, flow.WhyCookieIsMissing(request.Http, properties), exception: null, properties);

    private (string Code, AuthErrorReason Reason) Classify(AuthRequest request, Exception? failure, AuthenticationProperties? properties)
    {
        if (request.Http.Features.Get<ProviderCalls.Outcome>()?.IsUnavailable == true)
        {
            return (AuthError.Configuration, AuthErrorReason.ProviderUnavailable);
        }

        // The message is the platform's own and the same in all its handlers.
        if (failure?.Message == "Correlation failed.")
        {
            return (AuthError.Configuration, flow.WhyCookieIsMissing(request.Http, properties));
        }

        var error = (request.Query("error") ?? request.Body.Field("error"), properties) is ({ } answered, not null)
            ? answered
            : null;
        if (error is not null)
        {
            return (AuthError.OAuthCallbackError, error == "access_denied" ? AuthErrorReason.Cancelled : AuthErrorReason.ProviderRefused);
        }

        return (AuthError.Configuration, IsExpiredCode(failure) ? AuthErrorReason.Expired : AuthErrorReason.ProviderAnswer);
    }

    // RFC 6749 §5.2 invalid_grant: the code is expired or was used before. GitHub has its own name for it.
    private static bool IsExpiredCode(Exception? failure) =>
        failure?.Data["error"] is "invalid_grant" or "bad_verification_code"
        || failure?.Message.Contains("invalid_grant", StringComparison.Ordinal) == true;
}
