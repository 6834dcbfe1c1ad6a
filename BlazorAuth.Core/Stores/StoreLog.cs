using Microsoft.Extensions.Logging;

namespace BlazorAuth.Stores;

internal static partial class StoreLog
{
    [LoggerMessage(402, LogLevel.Warning, "This node does not hear what other nodes change; it asks the store every few seconds until it does.", EventName = "SignalLost")]
    public static partial void SignalLost(this ILogger logger, Exception exception);

    [LoggerMessage(403, LogLevel.Warning, "The session store (Redis) keeps no append-only file: what happened since its last snapshot is lost when it restarts, revocations included. Set \"appendonly yes\".", EventName = "RedisNotDurable")]
    public static partial void RedisNotDurable(this ILogger logger);

    [LoggerMessage(404, LogLevel.Warning, "The session store (Redis) may drop sessions when its memory is full (maxmemory-policy {Policy}). Set \"maxmemory-policy noeviction\".", EventName = "RedisEvicts")]
    public static partial void RedisEvicts(this ILogger logger, string policy);
}
