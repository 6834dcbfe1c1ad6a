using BlazorAuth.Http;
using BlazorAuth.Providers.Backchannel;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Providers;

/// <summary>Turns the failure of a remote handler, for which the platform answers 500, into a page that says what happened and offers another try.</summary>
internal sealed class CallbackFailures(
    CallbackRequests requests, SignInFlow flow, FlowReturns returns, PageAddresses links, FailureReport failures, CauseFinder causes, UnknownKeys keys)
{
    private static readonly string[] Cancelled =
    [
        "access_denied", "user_cancelled_login", "user_cancelled_authorize", "user_cancelled", "user_canceled", "user_denied", "cancelled", "canceled", "consent_denied", "login_cancelled",
    ];

    private static readonly string[] AdministratorWords = ["admin", "AADSTS90094", "AADSTS90008", "AADSTS65001", "AADSTS900971", "consent_required", "not approved", "policy"];

    public async Task AnswerAsync(string scheme, RemoteFailureContext context)
    {
        var request = await requests.OfAsync(context.HttpContext);
        var (code, reason) = Classify(request, context.Failure, context.Properties);
        context.Response.Redirect(Report(request, AuthProviderRegistry.IdOf(scheme), code, reason, context.Failure, context.Properties));
        context.HandleResponse();
    }

    /// <summary>Responds when another browser, or an unknown one, started the sign-in.</summary>
    public async Task AnswerOtherBrowserAsync(string scheme, TicketReceivedContext context)
    {
        var request = await requests.OfAsync(context.HttpContext);
        context.Response.Redirect(CookieMissing(request, AuthProviderRegistry.IdOf(scheme), context.Properties));
        context.HandleResponse();
    }

    /// <summary>Logs the failure and returns the address of the page that shows it.</summary>
    public string Report(
        AuthRequest request, string provider, string code, AuthErrorReason reason, Exception? exception, AuthenticationProperties? properties = null, FailureCause? cause = null)
    {
        var returnUrl = returns.Of(request, properties) ?? request.ReturnUrl;
        cause ??= reason == AuthErrorReason.CookieLost && HttpMethods.IsPost(request.Http.Request.Method) && !request.Address.IsSecure
            ? new FailureCause("The response was a cross-site form post, with which browsers send no cookie over http", "AUTH_URL, which must be an https address")
            : causes.Of(provider, reason, exception, Answered(request, "error"), Answered(request, "error_description"));
        return links.Error(request.Address, code, failures.Report(request, reason, provider, exception, returnUrl.Text, cause));
    }

    /// <summary>Logs that a user may not have a session after all, and returns the address of the page that says so.</summary>
    public string Refused(AuthRequest request, string provider, AuthErrorReason reason) =>
        links.Error(request.Address, AuthError.AccessDenied, failures.Denied(request, provider) with { Reason = reason });

    /// <summary>Why a backchannel call failed: there was no response, or an unusable one.</summary>
    public static AuthErrorReason ReasonOfCall(Exception exception)
    {
        for (var at = exception; at is not null; at = at.InnerException)
        {
            if (at is ProviderAnswerException)
            {
                return AuthErrorReason.ProviderAnswer;
            }
        }

        return ProviderExchange.Current?.IsUnavailable == false ? AuthErrorReason.ProviderAnswer : AuthErrorReason.ProviderUnavailable;
    }

    /// <summary>The page for an answer that another browser, or nobody known, started.</summary>
    public string CookieMissing(AuthRequest request, string provider, AuthenticationProperties? properties) =>
        Report(request, provider, AuthError.Configuration, flow.WhyCookieIsMissing(request.Http, properties), exception: null, properties);

    private (string Code, AuthErrorReason Reason) Classify(AuthRequest request, Exception? failure, AuthenticationProperties? properties)
    {
        if (ProviderExchange.Current?.IsUnavailable == true)
        {
            return (AuthError.Configuration, AuthErrorReason.ProviderUnavailable);
        }

        // The message is the platform's own and the same in all its handlers.
        if (failure?.Message == "Correlation failed.")
        {
            return (AuthError.Configuration, flow.WhyCookieIsMissing(request.Http, properties));
        }

        if (properties is null && keys.IsUnknown(Answered(request, "state")))
        {
            return (AuthError.Configuration, AuthErrorReason.KeyLost);
        }

        // Without a state, the origin of the request is unknown. A refusal is still reported as one; anything else may be made up.
        return Answered(request, "error") switch
        {
            "server_error" or "temporarily_unavailable" => (AuthError.Configuration, AuthErrorReason.ProviderUnavailable),
            { } error when Cancelled.Contains(error, StringComparer.OrdinalIgnoreCase) => (AuthError.OAuthCallbackError,
                NeedsAdministrator(Answered(request, "error_description")) ? AuthErrorReason.ProviderRefused : AuthErrorReason.Cancelled),
            { } when properties is not null => (AuthError.OAuthCallbackError, AuthErrorReason.ProviderRefused),
            _ => (AuthError.Configuration, IsExpiredCode(failure) ? AuthErrorReason.Expired : AuthErrorReason.ProviderAnswer),
        };
    }

    private static string? Answered(AuthRequest request, string name) => request.Query(name) ?? request.Body.Field(name);

    private static bool NeedsAdministrator(string? description) =>
        description is not null && AdministratorWords.Any(word => description.Contains(word, StringComparison.OrdinalIgnoreCase));

    // RFC 6749 §5.2 invalid_grant: the code is expired or was used before. GitHub has its own name for it.
    private static bool IsExpiredCode(Exception? failure) =>
        ProviderExchange.Current?.Error?.Error is "invalid_grant" or "bad_verification_code"
        || failure?.Data["error"] is "invalid_grant" or "bad_verification_code"
        || failure?.Message.Contains("invalid_grant", StringComparison.Ordinal) == true;
}
