using BlazorAuth.Tokens;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Scheme;

internal static partial class SchemeLog
{
    [LoggerMessage(103, LogLevel.Debug, "A session cookie was rejected: {Reason}.", EventName = "SessionRefused")]
    public static partial void SessionRefused(this ILogger logger, SessionRefusal reason);

    [LoggerMessage(104, LogLevel.Information, "Session {SessionId} was signed out.", EventName = "SessionEnded")]
    public static partial void SessionEnded(this ILogger logger, string sessionId);

    [LoggerMessage(108, LogLevel.Warning, "Session {SessionId} could not be renewed; its next request will try again.", EventName = "RenewalPostponed")]
    public static partial void RenewalPostponed(this ILogger logger, Exception exception, string sessionId);

    [LoggerMessage(124, LogLevel.Warning, "The app signed in the person of session {SessionId} again, with what it granted when the request began, but that was changed meanwhile. The session stays as it is now.", EventName = "SignInOfChangedSessionRefused")]
    public static partial void SignInOfChangedSessionRefused(this ILogger logger, string sessionId);

    [LoggerMessage(125, LogLevel.Warning, "Session {SessionId} doesn't begin: all sessions of its user were ended after the sign-in had begun.", EventName = "SignInOutlived")]
    public static partial void SignInOutlived(this ILogger logger, string sessionId);

    [LoggerMessage(126, LogLevel.Warning, "A session begins over plain http: its cookie isn't protected. If people use https, the proxy doesn't say so: set AUTH_URL, or X-Forwarded-Proto there. If they use http on purpose, set AUTH_ALLOW_HTTP=true.", EventName = "SessionOverHttp")]
    public static partial void SessionOverHttp(this ILogger logger);

    [LoggerMessage(127, LogLevel.Warning, "A session that an Auth.js began isn't accepted, because the token was made with an older one of this app's secrets, and so can be anyone's who has that. While you rotate the secret, give both apps the new one to write with. Said once.", EventName = "OldSecretNotAdopted")]
    public static partial void OldSecretNotAdopted(this ILogger logger);

    [LoggerMessage(122, LogLevel.Warning, "The app signed in the person of session {SessionId} again, but that session cannot continue: it was ended or replaced, the user has another security stamp by now, or its row is lost or cannot be decrypted. They were not signed in.", EventName = "SignInOfEndedSessionRefused")]
    public static partial void SignInOfEndedSessionRefused(this ILogger logger, string sessionId);

    [LoggerMessage(214, LogLevel.Warning, "A request carried session cookies of two different users, or too many session cookies to look at. None was accepted, and none was deleted. Another site on this domain sets cookies with the same name. Serve this app over https and without AUTH_SHARE_WITH_AUTHJS, so that no other site can.", EventName = "SessionCookiesConflict")]
    public static partial void SessionsConflict(this ILogger logger);

    [LoggerMessage(318, LogLevel.Warning, "A session cookie has {Characters} characters: the app's claims make it larger than proxies accept by default (nginx answers 502 if all response headers exceed 4 KB). Put less into claims, or raise the proxy's limit: docs/several-nodes.md.", EventName = "SessionCookieLarge")]
    public static partial void SessionCookieLarge(this ILogger logger, int characters);

    [LoggerMessage(654, LogLevel.Warning, "A session cookie that cannot be decrypted with this app's secrets was ignored, but not deleted: another app on this host set it, or the secret changed. Apps on the same host share cookies, even on different ports. Give each app a prefix of its own: builder.Services.AddBlazorAuth(auth => auth.Cookies.Prefix = \"{Prefix}\").", EventName = "NeighbourCookieIgnored")]
    public static partial void NeighbourCookieIgnored(this ILogger logger, string prefix);
}
