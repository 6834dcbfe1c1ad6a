using Microsoft.Extensions.Logging;

namespace BlazorAuth.Http;

internal static partial class HttpLog
{
    [LoggerMessage(204, LogLevel.Warning, "Requests come through a proxy that is not known, so sign-ins are counted by what it says of its clients, and for all of them together. Set AUTH_KNOWN_PROXIES to the proxy's address.", EventName = "ClientAddressUnknown")]
    public static partial void ClientAddressUnknown(this ILogger logger);

    [LoggerMessage(212, LogLevel.Warning, "A {Method} to {Endpoint} was handled as if nobody were signed in: a page of {Origin} sent it. If that page may act for your visitors, put .AllowForeignOrigins() on the endpoint, or name its origin in a CORS policy with credentials there. If it is this app's own page, set AUTH_URL to the address that browsers use.", EventName = "SessionNotCounted")]
    public static partial void SessionNotCounted(this ILogger logger, string method, string? endpoint, string origin);

    [LoggerMessage(213, LogLevel.Warning, "A page of {Origin} wanted to open a circuit and was answered 403: the request came for the host {Host}. If it is this app's own page, set AUTH_URL to the address that browsers use, or let the proxy pass the Host header on.", EventName = "CircuitRefused")]
    public static partial void CircuitRefused(this ILogger logger, string origin, string host);

    [LoggerMessage(301, LogLevel.Information, "Sign-in {Reference} with {Provider} was not completed: {Reason}.", EventName = "SignInNotCompleted")]
    public static partial void SignInNotCompleted(this ILogger logger, string reference, string? provider, AuthErrorReason reason);

    [LoggerMessage(302, LogLevel.Warning, "Sign-in {Reference} with {Provider} failed: {Reason}; {Details}.", EventName = "SignInFailed")]
    public static partial void SignInFailed(this ILogger logger, string reference, string? provider, AuthErrorReason reason, string details);

    [LoggerMessage(312, LogLevel.Information, "Sign-in {Reference}: {Cause}.", EventName = "SignInCause")]
    public static partial void SignInCause(this ILogger logger, string reference, string cause);

    [LoggerMessage(303, LogLevel.Information, "Sign-in {Reference} with {Provider} was denied by the app.", EventName = "SignInDenied")]
    public static partial void SignInDenied(this ILogger logger, string reference, string provider);
}
