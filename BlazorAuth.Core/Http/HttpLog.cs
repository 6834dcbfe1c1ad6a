using Microsoft.Extensions.Logging;

namespace BlazorAuth.Http;

internal static partial class HttpLog
{
    [LoggerMessage(204, LogLevel.Warning, "Requests come through an unknown proxy, so sign-ins are limited by the client addresses that it forwards, and for the proxy as a whole. Set AUTH_KNOWN_PROXIES to the proxy's address.", EventName = "ClientAddressUnknown")]
    public static partial void ClientAddressUnknown(this ILogger logger);

    [LoggerMessage(206, LogLevel.Warning, "A sign-in was refused because there were too many from its address, and it came with X-Forwarded-For from a public address that is not in AUTH_KNOWN_PROXIES. If that is your proxy, all its clients are limited as one: set AUTH_KNOWN_PROXIES to its address. Otherwise the client made the header up.", EventName = "ClientsPerhapsCountedTogether")]
    public static partial void ClientsPerhapsCountedTogether(this ILogger logger);

    [LoggerMessage(212, LogLevel.Warning, "A {Method} request to {Endpoint} was handled as anonymous because a page on {Origin} sent it. If that page may act on behalf of your visitors, add .AllowForeignOrigins() to the endpoint, or a CORS policy that names the origin and allows credentials and the method (POST for a WebSocket or a hub). If the page belongs to this app, set AUTH_URL to the address that browsers use.", EventName = "SessionNotCounted")]
    public static partial void SessionNotCounted(this ILogger logger, string method, string? endpoint, string origin);

    [LoggerMessage(213, LogLevel.Warning, "A page on {Origin} tried to open a circuit and got a 403, because the request was for the host {Host}. If the page belongs to this app, set AUTH_URL to the address that browsers use, or have the proxy forward the Host header. If it is a front end that may open circuits for your visitors, give the hub a CORS policy of its own that names the origin and allows credentials and POST.", EventName = "CircuitRefused")]
    public static partial void CircuitRefused(this ILogger logger, string origin, string host);

    [LoggerMessage(216, LogLevel.Warning, "A GET request to {Endpoint} that polls a connection or asks for its events didn't count as its visitor's. It came from {Origin}, or it is a link or a picture and no client of SignalR's sent it: whoever negotiated the connection would act as the visitor. If it's a client of your own, have it send X-Requested-With: XMLHttpRequest, in a browser X-SignalR-User-Agent. If it's a page that may act on behalf of your visitors, name its origin in a CORS policy of the endpoint that allows credentials.", EventName = "PollNotCounted")]
    public static partial void PollNotCounted(this ILogger logger, string? endpoint, string origin);

    [LoggerMessage(301, LogLevel.Information, "Sign-in {Reference} with {Provider} was not completed: {Reason}.", EventName = "SignInNotCompleted")]
    public static partial void SignInNotCompleted(this ILogger logger, string reference, string? provider, AuthErrorReason reason);

    [LoggerMessage(302, LogLevel.Warning, "Sign-in {Reference} with {Provider} failed: {Reason}; {Details}.", EventName = "SignInFailed")]
    public static partial void SignInFailed(this ILogger logger, string reference, string? provider, AuthErrorReason reason, string details);

    [LoggerMessage(312, LogLevel.Information, "Sign-in {Reference}: {Cause}.", EventName = "SignInCause")]
    public static partial void SignInCause(this ILogger logger, string reference, string cause);

    [LoggerMessage(303, LogLevel.Information, "Sign-in {Reference} with {Provider} was denied by the app.", EventName = "SignInDenied")]
    public static partial void SignInDenied(this ILogger logger, string reference, string provider);
}
