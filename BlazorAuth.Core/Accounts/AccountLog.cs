using Microsoft.Extensions.Logging;

namespace BlazorAuth.Accounts;

internal static partial class AccountLog
{
    [LoggerMessage(701, LogLevel.Error, "The account callback threw an exception for an account of {Provider}. Nobody was signed in.", EventName = "AccountCallbackFailed")]
    public static partial void AccountCallbackFailed(this ILogger logger, Exception exception, string provider);

    [LoggerMessage(702, LogLevel.Information, "User {UserId} was created with {Provider}.", EventName = "UserCreated")]
    public static partial void UserCreated(this ILogger logger, string userId, string provider);

    [LoggerMessage(703, LogLevel.Information, "An account of {Provider} was linked to user {UserId}.", EventName = "AccountLinked")]
    public static partial void AccountLinked(this ILogger logger, string provider, string userId);

    [LoggerMessage(704, LogLevel.Critical, "The account store is empty, but it had users. Nobody can sign in until it is restored from a backup. See docs/accounts.md.", EventName = "UsersLost")]
    public static partial void UsersLost(this ILogger logger);

    [LoggerMessage(705, LogLevel.Warning, "The account store does not respond. The times when users were last seen are written later.", EventName = "AccountStoreUnreachable")]
    public static partial void AccountStoreUnreachable(this ILogger logger, Exception exception);

    [LoggerMessage(706, LogLevel.Information, "An account of {Provider} was unlinked from user {UserId}.", EventName = "AccountUnlinked")]
    public static partial void AccountUnlinked(this ILogger logger, string provider, string userId);

    [LoggerMessage(707, LogLevel.Information, "User {UserId} was banned until {Until}.", EventName = "UserBanned")]
    public static partial void UserBanned(this ILogger logger, string userId, DateTimeOffset until);

    [LoggerMessage(708, LogLevel.Information, "User {UserId} was deleted.", EventName = "UserDeleted")]
    public static partial void UserDeleted(this ILogger logger, string userId);

    [LoggerMessage(709, LogLevel.Information, "The ban of user {UserId} was lifted.", EventName = "UserUnbanned")]
    public static partial void UserUnbanned(this ILogger logger, string userId);

    [LoggerMessage(711, LogLevel.Warning, "The open pages of user {UserId} could not be notified of a changed account. They show it when they are reloaded.", EventName = "PagesNotTold")]
    public static partial void PagesNotTold(this ILogger logger, Exception exception, string userId);

    [LoggerMessage(712, LogLevel.Error, "Deleting user {UserId} failed halfway: they are banned, and some of their data may be left. Call AccountManager.DeleteAsync again.", EventName = "DeletionCutOff")]
    public static partial void DeletionCutOff(this ILogger logger, Exception exception, string userId);

    [LoggerMessage(713, LogLevel.Error, "The account store refused to write when a user or an account was last used: a bug in the store or in BlazorAuth. The other times are written.", EventName = "UseRefused")]
    public static partial void UseRefused(this ILogger logger, Exception exception);
}
