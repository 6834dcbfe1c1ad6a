using Microsoft.Extensions.Logging;

namespace BlazorAuth.Circuits;

internal static partial class CircuitLog
{
    [LoggerMessage(501, LogLevel.Error, "A circuit could not be notified that its session changed or ended.", EventName = "CircuitNotTold")]
    public static partial void CircuitNotTold(this ILogger logger, Exception exception);

    [LoggerMessage(502, LogLevel.Debug, "{Count} circuits of session {SessionId} became anonymous: {Reason}.", EventName = "CircuitsEnded")]
    public static partial void CircuitsEnded(this ILogger logger, int count, string sessionId, SessionEndReason reason);

    [LoggerMessage(503, LogLevel.Warning, "Could not read the row of session {SessionId} for its circuits; another attempt follows shortly.", EventName = "CircuitRowNotRead")]
    public static partial void CircuitRowNotRead(this ILogger logger, Exception exception, string sessionId);

    [LoggerMessage(504, LogLevel.Warning, "A circuit began long after its connection, and session {SessionId} could not be checked; the circuit is anonymous.", EventName = "CircuitNotChecked")]
    public static partial void CircuitNotChecked(this ILogger logger, Exception exception, string sessionId);
}
