using Microsoft.Extensions.Logging;

namespace BlazorAuth.Providers;

internal static partial class ProviderLog
{
    [LoggerMessage(304, LogLevel.Error, "The sign-in callback threw an exception, so the sign-in with {Provider} was denied.", EventName = "SignInCallbackFailed")]
    public static partial void SignInCallbackFailed(this ILogger logger, Exception exception, string provider);

    [LoggerMessage(305, LogLevel.Error, "The response from {Provider} contains no user id. Map it: options.ClaimActions.MapJsonKey(ClaimTypes.NameIdentifier, \"id\").", EventName = "SubjectMissing")]
    public static partial void SubjectMissing(this ILogger logger, string provider);

    [LoggerMessage(308, LogLevel.Information, "The app redirected a sign-in with {Provider} elsewhere.", EventName = "SignInSentElsewhere")]
    public static partial void SignInSentElsewhere(this ILogger logger, string provider);

    [LoggerMessage(310, LogLevel.Warning, "{Provider} serves many tenants, and users from any of them can sign in. To restrict that, set {Setting} to the allowed tenant ids.", EventName = "AnyTenant")]
    public static partial void AnyTenant(this ILogger logger, string provider, string setting);

    [LoggerMessage(311, LogLevel.Information, "A user signed in with {Provider}, but the response lacks something that was requested: {Missing}.", EventName = "OptionalAnswerMissing")]
    public static partial void OptionalAnswerMissing(this ILogger logger, string provider, string missing);

    [LoggerMessage(313, LogLevel.Warning, "{Provider} rejected one client authentication method ({Refused}) and accepted another ({Taken}). Set {Setting} to use the accepted one from the start.", EventName = "ClientAuthenticationLearnt")]
    public static partial void ClientAuthenticationLearnt(this ILogger logger, string provider, string refused, string taken, string setting);

    [LoggerMessage(314, LogLevel.Information, "A token names an unknown signing key; reading {Address} again.", EventName = "KeyLookedFor")]
    public static partial void KeyLookedFor(this ILogger logger, string address);

    [LoggerMessage(315, LogLevel.Warning, "Could not refresh {Address} ({Exception}); the cached version stays in use.", EventName = "DiscoveryKept")]
    public static partial void DiscoveryKept(this ILogger logger, string exception, string address);

    [LoggerMessage(316, LogLevel.Warning, "{Provider} supports pushed authorization requests, but not for this client: {Problem}. They are skipped for {Minutes} min.", EventName = "PushedAuthorizationLeftOut")]
    public static partial void PushedAuthorizationLeftOut(this ILogger logger, string provider, string problem, int minutes);

    [LoggerMessage(317, LogLevel.Warning, "{Provider} responds with a cross-site form post, and this sign-in started over http, where browsers do not send the required cookie, so it will fail. Serve the app over https, and set AUTH_URL to that address.", EventName = "FormPostWithoutHttps")]
    public static partial void FormPostWithoutHttps(this ILogger logger, string provider);

    [LoggerMessage(319, LogLevel.Information, "{Provider} rejected a pushed authorization request: {Problem}. This sign-in goes on without one.", EventName = "PushedRequestRefused")]
    public static partial void PushedRequestRefused(this ILogger logger, string provider, string problem);

    [LoggerMessage(320, LogLevel.Error, "The scheme {Scheme}, which was added while the app runs, is not a provider: {Mistake}", EventName = "LateSchemeRefused")]
    public static partial void LateSchemeRefused(this ILogger logger, string scheme, string mistake);
}
