using Microsoft.Extensions.Logging;

namespace BlazorAuth.Startup;

internal static partial class StartupLog
{
    [LoggerMessage(601, LogLevel.Information, "No secret is set. A Development secret was generated and saved to {Path}.", EventName = "DevelopmentSecretCreated")]
    public static partial void DevelopmentSecretCreated(this ILogger logger, string path);

    [LoggerMessage(602, LogLevel.Warning, "The Development secret cannot be saved to {Path}, so everyone will be signed out when the app restarts. Give the app's user write access to the folder.", EventName = "DevelopmentSecretNotKept")]
    public static partial void DevelopmentSecretNotKept(this ILogger logger, string path);

    [LoggerMessage(603, LogLevel.Warning, "AUTH_TRUST_HOST is on: X-Forwarded-* headers are trusted from any client, for the limit of sign-ins, too, and without AUTH_URL so is the Host header. Make sure that only your own proxy can reach this server.", EventName = "HostTrusted")]
    public static partial void HostTrusted(this ILogger logger);

    [LoggerMessage(604, LogLevel.Warning, "The provider '{Provider}' has no keys and is not offered. Set {IdVariable} and {SecretVariable}.", EventName = "ProviderWithoutKeys")]
    public static partial void ProviderWithoutKeys(this ILogger logger, string provider, string idVariable, string secretVariable);

    [LoggerMessage(605, LogLevel.Warning, "{Assembly} routes with RouteView, which ignores [Authorize]. In Routes.razor, replace <RouteView …/> with <AuthorizeRouteView RouteData=\"routeData\" DefaultLayout=\"typeof(Layout.MainLayout)\"><NotAuthorized><RedirectToSignIn /></NotAuthorized></AuthorizeRouteView>.", EventName = "AuthorizeRouteViewMissing")]
    public static partial void AuthorizeRouteViewMissing(this ILogger logger, string? assembly);

    [LoggerMessage(606, LogLevel.Information, "Sign-in is available at {Address}. Callback address to register with {Provider}: {Callback}", EventName = "CallbackAddress")]
    public static partial void CallbackAddress(this ILogger logger, string address, string provider, string callback);

    [LoggerMessage(607, LogLevel.Warning, "The front end {FrontEnd} is on a different site than {Address}: browsers send no SameSite=Lax cookies with its requests, so it will never see a session. Proxy /api/auth through the front end's own origin, serve both from one site, or set AuthOptions.Cookies.SameSite to None (Safari blocks such cookies).", EventName = "FrontEndOnAnotherSite")]
    public static partial void FrontEndOnAnotherSite(this ILogger logger, string frontEnd, string address);

    [LoggerMessage(608, LogLevel.Warning, "AuthOptions.Cookies.Partitioned is on, but a sign-in with {Provider} ends on this site's own page, whose cookies are partitioned separately from the front end's. Turn Partitioned off, or sign in with credentials only.", EventName = "PartitionedWithRemoteProvider")]
    public static partial void PartitionedWithRemoteProvider(this ILogger logger, string provider);

    [LoggerMessage(610, LogLevel.Warning, "AUTH_ALLOW_HTTP is on and {Address} is plain http: anyone who can read the network traffic can take over sessions.", EventName = "PlainHttpAllowed")]
    public static partial void PlainHttpAllowed(this ILogger logger, string address);

    [LoggerMessage(611, LogLevel.Information, "Auth.js tokens are only accepted from the cookie {Cookie}. {Remedy}", EventName = "AuthJsCookieName")]
    public static partial void AuthJsCookieName(this ILogger logger, string cookie, string remedy);

    [LoggerMessage(620, LogLevel.Warning, "{Setting} is set, but not used. Did you mean {Meant}?", EventName = "SettingMisspelt")]
    public static partial void SettingMisspelt(this ILogger logger, string setting, string meant);

    [LoggerMessage(621, LogLevel.Warning, "{Setting} is set, but not used. docs/settings.md lists all settings.", EventName = "SettingUnread")]
    public static partial void SettingUnread(this ILogger logger, string setting);

    [LoggerMessage(622, LogLevel.Warning, "{Provider} responds with a cross-site form post, and browsers send the sign-in cookie with it only over https. The app's address is {Address}, so sign-ins with {Provider} will fail. Set AUTH_URL to an https address.", EventName = "FormPostOverHttp")]
    public static partial void FormPostOverHttp(this ILogger logger, string provider, string address);

    [LoggerMessage(623, LogLevel.Warning, "Sessions, users and bans are kept in memory and forgotten when the app stops: whoever is banned can sign in again then. Set AUTH_STORE to sqlite:<path>, or to a server.", EventName = "StoreForgets")]
    public static partial void StoreForgets(this ILogger logger);

    [LoggerMessage(624, LogLevel.Warning, "{Setting} is set, but code sets AuthOptions.Secrets, so it is not used. Remove it, or add it to AuthOptions.Secrets.", EventName = "SecretUnused")]
    public static partial void SecretUnused(this ILogger logger, string setting);

    [LoggerMessage(650, LogLevel.Warning, "BlazorAuth was added but not mapped: its pages return 404. In Program.cs, before app.Run(), write: app.MapBlazorAuth();", EventName = "NotMapped")]
    public static partial void NotMapped(this ILogger logger);

    [LoggerMessage(651, LogLevel.Warning, "The default authentication scheme was set to '{Scheme}' after AddBlazorAuth, so sessions are never read. Add that scheme without making it the default: call builder.Services.AddAuthentication() without a name, then add the scheme.", EventName = "DefaultSchemeReplaced")]
    public static partial void DefaultSchemeReplaced(this ILogger logger, string scheme);

    [LoggerMessage(652, LogLevel.Warning, "SaveTokens is on for '{Provider}' but has no effect: sessions do not store the provider's tokens, so GetTokenAsync returns null. Remove it, and read the tokens at sign-in: auth.Callbacks.OnToken = context => {{ /* context.Account?.AccessToken */ }}.", EventName = "TokensNotSaved")]
    public static partial void TokensNotSaved(this ILogger logger, string provider);

    [LoggerMessage(653, LogLevel.Warning, "{Assembly} has <SessionOverlay /> but not <SessionScript />, which makes it appear. Add <SessionScript /> to the head of App.razor.", EventName = "SessionScriptMissing")]
    public static partial void SessionScriptMissing(this ILogger logger, string? assembly);

    [LoggerMessage(710, LogLevel.Warning, "The account store could not be reached at startup. Nobody can sign in until it responds.", EventName = "AccountsUnreachableAtStart")]
    public static partial void AccountsUnreachableAtStart(this ILogger logger, Exception exception);

    [LoggerMessage(714, LogLevel.Warning, "{File} holds users, but the app does not use it: bans and disconnected accounts in it have no effect. Move the users as in docs/several-nodes.md; if they are not needed, delete the file.", EventName = "UsersLeftBehind")]
    public static partial void UsersLeftBehind(this ILogger logger, string file);

    [LoggerMessage(715, LogLevel.Warning, "Users and bans are kept in memory and forgotten when the app stops: whoever is banned can sign in again then. Set AUTH_ACCOUNTS to sqlite:<path> or postgres:<connection string>.", EventName = "UsersForgotten")]
    public static partial void UsersForgotten(this ILogger logger);
}
