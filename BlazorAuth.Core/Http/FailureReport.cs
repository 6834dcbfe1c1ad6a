using Microsoft.Extensions.Logging;

namespace BlazorAuth.Http;

/// <summary>Gives every failed sign-in a short reference that is on the page and in the log.</summary>
internal sealed class FailureReport(RecentCauses causes, ILogger<FailureReport> logger)
{
    /// <summary>Logs a failure and returns what the browser may know of it.</summary>
    public AuthFailure Report(
        AuthRequest request, AuthErrorReason reason, string? provider, Exception? exception, string? returnUrl = null, FailureCause? cause = null)
    {
        var failure = Of(request, reason) with { Provider = provider, ReturnUrl = returnUrl ?? request.ReturnUrl.Text };
        provider = Printable(provider);
        if (cause is not null)
        {
            causes.Keep(failure.Reference, cause);
        }

        if (reason is AuthErrorReason.Cancelled or AuthErrorReason.AlreadyUsed or AuthErrorReason.CookieLost or AuthErrorReason.CookieConflict
            or AuthErrorReason.Expired)
        {
            logger.SignInNotCompleted(failure.Reference, provider, reason);
            if (cause is not null)
            {
                logger.SignInCause(failure.Reference, cause.ToString());
            }
        }
        else
        {
            // The message of an exception may contain a provider's response, and with it tokens, so only its type is logged.
            logger.SignInFailed(failure.Reference, provider, reason, cause is null ? Words(exception) : $"{cause}; {Words(exception)}");
        }

        return failure;
    }

    /// <summary>Logs that the app denied a sign-in and returns what the browser may know of it.</summary>
    public AuthFailure Denied(AuthRequest request, string provider, string? returnUrl = null)
    {
        var failure = Of(request, AuthErrorReason.None) with { Provider = provider, ReturnUrl = returnUrl ?? request.ReturnUrl.Text };
        logger.SignInDenied(failure.Reference, provider);
        return failure;
    }

    public static AuthFailure Of(AuthRequest request, AuthErrorReason reason) =>
        new(reason, request.ProviderId, request.ReturnUrl.Text, AuthFailure.NewReference());

    // It may come from the address, where anyone can put text to be injected into the log.
    private static string? Printable(string? provider) =>
        provider is null ? null : new string([.. provider.Take(64).Select(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '?')]);

    // A store's message states cause and remedy, and no secrets: that is the contract of SessionStoreException.
    private static string Words(Exception? exception)
    {
        for (var at = exception; at is not null; at = at.InnerException)
        {
            if (at is SessionStoreException)
            {
                return $"{at.Message.TrimEnd('.')}; {Chain(exception)}";
            }
        }

        return Chain(exception);
    }

    private static string Chain(Exception? exception)
    {
        var names = new List<string>();
        for (var at = exception; at is not null; at = at.InnerException)
        {
            names.Add(at.GetType().Name);
        }

        return names.Count == 0 ? "no exception" : string.Join(" <- ", names);
    }
}
