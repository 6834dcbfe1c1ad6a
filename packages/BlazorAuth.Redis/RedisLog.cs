using Microsoft.Extensions.Logging;

namespace BlazorAuth.Stores.Redis;

internal static partial class RedisLog
{
    [LoggerMessage(403, LogLevel.Warning, "The session store (Redis) has no append-only file: everything since its last snapshot is lost when it restarts, including revocations. Set \"appendonly yes\".", EventName = "RedisNotDurable")]
    public static partial void RedisNotDurable(this ILogger logger);

    [LoggerMessage(404, LogLevel.Warning, "The session store (Redis) may drop sessions when its memory is full (maxmemory-policy {Policy}). Set \"maxmemory-policy noeviction\".", EventName = "RedisEvicts")]
    public static partial void RedisEvicts(this ILogger logger, string policy);
}
