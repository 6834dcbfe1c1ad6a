using Microsoft.Extensions.Logging;

namespace BlazorAuth.Endpoints;

internal static partial class EndpointLog
{
    [LoggerMessage(201, LogLevel.Warning, "A request to the sign-in endpoints did not come through a known proxy and was refused.", EventName = "OriginUnknown")]
    public static partial void OriginUnknown(this ILogger logger);

    [LoggerMessage(202, LogLevel.Information, "A POST to {Route} without a valid CSRF token was refused ({Reference}).", EventName = "CsrfRefused")]
    public static partial void CsrfRefused(this ILogger logger, string? route, string reference);

    [LoggerMessage(205, LogLevel.Error, "{Route} failed.", EventName = "EndpointFailed")]
    public static partial void EndpointFailed(this ILogger logger, Exception exception, string? route);

    [LoggerMessage(210, LogLevel.Warning, "Could not read the devices of an account; its page shows an error instead.", EventName = "DevicesUnreadable")]
    public static partial void DevicesUnreadable(this ILogger logger, Exception exception);

    [LoggerMessage(211, LogLevel.Warning, "Session {SessionId} was signed out, but the user's other sessions were not, because the store did not respond.", EventName = "OthersNotSignedOut")]
    public static partial void OthersNotSignedOut(this ILogger logger, Exception exception, string sessionId);

    [LoggerMessage(215, LogLevel.Warning, "Could not read how a user can sign in; the account page leaves it out.", EventName = "WaysUnreadable")]
    public static partial void WaysUnreadable(this ILogger logger, Exception exception);
}
