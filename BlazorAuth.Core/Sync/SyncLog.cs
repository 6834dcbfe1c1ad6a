using Microsoft.Extensions.Logging;

namespace BlazorAuth.Sync;

internal static partial class SyncLog
{
    [LoggerMessage(106, LogLevel.Information, "The postponed sign-out of session {SessionId} was written to the store.", EventName = "PostponedSignOutStored")]
    public static partial void PostponedSignOutStored(this ILogger logger, string sessionId);

    [LoggerMessage(401, LogLevel.Warning, "A Data Protection key in the store is damaged and was ignored (line {Line}, position {Position}).", EventName = "ProtectionKeyDamaged")]
    public static partial void ProtectionKeyDamaged(this ILogger logger, int line, int position);

    [LoggerMessage(405, LogLevel.Warning, "The session store could not be read at startup. Until it responds, nobody can sign in, and requests with a session cookie get a 503 and keep the cookie.", EventName = "StoreUnreachableAtStart")]
    public static partial void StoreUnreachableAtStart(this ILogger logger, Exception exception);

    [LoggerMessage(406, LogLevel.Information, "Loaded {Count} changed sessions from the session store.", EventName = "StoreLoaded")]
    public static partial void StoreLoaded(this ILogger logger, int count);

    [LoggerMessage(407, LogLevel.Error, "The session store lost data. Revocations that this node knows of will be written back; users whose sessions are missing have to sign in again.", EventName = "StoreLostData")]
    public static partial void StoreLostData(this ILogger logger);

    [LoggerMessage(408, LogLevel.Warning, "{Count} revocations were written back to the session store.", EventName = "RevocationsWrittenBack")]
    public static partial void RevocationsWrittenBack(this ILogger logger, int count);

    [LoggerMessage(410, LogLevel.Warning, "The session store is not responding. Sessions are checked from memory; nobody can sign in.", EventName = "StoreUnreachable")]
    public static partial void StoreUnreachable(this ILogger logger, Exception exception);

    [LoggerMessage(411, LogLevel.Information, "The session store is responding again.", EventName = "StoreAnswersAgain")]
    public static partial void StoreAnswersAgain(this ILogger logger);

    [LoggerMessage(412, LogLevel.Debug, "Removed {Count} expired sessions.", EventName = "ExpiredSessionsRemoved")]
    public static partial void ExpiredSessionsRemoved(this ILogger logger, int count);

    [LoggerMessage(413, LogLevel.Error, "Session maintenance failed unexpectedly: a bug in the store or in BlazorAuth. It continues with the next round.", EventName = "UpkeepFailed")]
    public static partial void UpkeepFailed(this ILogger logger, Exception exception);

    [LoggerMessage(420, LogLevel.Warning, "Ignored the Data Protection key {KeyId} in the store: it is not encrypted with a secret of this app, so BlazorAuth did not write it.", EventName = "ProtectionKeyForeign")]
    public static partial void ProtectionKeyForeign(this ILogger logger, Guid keyId);

    [LoggerMessage(655, LogLevel.Warning, "The Data Protection key {Key} was encrypted with a secret that is no longer set, so it was skipped and a new key takes its place. To keep using it, set the old secret as AUTH_SECRET and the new one as AUTH_SECRET_1, unless the old one leaked.", EventName = "ProtectionKeyClosed")]
    public static partial void ProtectionKeyClosed(this ILogger logger, Guid key);
}
