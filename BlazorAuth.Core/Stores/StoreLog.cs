using Microsoft.Extensions.Logging;

namespace BlazorAuth.Stores;

internal static partial class StoreLog
{
    [LoggerMessage(402, LogLevel.Warning, "This node receives no change notifications from the store; it polls every few seconds until it does.", EventName = "SignalLost")]
    public static partial void SignalLost(this ILogger logger, Exception exception);

    [LoggerMessage(403, LogLevel.Warning, "The session store (Redis) has no append-only file: everything since its last snapshot is lost when it restarts, including revocations. Set \"appendonly yes\".", EventName = "RedisNotDurable")]
    public static partial void RedisNotDurable(this ILogger logger);

    [LoggerMessage(404, LogLevel.Warning, "The session store (Redis) may drop sessions when its memory is full (maxmemory-policy {Policy}). Set \"maxmemory-policy noeviction\".", EventName = "RedisEvicts")]
    public static partial void RedisEvicts(this ILogger logger, string policy);
}
