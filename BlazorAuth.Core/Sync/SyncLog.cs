using Microsoft.Extensions.Logging;

namespace BlazorAuth.Sync;

internal static partial class SyncLog
{
    [LoggerMessage(106, LogLevel.Information, "The postponed sign-out of session {SessionId} was written to the store.", EventName = "PostponedSignOutStored")]
    public static partial void PostponedSignOutStored(this ILogger logger, string sessionId);

    [LoggerMessage(113, LogLevel.Error, "The session store refused an entry that was to be written later, so it was dropped: a bug in the store or in BlazorAuth. The others are written.", EventName = "EntryRefused")]
    public static partial void EntryRefused(this ILogger logger, Exception exception);

    [LoggerMessage(401, LogLevel.Warning, "A Data Protection key in the store is damaged and was ignored (line {Line}, position {Position}).", EventName = "ProtectionKeyDamaged")]
    public static partial void ProtectionKeyDamaged(this ILogger logger, int line, int position);

    [LoggerMessage(405, LogLevel.Warning, "The session store could not be read at startup. Until it responds, nobody can sign in, and requests with a session cookie get a 503 and keep the cookie.", EventName = "StoreUnreachableAtStart")]
    public static partial void StoreUnreachableAtStart(this ILogger logger, Exception exception);

    [LoggerMessage(406, LogLevel.Information, "Loaded {Count} changed sessions from the session store.", EventName = "StoreLoaded")]
    public static partial void StoreLoaded(this ILogger logger, int count);

    [LoggerMessage(407, LogLevel.Error, "The session store lost data: it was emptied, or rows are missing. Revocations and Data Protection keys that this node knows of will be written back; users whose sessions are missing have to sign in again.", EventName = "StoreLostData")]
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

    [LoggerMessage(440, LogLevel.Warning, "The session store is responding, but its signals do not reach this node, which therefore learns of other nodes' changes only after several seconds. Check the network between them, and any connection pooler.", EventName = "SignalsMissing")]
    public static partial void SignalsMissing(this ILogger logger);

    [LoggerMessage(441, LogLevel.Information, "The session store's signals reach this node again.", EventName = "SignalsHeardAgain")]
    public static partial void SignalsHeardAgain(this ILogger logger);

    [LoggerMessage(442, LogLevel.Warning, "This machine's clock is {Seconds} seconds ahead of the session store's (below zero: behind). The store's clock is used. Synchronize both clocks with NTP.", EventName = "ClocksApart")]
    public static partial void ClocksApart(this ILogger logger, long seconds);

    [LoggerMessage(443, LogLevel.Information, "This machine's clock is correct again (session store has its own clock: {IsStores}).", EventName = "ClocksAgree")]
    public static partial void ClocksAgree(this ILogger logger, bool isStores);

    [LoggerMessage(444, LogLevel.Error, "This machine's clock is {Seconds} seconds ahead of the session store's (below zero: behind), and it is unknown which of the two is wrong. Nothing expires unless it has by both clocks, and nothing is removed. Synchronize both clocks with NTP.", EventName = "ClocksDisagree")]
    public static partial void ClocksDisagree(this ILogger logger, long seconds);

    [LoggerMessage(445, LogLevel.Warning, "This machine's clock was set forward, or the app was not used for a while. Expired data is not removed for a day.", EventName = "ClockSetForward")]
    public static partial void ClockSetForward(this ILogger logger);

    [LoggerMessage(446, LogLevel.Error, "The session store reverted to an older state. Revocations and Data Protection keys were written back, and lost sessions are written again as they are used. No immediate action is needed, but find out why the store reverted.", EventName = "StoreWentBack")]
    public static partial void StoreWentBack(this ILogger logger);

    [LoggerMessage(447, LogLevel.Error, "The session store reverted to an older state, and no node knows everything that was revoked since then. Everyone has to sign in again. After a restore, set AUTH_SESSIONS_NOT_BEFORE to the time of the restore.", EventName = "StoreWentBackTooFar")]
    public static partial void StoreWentBackTooFar(this ILogger logger);

    [LoggerMessage(448, LogLevel.Warning, "Everyone who signed in before {Moment} has to sign in again, because AUTH_SESSIONS_NOT_BEFORE was set.", EventName = "SessionsBeforeRefused")]
    public static partial void SessionsBeforeRefused(this ILogger logger, DateTimeOffset moment);

    [LoggerMessage(449, LogLevel.Warning, "{Count} Data Protection keys were written back to the session store, which had lost them.", EventName = "ProtectionKeysWrittenBack")]
    public static partial void ProtectionKeysWrittenBack(this ILogger logger, int count);

    [LoggerMessage(450, LogLevel.Warning, "None of this node's secrets can decrypt the Data Protection key {KeyId}, which another node has just created. Nodes with different secrets cannot finish each other's sign-ins: set the same AUTH_SECRET on all of them.", EventName = "ProtectionKeyUnknownSecret")]
    public static partial void ProtectionKeyUnknownSecret(this ILogger logger, Guid keyId);

    [LoggerMessage(451, LogLevel.Information, "This node reports that it is not ready, and keeps serving requests for {Seconds} seconds.", EventName = "Draining")]
    public static partial void Draining(this ILogger logger, long seconds);

    [LoggerMessage(453, LogLevel.Information, "Session maintenance works again.", EventName = "UpkeepSucceedsAgain")]
    public static partial void UpkeepSucceedsAgain(this ILogger logger);

    [LoggerMessage(454, LogLevel.Error, "The app stopped before {Count} sign-outs could be written to the session store, which is not responding. Other nodes, and this one after a restart, accept these sessions again. Once the store responds, set AUTH_SESSIONS_NOT_BEFORE to the current time: everyone signs in again.", EventName = "SignOutsNotStored")]
    public static partial void SignOutsNotStored(this ILogger logger, int count);

    [LoggerMessage(655, LogLevel.Warning, "The Data Protection key {Key} was encrypted with a secret that is no longer set, so it was skipped and a new key replaces it. To keep using it, set the old secret as AUTH_SECRET and the new one as AUTH_SECRET_1, unless the old one leaked.", EventName = "ProtectionKeyClosed")]
    public static partial void ProtectionKeyClosed(this ILogger logger, Guid key);

    [LoggerMessage(455, LogLevel.Warning, "Nobody could say whose session a postponed sign-out with an Auth.js token ends: the app's OnAccount or the account store failed, or took more than five seconds. It is asked again for a day.", EventName = "OwnerNotFound")]
    public static partial void OwnerNotFound(this ILogger logger, Exception exception);
}
