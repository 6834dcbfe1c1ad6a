using Microsoft.Extensions.Logging;

namespace BlazorAuth.Sessions;

internal static partial class SessionLog
{
    [LoggerMessage(101, LogLevel.Information, "Session {SessionId} began with {Provider}.", EventName = "SessionCreated")]
    public static partial void SessionCreated(this ILogger logger, string sessionId, string provider);

    [LoggerMessage(102, LogLevel.Information, "Session {SessionId} was revoked.", EventName = "SessionRevoked")]
    public static partial void SessionRevoked(this ILogger logger, string sessionId);

    [LoggerMessage(105, LogLevel.Warning, "Session {SessionId} was signed out on this node; the store did not answer and will be told later.", EventName = "SignOutPostponed")]
    public static partial void SignOutPostponed(this ILogger logger, Exception exception, string sessionId);

    [LoggerMessage(107, LogLevel.Warning, "The row of session {SessionId} could not be read; its token is believed until the store answers.", EventName = "RowCheckFailed")]
    public static partial void RowCheckFailed(this ILogger logger, Exception exception, string sessionId);

    [LoggerMessage(203, LogLevel.Error, "An event of the app threw; what happened stands.", EventName = "EventFailed")]
    public static partial void EventFailed(this ILogger logger, Exception exception);
}
