using Microsoft.Extensions.Logging;

namespace BlazorAuth.Credentials;

internal static partial class CredentialsLog
{
    [LoggerMessage(306, LogLevel.Information, "Sign-in {Reference}: the credentials for {Provider} were rejected.", EventName = "CredentialsRefused")]
    public static partial void CredentialsRefused(this ILogger logger, string reference, string provider);

    [LoggerMessage(307, LogLevel.Error, "The app's credentials check for {Provider} threw an exception.", EventName = "AuthorizeFailed")]
    public static partial void AuthorizeFailed(this ILogger logger, Exception exception, string provider);
}
