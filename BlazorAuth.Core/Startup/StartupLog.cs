using Microsoft.Extensions.Logging;

namespace BlazorAuth.Startup;

internal static partial class StartupLog
{
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

    [LoggerMessage(610, LogLevel.Warning, "AUTH_ALLOW_HTTP is on and {Address} is plain http: whoever can listen to the network can take over sessions.", EventName = "PlainHttpAllowed")]
    public static partial void PlainHttpAllowed(this ILogger logger, string address);

    [LoggerMessage(611, LogLevel.Information, "Tokens of Auth.js are accepted from the cookie {Cookie}, and from no other. {Remedy}", EventName = "AuthJsCookieName")]
    public static partial void AuthJsCookieName(this ILogger logger, string cookie, string remedy);
    [LoggerMessage(620, LogLevel.Warning, "{Setting} is set, but nothing reads it. Did you mean {Meant}?", EventName = "SettingMisspelt")]
    public static partial void SettingMisspelt(this ILogger logger, string setting, string meant);

    [LoggerMessage(621, LogLevel.Warning, "{Setting} is set, but nothing reads it. docs/settings.md lists the names that are read.", EventName = "SettingUnread")]
    public static partial void SettingUnread(this ILogger logger, string setting);

    [LoggerMessage(622, LogLevel.Warning, "{Provider} answers with a form that the browser posts across sites, and browsers send the cookie of a sign-in with it over https only. The app's address is {Address}: sign-ins with {Provider} cannot work. Set AUTH_URL to an https address.", EventName = "FormPostOverHttp")]
    public static partial void FormPostOverHttp(this ILogger logger, string provider, string address);

    [LoggerMessage(710, LogLevel.Warning, "The account store could not be reached at the start. It is prepared when it is first used; until then nobody can sign in.", EventName = "AccountsUnreachableAtStart")]
    public static partial void AccountsUnreachableAtStart(this ILogger logger, Exception exception);
}
