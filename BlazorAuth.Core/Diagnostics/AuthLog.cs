using Microsoft.Extensions.Logging;

namespace BlazorAuth;

/// <summary>
/// What is logged. Event ids by folder, never reused: 1xx sessions, 2xx endpoints, 3xx providers, 4xx stores, 5xx circuits, 6xx set-up. Never a token,
/// a cookie, a form, a provider's answer or an address of a person.
/// </summary>
internal static partial class AuthLog
{
    [LoggerMessage(101, LogLevel.Information, "Session {SessionId} began with {Provider}.", EventName = "SessionCreated")]
    public static partial void SessionCreated(this ILogger logger, string sessionId, string provider);

    [LoggerMessage(102, LogLevel.Information, "Session {SessionId} was revoked.", EventName = "SessionRevoked")]
    public static partial void SessionRevoked(this ILogger logger, string sessionId);

    [LoggerMessage(103, LogLevel.Debug, "A session cookie was refused: {Reason}.", EventName = "SessionRefused")]
    public static partial void SessionRefused(this ILogger logger, SessionRefusal reason);

    [LoggerMessage(104, LogLevel.Information, "Session {SessionId} was signed out.", EventName = "SessionEnded")]
    public static partial void SessionEnded(this ILogger logger, string sessionId);

    [LoggerMessage(105, LogLevel.Warning, "Session {SessionId} was signed out on this node; the store did not answer and will be told later.", EventName = "SignOutPostponed")]
    public static partial void SignOutPostponed(this ILogger logger, Exception exception, string sessionId);

    [LoggerMessage(106, LogLevel.Information, "The store was told of the sign-out of session {SessionId}.", EventName = "PostponedSignOutStored")]
    public static partial void PostponedSignOutStored(this ILogger logger, string sessionId);

    [LoggerMessage(107, LogLevel.Warning, "The row of session {SessionId} could not be read; its token is believed until the store answers.", EventName = "RowCheckFailed")]
    public static partial void RowCheckFailed(this ILogger logger, Exception exception, string sessionId);

    [LoggerMessage(108, LogLevel.Warning, "Session {SessionId} could not be renewed; it will be at its next request.", EventName = "RenewalPostponed")]
    public static partial void RenewalPostponed(this ILogger logger, Exception exception, string sessionId);

    [LoggerMessage(109, LogLevel.Warning, "Session {SessionId} of Auth.js could not be taken over: the store did not answer. Its cookie is kept, and nobody is signed in for this request.", EventName = "AdoptionPostponed")]
    public static partial void AdoptionPostponed(this ILogger logger, Exception exception, string sessionId);

    [LoggerMessage(201, LogLevel.Warning, "A request to the sign-in endpoints did not come through a known proxy and was refused.", EventName = "OriginUnknown")]
    public static partial void OriginUnknown(this ILogger logger);

    [LoggerMessage(202, LogLevel.Information, "A POST to {Route} without a valid CSRF token was refused ({Reference}).", EventName = "CsrfRefused")]
    public static partial void CsrfRefused(this ILogger logger, string? route, string reference);

    [LoggerMessage(203, LogLevel.Error, "An event of the app threw; what happened stands.", EventName = "EventFailed")]
    public static partial void EventFailed(this ILogger logger, Exception exception);

    [LoggerMessage(211, LogLevel.Warning, "Session {SessionId} was signed out; the store did not answer, so the person's other sessions, which were to end too, live on.", EventName = "OthersNotSignedOut")]
    public static partial void OthersNotSignedOut(this ILogger logger, Exception exception, string sessionId);

    [LoggerMessage(210, LogLevel.Warning, "The devices of an account could not be read; its page says so.", EventName = "DevicesUnreadable")]
    public static partial void DevicesUnreadable(this ILogger logger, Exception exception);

    [LoggerMessage(204, LogLevel.Warning, "Requests come through a proxy that is not known, so sign-ins are not limited per client. Set AUTH_KNOWN_PROXIES to the proxy's address.", EventName = "ClientAddressUnknown")]
    public static partial void ClientAddressUnknown(this ILogger logger);

    [LoggerMessage(301, LogLevel.Information, "Sign-in {Reference} with {Provider} was not completed: {Reason}.", EventName = "SignInNotCompleted")]
    public static partial void SignInNotCompleted(this ILogger logger, string reference, string? provider, AuthErrorReason reason);

    [LoggerMessage(302, LogLevel.Warning, "Sign-in {Reference} with {Provider} failed: {Reason}; {Details}.", EventName = "SignInFailed")]
    public static partial void SignInFailed(this ILogger logger, string reference, string? provider, AuthErrorReason reason, string details);

    [LoggerMessage(303, LogLevel.Information, "Sign-in {Reference} with {Provider} was denied by the app.", EventName = "SignInDenied")]
    public static partial void SignInDenied(this ILogger logger, string reference, string provider);

    [LoggerMessage(304, LogLevel.Error, "The sign-in callback threw; the sign-in with {Provider} was denied.", EventName = "SignInCallbackFailed")]
    public static partial void SignInCallbackFailed(this ILogger logger, Exception exception, string provider);

    [LoggerMessage(305, LogLevel.Error, "The answer of {Provider} names nobody. Map its id: options.ClaimActions.MapJsonKey(ClaimTypes.NameIdentifier, \"id\").", EventName = "SubjectMissing")]
    public static partial void SubjectMissing(this ILogger logger, string provider);

    [LoggerMessage(306, LogLevel.Information, "Sign-in {Reference}: the credentials for {Provider} were refused.", EventName = "CredentialsRefused")]
    public static partial void CredentialsRefused(this ILogger logger, string reference, string provider);

    [LoggerMessage(307, LogLevel.Error, "The app's judgement on credentials for {Provider} threw.", EventName = "AuthorizeFailed")]
    public static partial void AuthorizeFailed(this ILogger logger, Exception exception, string provider);

    [LoggerMessage(308, LogLevel.Information, "The app sent a sign-in with {Provider} to another address.", EventName = "SignInSentElsewhere")]
    public static partial void SignInSentElsewhere(this ILogger logger, string provider);

    [LoggerMessage(410, LogLevel.Warning, "The session store does not answer. Sessions are read from memory; nobody can sign in.", EventName = "StoreUnreachable")]
    public static partial void StoreUnreachable(this ILogger logger, Exception exception);

    [LoggerMessage(411, LogLevel.Information, "The session store answers again.", EventName = "StoreAnswersAgain")]
    public static partial void StoreAnswersAgain(this ILogger logger);

    [LoggerMessage(412, LogLevel.Debug, "Removed {Count} expired sessions.", EventName = "ExpiredSessionsRemoved")]
    public static partial void ExpiredSessionsRemoved(this ILogger logger, int count);

    [LoggerMessage(413, LogLevel.Error, "The upkeep of sessions met a defect of the store or of BlazorAuth. It goes on with the next round.", EventName = "UpkeepFailed")]
    public static partial void UpkeepFailed(this ILogger logger, Exception exception);

    [LoggerMessage(501, LogLevel.Error, "A circuit could not be told that its session changed or ended.", EventName = "CircuitNotTold")]
    public static partial void CircuitNotTold(this ILogger logger, Exception exception);

    [LoggerMessage(502, LogLevel.Debug, "{Count} circuits of session {SessionId} are anonymous: {Reason}.", EventName = "CircuitsEnded")]
    public static partial void CircuitsEnded(this ILogger logger, int count, string sessionId, SessionEndReason reason);

    [LoggerMessage(503, LogLevel.Warning, "The row of session {SessionId} could not be read for its circuits; it is read again soon.", EventName = "CircuitRowNotRead")]
    public static partial void CircuitRowNotRead(this ILogger logger, Exception exception, string sessionId);

    [LoggerMessage(601, LogLevel.Information, "No secret is set. One was made for Development and is kept in {Path}.", EventName = "DevelopmentSecretCreated")]
    public static partial void DevelopmentSecretCreated(this ILogger logger, string path);

    [LoggerMessage(602, LogLevel.Warning, "The Development secret cannot be kept in {Path}: everybody is signed out at the next start.", EventName = "DevelopmentSecretNotKept")]
    public static partial void DevelopmentSecretNotKept(this ILogger logger, Exception exception, string path);

    [LoggerMessage(603, LogLevel.Warning, "AUTH_TRUST_HOST is on: Host and X-Forwarded-* of anybody are believed. Make sure that only your own proxy can reach this server.", EventName = "HostTrusted")]
    public static partial void HostTrusted(this ILogger logger);

    [LoggerMessage(604, LogLevel.Warning, "The provider '{Provider}' has no keys and is not offered. Set {IdVariable} and {SecretVariable}.", EventName = "ProviderWithoutKeys")]
    public static partial void ProviderWithoutKeys(this ILogger logger, string provider, string idVariable, string secretVariable);

    [LoggerMessage(605, LogLevel.Warning, "{Assembly} routes with RouteView, which ignores [Authorize]. In Routes.razor replace <RouteView …/> by <AuthorizeRouteView RouteData=\"routeData\" DefaultLayout=\"typeof(Layout.MainLayout)\"><NotAuthorized><RedirectToSignIn /></NotAuthorized></AuthorizeRouteView>.", EventName = "AuthorizeRouteViewMissing")]
    public static partial void AuthorizeRouteViewMissing(this ILogger logger, string? assembly);

    [LoggerMessage(606, LogLevel.Information, "Sign-in is served at {Address}. Callback address to register with {Provider}: {Callback}", EventName = "CallbackAddress")]
    public static partial void CallbackAddress(this ILogger logger, string address, string provider, string callback);

    [LoggerMessage(607, LogLevel.Warning, "The front end {FrontEnd} is on another site than {Address}: browsers send it no SameSite=Lax cookies, so it will never see a session. Forward /api/auth from its own origin, or serve both from one site, or set AuthOptions.Cookies.SameSite to None (Safari refuses such cookies).", EventName = "FrontEndOnAnotherSite")]
    public static partial void FrontEndOnAnotherSite(this ILogger logger, string frontEnd, string address);

    [LoggerMessage(608, LogLevel.Warning, "AuthOptions.Cookies.Partitioned is on, but a sign-in with {Provider} ends on this site's own page, where its cookie is kept apart from the front end's. Leave Partitioned off, or sign in with credentials only.", EventName = "PartitionedWithRemoteProvider")]
    public static partial void PartitionedWithRemoteProvider(this ILogger logger, string provider);

    [LoggerMessage(205, LogLevel.Error, "{Route} failed.", EventName = "EndpointFailed")]
    public static partial void EndpointFailed(this ILogger logger, Exception exception, string? route);
}
