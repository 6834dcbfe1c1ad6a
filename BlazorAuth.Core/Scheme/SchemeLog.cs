using BlazorAuth.Tokens;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Scheme;

internal static partial class SchemeLog
{
    [LoggerMessage(103, LogLevel.Debug, "A session cookie was refused: {Reason}.", EventName = "SessionRefused")]
    public static partial void SessionRefused(this ILogger logger, SessionRefusal reason);

    [LoggerMessage(104, LogLevel.Information, "Session {SessionId} was signed out.", EventName = "SessionEnded")]
    public static partial void SessionEnded(this ILogger logger, string sessionId);

    [LoggerMessage(108, LogLevel.Warning, "Session {SessionId} could not be renewed; it will be at its next request.", EventName = "RenewalPostponed")]
    public static partial void RenewalPostponed(this ILogger logger, Exception exception, string sessionId);

    [LoggerMessage(214, LogLevel.Warning, "A request carried the session cookies of two persons; neither is believed, and none is deleted. Another site of this domain sets cookies of the same name: serve this app over https without AUTH_SHARE_WITH_AUTHJS, where no other site can.", EventName = "SessionCookiesConflict")]
    public static partial void SessionsConflict(this ILogger logger);

    [LoggerMessage(318, LogLevel.Warning, "A session cookie takes {Characters} characters: the app's claims make it larger than what stock proxies take (nginx: 4 KB for all headers of an answer, which it then refuses with 502). Put less into claims, or let the proxy take more: docs/several-nodes.md.", EventName = "SessionCookieLarge")]
    public static partial void SessionCookieLarge(this ILogger logger, int characters);

    [LoggerMessage(654, LogLevel.Warning, "A session cookie that no secret of this app opens was ignored and kept: another app on this host has set it, or the secret is new. Two apps on one host share cookies whatever their ports; give each its own: builder.Services.AddBlazorAuth(auth => auth.Cookies.Prefix = \"{Prefix}\").", EventName = "NeighbourCookieIgnored")]
    public static partial void NeighbourCookieIgnored(this ILogger logger, string prefix);
}
