using Microsoft.Extensions.Logging;

namespace BlazorAuth.Sync;

internal static partial class SyncLog
{
    [LoggerMessage(106, LogLevel.Information, "The store was told of the sign-out of session {SessionId}.", EventName = "PostponedSignOutStored")]
    public static partial void PostponedSignOutStored(this ILogger logger, string sessionId);

    [LoggerMessage(401, LogLevel.Warning, "A Data Protection key in the store is damaged and ignored (line {Line}, position {Position}).", EventName = "ProtectionKeyDamaged")]
    public static partial void ProtectionKeyDamaged(this ILogger logger, int line, int position);

    [LoggerMessage(405, LogLevel.Warning, "The session store could not be read at the start. Until it answers, nobody can sign in, and requests with a session cookie get 503 and keep it.", EventName = "StoreUnreachableAtStart")]
    public static partial void StoreUnreachableAtStart(this ILogger logger, Exception exception);

    [LoggerMessage(406, LogLevel.Information, "The session store was read: {Count} changed sessions.", EventName = "StoreLoaded")]
    public static partial void StoreLoaded(this ILogger logger, int count);

    [LoggerMessage(407, LogLevel.Error, "The session store lost data. What this node knows to be revoked is written back; sessions that the store does not know have to sign in again.", EventName = "StoreLostData")]
    public static partial void StoreLostData(this ILogger logger);

    [LoggerMessage(408, LogLevel.Warning, "{Count} revocations were written back to the session store.", EventName = "RevocationsWrittenBack")]
    public static partial void RevocationsWrittenBack(this ILogger logger, int count);

    [LoggerMessage(410, LogLevel.Warning, "The session store does not answer. Sessions are read from memory; nobody can sign in.", EventName = "StoreUnreachable")]
    public static partial void StoreUnreachable(this ILogger logger, Exception exception);

    [LoggerMessage(411, LogLevel.Information, "The session store answers again.", EventName = "StoreAnswersAgain")]
    public static partial void StoreAnswersAgain(this ILogger logger);

    [LoggerMessage(412, LogLevel.Debug, "Removed {Count} expired sessions.", EventName = "ExpiredSessionsRemoved")]
    public static partial void ExpiredSessionsRemoved(this ILogger logger, int count);

    [LoggerMessage(413, LogLevel.Error, "The upkeep of sessions met a defect of the store or of BlazorAuth. It goes on with the next round.", EventName = "UpkeepFailed")]
    public static partial void UpkeepFailed(this ILogger logger, Exception exception);

    [LoggerMessage(420, LogLevel.Warning, "The Data Protection key {KeyId} in the store is not encrypted under a secret of this app and ignored: BlazorAuth did not write it.", EventName = "ProtectionKeyForeign")]
    public static partial void ProtectionKeyForeign(this ILogger logger, Guid keyId);

    [LoggerMessage(655, LogLevel.Warning, "The Data Protection key {Key} was written under a secret that is not set any more, and is left out; a new key takes its place. To read it as well, set the old secret as AUTH_SECRET and the new one as AUTH_SECRET_1, unless the old one leaked.", EventName = "ProtectionKeyClosed")]
    public static partial void ProtectionKeyClosed(this ILogger logger, Guid key);
}
