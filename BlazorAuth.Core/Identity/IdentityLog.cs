using Microsoft.Extensions.Logging;

namespace BlazorAuth.Identity;

internal static partial class IdentityLog
{
    [LoggerMessage(720, LogLevel.Information, "Identity user {UserId} was created with {Provider}.", EventName = "IdentityUserCreated")]
    public static partial void IdentityUserCreated(this ILogger logger, string userId, string provider);

    [LoggerMessage(721, LogLevel.Information, "Session {SessionId} ended: its user was deleted, or their security stamp changed.", EventName = "StampChanged")]
    public static partial void StampChanged(this ILogger logger, string sessionId);

    [LoggerMessage(722, LogLevel.Warning, "The security stamp of session {SessionId} could not be checked; the session continues and is checked again in a minute.", EventName = "StampNotChecked")]
    public static partial void StampNotChecked(this ILogger logger, Exception exception, string sessionId);

    [LoggerMessage(723, LogLevel.Warning, "User {UserId} was changed, but the session store could not be told which sessions to end. It is told as soon as it responds, while this node runs; otherwise they end within the validation interval.", EventName = "SessionsNotTold")]
    public static partial void SessionsNotTold(this ILogger logger, Exception exception, string userId);

    [LoggerMessage(724, LogLevel.Error, "Identity user {UserId} was created, but has no login and could not be deleted; delete it, so that the person can sign in.", EventName = "NewUserLeft")]
    public static partial void NewUserLeft(this ILogger logger, Exception? exception, string userId);

    [LoggerMessage(725, LogLevel.Warning, "The security stamp of user {UserId} could not be read before the user was changed; if it changes, the session that makes the change ends with the others.", EventName = "StampNotRead")]
    public static partial void StampNotRead(this ILogger logger, Exception exception, string userId);

    [LoggerMessage(726, LogLevel.Warning, "Session {SessionId} has an outdated security stamp and is refused, but the session store could not be told that it has ended. Its next request tries again.", EventName = "OutdatedSessionNotEnded")]
    public static partial void OutdatedSessionNotEnded(this ILogger logger, Exception exception, string sessionId);

    [LoggerMessage(727, LogLevel.Warning, "Session {SessionId} ended: the claims that Identity has for its user no longer fit into it.", EventName = "ClaimsDoNotFit")]
    public static partial void ClaimsDoNotFit(this ILogger logger, Exception exception, string sessionId);

    [LoggerMessage(728, LogLevel.Warning, "A response from a provider was brought to Identity's pages by another browser than the one that started the sign-in, and doesn't count: the browser's cookie was lost, or another site of this domain has set Identity's.", EventName = "ExternalCookieOfAnotherBrowser")]
    public static partial void ExternalCookieOfAnotherBrowser(this ILogger logger);

    [LoggerMessage(729, LogLevel.Warning, "Somebody at an unlocked device can take an account over with Identity's {Endpoints}, which ask for no recent sign-in. Put RequireFresh on them, as in docs/identity.md.", EventName = "ManagedWithoutRecentSignIn")]
    public static partial void ManagedWithoutRecentSignIn(this ILogger logger, string endpoints);

    [LoggerMessage(733, LogLevel.Information, "The session store was told that user {UserId} was changed.", EventName = "SessionsTold")]
    public static partial void SessionsTold(this ILogger logger, string userId);

    [LoggerMessage(734, LogLevel.Warning, "The session store could not say which stamp the session has that changes user {UserId}; if the stamp changes, that session ends with the others.", EventName = "EarlierStampUnknown")]
    public static partial void EarlierStampUnknown(this ILogger logger, Exception exception, string userId);

    [LoggerMessage(735, LogLevel.Warning, "Identity could not say what is true of user {UserId} by now, who was changed while the session store did not respond. Their sessions go on until it can, or until the validation interval is over.", EventName = "UserNotRead")]
    public static partial void UserNotRead(this ILogger logger, Exception exception, string userId);
}
