using Microsoft.Extensions.Logging;

namespace BlazorAuth.Sessions;

internal static partial class SessionLog
{
    [LoggerMessage(101, LogLevel.Information, "Session {SessionId} was created with {Provider}.", EventName = "SessionCreated")]
    public static partial void SessionCreated(this ILogger logger, string sessionId, string provider);

    [LoggerMessage(102, LogLevel.Information, "Session {SessionId} was revoked.", EventName = "SessionRevoked")]
    public static partial void SessionRevoked(this ILogger logger, string sessionId);

    [LoggerMessage(105, LogLevel.Warning, "Session {SessionId} was signed out on this node. The store did not respond and will be updated later.", EventName = "SignOutPostponed")]
    public static partial void SignOutPostponed(this ILogger logger, Exception exception, string sessionId);

    [LoggerMessage(107, LogLevel.Warning, "Could not read the row of session {SessionId}; its token is accepted until the store responds.", EventName = "RowCheckFailed")]
    public static partial void RowCheckFailed(this ILogger logger, Exception exception, string sessionId);

    [LoggerMessage(110, LogLevel.Warning, "The row of session {SessionId} cannot be decrypted with this app's secrets: it was sealed with another secret, or modified. The session is not accepted, and its cookie is kept.", EventName = "RowNotOpened")]
    public static partial void RowNotOpened(this ILogger logger, string sessionId);

    [LoggerMessage(111, LogLevel.Information, "All sessions are now sealed with the first secret; {Count} were resealed. {NotOpened} are sealed with a secret that is not set here and cannot be used without it.", EventName = "SessionsSealedAgain")]
    public static partial void SessionsSealedAgain(this ILogger logger, int count, int notOpened);

    [LoggerMessage(112, LogLevel.Debug, "The store is not responding; sessions will be resealed with the first secret later.", EventName = "SealingPostponed")]
    public static partial void SealingPostponed(this ILogger logger, Exception exception);

    [LoggerMessage(114, LogLevel.Information, "A session was signed out while the store did not respond, with a token that counts only together with its row. It ends when the store responds, if its row belongs to the same user.", EventName = "UnprovenSignOutKept")]
    public static partial void UnprovenSignOutKept(this ILogger logger);

    [LoggerMessage(115, LogLevel.Warning, "A session was signed out while the store did not respond, with a token that counts only together with its row, but too many such sign-outs are waiting already: {Count} are kept at most, {CountOfUser} of them for one user. Its cookie was deleted; its row was not changed.", EventName = "UnprovenSignOutNotKept")]
    public static partial void UnprovenSignOutNotKept(this ILogger logger, int count, int countOfUser);

    [LoggerMessage(120, LogLevel.Information, "Session {SessionId} was replaced by {NewSessionId}, created with {Provider}.", EventName = "SessionReplaced")]
    public static partial void SessionReplaced(this ILogger logger, string sessionId, string newSessionId, string provider);

    [LoggerMessage(121, LogLevel.Warning, "Sessions were ended, but the store is not responding: the sessions that they had replaced end on this node with the next signal or read.", EventName = "ChangesReadLater")]
    public static partial void ChangesReadLater(this ILogger logger, Exception exception);

    [LoggerMessage(123, LogLevel.Warning, "Session {SessionId} was created, but the store did not respond when the sessions above the limit of its user were to be ended. They end with the next sign-in.", EventName = "LimitPostponed")]
    public static partial void LimitPostponed(this ILogger logger, Exception exception, string sessionId);

    [LoggerMessage(203, LogLevel.Error, "One of the app's event handlers threw an exception. The operation itself was completed.", EventName = "EventFailed")]
    public static partial void EventFailed(this ILogger logger, Exception exception);

    [LoggerMessage(452, LogLevel.Information, "Session {SessionId} was written again from its token: the store had lost it.", EventName = "SessionWrittenAgain")]
    public static partial void SessionWrittenAgain(this ILogger logger, string sessionId);
}
