using Microsoft.AspNetCore.Http;

namespace BlazorAuth;

/// <summary>
/// Everything an app can set. What code leaves unset comes from the environment (<c>AUTH_…</c>), then from the <c>Auth</c> section of
/// <c>appsettings</c>, then from the default. The set-up is checked when the app starts.
/// </summary>
public sealed class AuthOptions
{
    /// <summary>
    /// The name of the CORS policy that is built from <see cref="AllowedOrigins"/>. BlazorAuth's endpoints have it; add it to the app's endpoints
    /// that a front end may call: <c>RequireCors(AuthOptions.CorsPolicy)</c>, with <c>UseCors</c> before <c>UseAuthentication</c> and
    /// <c>UseAuthorization</c>.
    /// </summary>
    public const string CorsPolicy = "BlazorAuth";

    /// <summary>
    /// The secrets that encrypt session tokens: the first one encrypts, all of them decrypt. Default: <c>AUTH_SECRET_3, _2, _1, AUTH_SECRET</c>. Each has at least
    /// 32 characters. Outside Development, one is required; in Development, one is created and kept next to the local store.
    /// </summary>
    [SecretSetting]
    public IList<string> Secrets { get; } = [];

    /// <summary>
    /// The app's public address, with its path base if it has one. Default: <c>AUTH_URL</c>. If it isn't set, the address comes from the request:
    /// in Development, behind <see cref="KnownProxies"/>, or with <see cref="TrustHost"/>.
    /// </summary>
    public Uri? Url { get; set; }

    /// <summary>
    /// Whether to trust the <c>Host</c> and <c>X-Forwarded-*</c> headers of every request. Default: <c>AUTH_TRUST_HOST</c>, otherwise false. Only
    /// for servers that nothing but your own proxy can reach.
    /// </summary>
    public bool? TrustHost { get; set; }

    /// <summary>
    /// Whether <see cref="Url"/> and <see cref="AllowedOrigins"/> can be plain http outside Development, for an intranet without certificates.
    /// Default: <c>AUTH_ALLOW_HTTP</c>, otherwise false. Anyone who can listen on the network can then hijack sessions; a warning is logged.
    /// </summary>
    public bool? AllowHttp { get; set; }

    /// <summary>
    /// The proxies whose <c>X-Forwarded-*</c> headers are trusted: addresses, or networks such as <c>10.0.0.0/8</c>. Default:
    /// <c>AUTH_KNOWN_PROXIES</c> (comma-separated), otherwise none.
    /// </summary>
    public IList<string> KnownProxies { get; } = [];

    /// <summary>
    /// The origins of separate front ends, such as <c>https://app.example.com</c>. They can call the endpoints from a browser (CORS), and return
    /// addresses can point to them. Default: <c>AUTH_ALLOWED_ORIGINS</c> (comma-separated), otherwise none.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>
    /// Where sessions are stored: <c>sqlite:&lt;path&gt;</c>, <c>postgres:&lt;connection string&gt;</c>, <c>redis:&lt;connection string&gt;</c> or
    /// <c>memory</c>. Several nodes need <c>postgres</c> or <c>redis</c>, which are in the packages <c>BlazorAuth.Postgres</c> and <c>BlazorAuth.Redis</c>. Default: <c>AUTH_STORE</c>, otherwise
    /// <c>sqlite:App_Data/blazorauth.db</c> in the content root.
    /// </summary>
    [Restriction]
    public string? Store { get; set; }

    /// <summary>
    /// How long a node that's told to stop keeps serving after <c>/healthz/ready</c> has turned unhealthy: as long as the balancer in front takes to notice.
    /// Default: <c>AUTH_DRAIN_DELAY</c>, otherwise zero. It's added to the host's shutdown timeout.
    /// </summary>
    public TimeSpan DrainDelay { get; set; }

    /// <summary>How long sessions live.</summary>
    public AuthSessionOptions Session { get; } = new();

    /// <summary>Whether and where users are kept.</summary>
    public AuthAccountOptions Accounts { get; } = new();

    /// <summary>The names of the cookies, and where they are sent.</summary>
    public AuthCookieOptions Cookies { get; } = new();

    /// <summary>Pages of the app that replace the built-in ones, and the look of the built-in ones.</summary>
    public AuthPageOptions Pages { get; } = new();

    /// <summary>How often one address may try to sign in.</summary>
    public AuthRateLimitOptions RateLimit { get; } = new();

    /// <summary>Options that apply to all providers.</summary>
    public AuthProviderOptions Providers { get; } = new();

    /// <summary>Callbacks for the app's decisions: who may sign in, what tokens and sessions contain, where a person may be sent.</summary>
    public AuthCallbacks Callbacks { get; } = new();

    /// <summary>Events that notify the app. An exception in an event is logged and changes nothing.</summary>
    public AuthEvents Events { get; } = new();

    /// <summary>What was set but could not be read; the validator tells it at start.</summary>
    internal List<string> Problems { get; } = [];
}

/// <summary>How long sessions live.</summary>
public sealed class AuthSessionOptions
{
    /// <summary>How long a session lives without being used; Auth.js's <c>maxAge</c>. Default: <c>AUTH_SESSION_IDLE_LIFETIME</c>, otherwise 30 days.</summary>
    public TimeSpan IdleLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>
    /// How old a token gets before it's renewed; Auth.js's <c>updateAge</c>. Default: <c>AUTH_SESSION_UPDATE_AGE</c>, otherwise 24 hours. A renewal
    /// costs one store lookup.
    /// </summary>
    public TimeSpan UpdateAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a session lives, no matter how much it's used. Default: <c>AUTH_SESSION_ABSOLUTE_LIFETIME</c>, otherwise 90 days.</summary>
    public TimeSpan AbsoluteLifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long after signing in someone can sign out their other devices, and connect, disconnect, export or delete their account, without signing in again. Default:
    /// 15 minutes. <see cref="Timeout.InfiniteTimeSpan"/> never asks again: then whoever has an unlocked device or a copied cookie can do all that.
    /// </summary>
    public TimeSpan FreshFor { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// The IDs of the providers that count for <see cref="RequireFreshAttribute"/> and everything else that requires a recent sign-in. Default: none named, every
    /// provider counts. Name the strong ones if users can connect others: then a weaker provider doesn't stand in for them.
    /// </summary>
    [Restriction]
    public IList<string> FreshProviders { get; } = [];

    /// <summary>
    /// How many live sessions one user can have. Default: 50; zero means any number. One more ends the least recently used session (<see
    /// cref="RevocationReason.TooMany"/>), beginning with those adopted from Auth.js. This limits what a single account can make the store keep.
    /// </summary>
    public int MostPerUser { get; set; } = 50;

    /// <summary>
    /// Whether a token that Auth.js minted with the same secret is a session here too. Default: false. Such a token gets a BlazorAuth session ID when
    /// it's first read; copies made before that can only be revoked together.
    /// </summary>
    public bool AcceptAuthJsTokens { get; set; }

    /// <summary>
    /// Whether a session cookie of next-auth 4, made with the same secret, becomes a session here when the browser has none, and is deleted then. Default: false. For moving
    /// an app: turn it off once its longest session has ended (30 days by default). The user's ID is the cookie's <c>sub</c>.
    /// </summary>
    public bool AcceptNextAuth4Cookies { get; set; }

    /// <summary>
    /// How often a node asks the store for changes whose signal it may have missed. Default: five seconds. This limits how long a session that
    /// another process revoked can live on here, at the cost of one small query per node.
    /// </summary>
    public TimeSpan ReconcileInterval { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// People whose session began before this moment have to sign in again. For use after the store was restored, because it doesn't know who signed out since the
    /// backup: set it to the moment of the restore, on all nodes. Default: <c>AUTH_SESSIONS_NOT_BEFORE</c> (<c>2026-11-26T12:00:00Z</c>), otherwise none.
    /// </summary>
    [SettingName("SESSIONS_NOT_BEFORE")]
    [Restriction]
    public DateTimeOffset? NotBefore { get; set; }
}

/// <summary>The names of the cookies, and where they are sent.</summary>
public sealed class AuthCookieOptions
{
    /// <summary>
    /// The first part of every cookie's name. Default: <c>authjs</c>, like Auth.js. If two apps share a host, give each its own. The session
    /// cookie's name is part of the token's key, so changing it signs everyone out.
    /// </summary>
    public string Prefix { get; set; } = "authjs";

    /// <summary>
    /// Whether the session cookie has Auth.js's own name over https, <c>__Secure-authjs.session-token</c>, to share it with an Auth.js app that can't
    /// use BlazorAuth's name. Default: <c>AUTH_SHARE_WITH_AUTHJS</c>, otherwise false: then it's <c>__Host-authjs.session-token</c>, which no other
    /// site on the same domain can set. If you can, give Auth.js that name instead (<c>cookies.sessionToken.name</c>). Changing this signs everyone
    /// out once.
    /// </summary>
    [SettingName("SHARE_WITH_AUTHJS")]
    public bool ShareWithAuthJs { get; set; }

    /// <summary>
    /// <see cref="SameSiteMode.Lax"/> (default), or <see cref="SameSiteMode.None"/> for a front end on another site. That needs https, and some
    /// browsers refuse such cookies altogether.
    /// </summary>
    public SameSiteMode SameSite { get; set; } = SameSiteMode.Lax;

    /// <summary>
    /// Whether the cookies belong to the site of the page that embeds the app (CHIPS), for browsers that refuse other cookies across sites. Default:
    /// false. It requires <see cref="SameSiteMode.None"/> and works only with credentials: a sign-in with a provider ends on the app's own site, and
    /// sets its cookie where the front end doesn't see it.
    /// </summary>
    public bool Partitioned { get; set; }
}

/// <summary>How often one address may try to sign in.</summary>
public sealed class AuthRateLimitOptions
{
    /// <summary>
    /// How many sign-ins one client address can make within a <see cref="Window"/>. Default: <c>AUTH_RATE_LIMIT_PERMIT_LIMIT</c>, otherwise 60.
    /// Zero switches the limit off. A whole office or mobile network can share one address: raise it if many people sign in at the same time of
    /// day.
    /// </summary>
    public int PermitLimit { get; set; } = 60;

    /// <summary>The length of the window. Default: <c>AUTH_RATE_LIMIT_WINDOW</c>, otherwise one minute.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);
}
