using Microsoft.Extensions.Logging;

namespace BlazorAuth.Http;

internal static partial class HttpLog
{
    [LoggerMessage(204, LogLevel.Warning, "Requests come through a proxy that is not known, so sign-ins are not limited per client. Set AUTH_KNOWN_PROXIES to the proxy's address.", EventName = "ClientAddressUnknown")]
    public static partial void ClientAddressUnknown(this ILogger logger);

    [LoggerMessage(301, LogLevel.Information, "Sign-in {Reference} with {Provider} was not completed: {Reason}.", EventName = "SignInNotCompleted")]
    public static partial void SignInNotCompleted(this ILogger logger, string reference, string? provider, AuthErrorReason reason);

    [LoggerMessage(302, LogLevel.Warning, "Sign-in {Reference} with {Provider} failed: {Reason}; {Details}.", EventName = "SignInFailed")]
    public static partial void SignInFailed(this ILogger logger, string reference, string? provider, AuthErrorReason reason, string details);

    [LoggerMessage(312, LogLevel.Information, "Sign-in {Reference}: {Cause}.", EventName = "SignInCause")]
    public static partial void SignInCause(this ILogger logger, string reference, string cause);

    [LoggerMessage(303, LogLevel.Information, "Sign-in {Reference} with {Provider} was denied by the app.", EventName = "SignInDenied")]
    public static partial void SignInDenied(this ILogger logger, string reference, string provider);
}
