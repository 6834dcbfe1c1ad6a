using Microsoft.Extensions.Logging;

namespace BlazorAuth.Stores;

internal static partial class StoreLog
{
    [LoggerMessage(402, LogLevel.Warning, "This node receives no change notifications from the store; it polls every few seconds until it does.", EventName = "SignalLost")]
    public static partial void SignalLost(this ILogger logger, Exception exception);
}
