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

    [LoggerMessage(310, LogLevel.Warning, "{Provider} speaks for many tenants, and people of any of them may sign in. Set {Setting} to the ids of those that may.", EventName = "AnyTenant")]
    public static partial void AnyTenant(this ILogger logger, string provider, string setting);

    [LoggerMessage(311, LogLevel.Information, "Somebody signed in with {Provider} without all that was asked: {Missing}.", EventName = "OptionalAnswerMissing")]
    public static partial void OptionalAnswerMissing(this ILogger logger, string provider, string missing);

    [LoggerMessage(313, LogLevel.Warning, "{Provider} refused the client's way to authenticate ({Refused}) and took the other ({Taken}). Set {Setting} to spare it the first.", EventName = "ClientAuthenticationLearnt")]
    public static partial void ClientAuthenticationLearnt(this ILogger logger, string provider, string refused, string taken, string setting);

    [LoggerMessage(314, LogLevel.Information, "A token names a signing key that is not known: {Address} is read again.", EventName = "KeyLookedFor")]
    public static partial void KeyLookedFor(this ILogger logger, string address);

    [LoggerMessage(315, LogLevel.Warning, "What was known of {Address} is kept: it could not be read again ({Exception}).", EventName = "DiscoveryKept")]
    public static partial void DiscoveryKept(this ILogger logger, string exception, string address);

    [LoggerMessage(316, LogLevel.Warning, "{Provider} offers pushed authorization requests, but not to this client: {Problem}. They are left out for an hour.", EventName = "PushedAuthorizationLeftOut")]
    public static partial void PushedAuthorizationLeftOut(this ILogger logger, string provider, string problem);

    [LoggerMessage(317, LogLevel.Warning, "The answers of {Provider} come with a form that the browser posts across sites, and this sign-in was begun over http, where browsers keep no cookie for that: it cannot end well. Serve the app over https, and set AUTH_URL to it.", EventName = "FormPostWithoutHttps")]
    public static partial void FormPostWithoutHttps(this ILogger logger, string provider);
}
