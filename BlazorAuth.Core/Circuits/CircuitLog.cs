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

    [LoggerMessage(505, LogLevel.Warning, "A policy of the page of an open circuit could not be asked; its answer counts as no.", EventName = "PolicyFailed")]
    public static partial void PolicyFailed(this ILogger logger, Exception exception);

    [LoggerMessage(506, LogLevel.Error, "It is not known whether the visitor of the open page /{Page} may still see it, since their session changed.", EventName = "PageNotJudged")]
    public static partial void PageNotJudged(this ILogger logger, Exception exception, string page);

    [LoggerMessage(507, LogLevel.Warning, "A circuit in which nobody was signed in was on a page that requires a user, so what was pressed there was ignored. If this is no attack, the circuit's connection (/_blazor) doesn't carry the session that the page was loaded with: look at the path and domain of the cookie, and at the proxy.", EventName = "PageOfNobody")]
    public static partial void PageOfNobody(this ILogger logger);
}
