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

    [LoggerMessage(110, LogLevel.Warning, "No secret opens what the row of session {SessionId} grants: a secret that is not set here sealed it, or somebody changed the row. It is not believed, and the cookie is kept.", EventName = "RowNotOpened")]
    public static partial void RowNotOpened(this ILogger logger, string sessionId);

    [LoggerMessage(111, LogLevel.Information, "Every session is sealed under the first secret: {Count} were sealed again just now. {NotOpened} are sealed under a secret that is not set here and end with it.", EventName = "SessionsSealedAgain")]
    public static partial void SessionsSealedAgain(this ILogger logger, int count, int notOpened);

    [LoggerMessage(112, LogLevel.Debug, "The store does not answer; sessions are sealed under the first secret later.", EventName = "SealingPostponed")]
    public static partial void SealingPostponed(this ILogger logger, Exception exception);

    [LoggerMessage(120, LogLevel.Information, "Session {SessionId} was replaced by {NewSessionId}, which began with {Provider}.", EventName = "SessionReplaced")]
    public static partial void SessionReplaced(this ILogger logger, string sessionId, string newSessionId, string provider);

    [LoggerMessage(203, LogLevel.Error, "An event of the app threw; what happened stands.", EventName = "EventFailed")]
    public static partial void EventFailed(this ILogger logger, Exception exception);

    [LoggerMessage(452, LogLevel.Information, "Session {SessionId} was written again from its token: the store had lost it.", EventName = "SessionWrittenAgain")]
    public static partial void SessionWrittenAgain(this ILogger logger, string sessionId);
}
