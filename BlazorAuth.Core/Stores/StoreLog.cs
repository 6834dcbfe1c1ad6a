using Microsoft.Extensions.Logging;

namespace BlazorAuth;

/// <summary>Event ids 4xx: the stores.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(401, LogLevel.Warning, "A Data Protection key in the store is damaged and ignored (line {Line}, position {Position}).", EventName = "ProtectionKeyDamaged")]
    public static partial void ProtectionKeyDamaged(this ILogger logger, int line, int position);

    [LoggerMessage(402, LogLevel.Warning, "This node does not hear what other nodes change; it asks the store every few seconds until it does.", EventName = "SignalLost")]
    public static partial void SignalLost(this ILogger logger, Exception exception);

    [LoggerMessage(403, LogLevel.Warning, "The session store (Redis) keeps no append-only file: what happened since its last snapshot is lost when it restarts, revocations included. Set \"appendonly yes\".", EventName = "RedisNotDurable")]
    public static partial void RedisNotDurable(this ILogger logger);

    [LoggerMessage(404, LogLevel.Warning, "The session store (Redis) may drop sessions when its memory is full (maxmemory-policy {Policy}). Set \"maxmemory-policy noeviction\".", EventName = "RedisEvicts")]
    public static partial void RedisEvicts(this ILogger logger, string policy);

    [LoggerMessage(405, LogLevel.Warning, "The session store could not be read at the start. Until it answers, nobody can sign in, and requests with a session cookie get 503 and keep it.", EventName = "StoreUnreachableAtStart")]
    public static partial void StoreUnreachableAtStart(this ILogger logger, Exception exception);

    [LoggerMessage(406, LogLevel.Information, "The session store was read: {Count} changed sessions.", EventName = "StoreLoaded")]
    public static partial void StoreLoaded(this ILogger logger, int count);

    [LoggerMessage(407, LogLevel.Error, "The session store lost data. What this node knows to be revoked is written back; sessions that the store does not know have to sign in again.", EventName = "StoreLostData")]
    public static partial void StoreLostData(this ILogger logger);

    [LoggerMessage(408, LogLevel.Warning, "{Count} revocations were written back to the session store.", EventName = "RevocationsWrittenBack")]
    public static partial void RevocationsWrittenBack(this ILogger logger, int count);
}
