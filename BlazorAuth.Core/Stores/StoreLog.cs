using Microsoft.Extensions.Logging;

namespace BlazorAuth;

/// <summary>Event ids 4xx: the stores.</summary>
internal static partial class StoreLog
{
    [LoggerMessage(401, LogLevel.Warning, "A Data Protection key in the store is damaged and ignored (line {Line}, position {Position}).", EventName = "ProtectionKeyDamaged")]
    public static partial void ProtectionKeyDamaged(this ILogger logger, int line, int position);
}
