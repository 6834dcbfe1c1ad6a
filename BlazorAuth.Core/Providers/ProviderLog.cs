using Microsoft.Extensions.Logging;

namespace BlazorAuth.Providers;

internal static partial class ProviderLog
{
    [LoggerMessage(304, LogLevel.Error, "The sign-in callback threw; the sign-in with {Provider} was denied.", EventName = "SignInCallbackFailed")]
    public static partial void SignInCallbackFailed(this ILogger logger, Exception exception, string provider);

    [LoggerMessage(305, LogLevel.Error, "The answer of {Provider} names nobody. Map its id: options.ClaimActions.MapJsonKey(ClaimTypes.NameIdentifier, \"id\").", EventName = "SubjectMissing")]
    public static partial void SubjectMissing(this ILogger logger, string provider);

    [LoggerMessage(308, LogLevel.Information, "The app sent a sign-in with {Provider} to another address.", EventName = "SignInSentElsewhere")]
    public static partial void SignInSentElsewhere(this ILogger logger, string provider);
}
