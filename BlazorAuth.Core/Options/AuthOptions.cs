using Microsoft.AspNetCore.Http;

namespace BlazorAuth;

/// <summary>
/// Everything an app can set. What code leaves unset comes from the environment (<c>AUTH_…</c>), then from the <c>Auth</c> section of
/// <c>appsettings</c>, then from the default. The set-up is checked when the app starts.
/// </summary>
public sealed class AuthOptions
{
    /// <summary>
    /// The name of the CORS policy that is made of <see cref="AllowedOrigins"/>. Our own endpoints have it; give it to those of the app that a
    /// front end may call: <c>RequireCors(AuthOptions.CorsPolicy)</c>, with <c>UseCors</c> before <c>UseAuthentication</c> and <c>UseAuthorization</c>.
    /// </summary>
    public const string CorsPolicy = "BlazorAuth";

    /// <summary>
    /// The secrets that encrypt session tokens: the first writes, all read. Default: <c>AUTH_SECRET_3, _2, _1, AUTH_SECRET</c>. Each holds at
    /// least 32 characters. Outside Development there must be one; in Development one is made and kept beside the local store.
    /// </summary>
    [SecretSetting]
    public IList<string> Secrets { get; } = [];

    /// <summary>
    /// The public address of the app, with its path base if it has one. Default: <c>AUTH_URL</c>. Unset, the address is taken from the request,
    /// in Development, behind <see cref="KnownProxies"/>, or with <see cref="TrustHost"/>.
    /// </summary>
    public Uri? Url { get; set; }

    /// <summary>
    /// Whether to believe the <c>Host</c> and <c>X-Forwarded-*</c> headers of anybody. Default: <c>AUTH_TRUST_HOST</c>, otherwise false.
    /// Only for a server that nobody but its own proxy can reach.
    /// </summary>
    public bool? TrustHost { get; set; }

    /// <summary>
    /// Whether <see cref="Url"/> and <see cref="AllowedOrigins"/> may be plain http outside Development, for an intranet without certificates. Default:
    /// <c>AUTH_ALLOW_HTTP</c>, otherwise false. Whoever can listen to the network can then take over sessions; a warning is logged.
    /// </summary>
    public bool? AllowHttp { get; set; }

    /// <summary>
    /// The proxies whose <c>X-Forwarded-*</c> headers are believed: addresses, or networks such as <c>10.0.0.0/8</c>. Default: <c>AUTH_KNOWN_PROXIES</c>
    /// (comma-separated), otherwise none.
    /// </summary>
    public IList<string> KnownProxies { get; } = [];

    /// <summary>
    /// The origins of separate front ends, such as <c>https://app.example.com</c>: they may call the endpoints from a browser (CORS) and are
    /// accepted as return addresses. Default: <c>AUTH_ALLOWED_ORIGINS</c> (comma-separated), otherwise none.
    /// </summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>
    /// Where sessions are remembered: <c>sqlite:&lt;path&gt;</c>, <c>postgres:&lt;connection string&gt;</c>, <c>redis:&lt;connection string&gt;</c> or
    /// <c>memory</c>. Several nodes need <c>postgres</c> or <c>redis</c>. Default: <c>AUTH_STORE</c>, otherwise
    /// <c>sqlite:App_Data/blazorauth.db</c> below the content root.
    /// </summary>
    public string? Store { get; set; }

    /// <summary>How long sessions live.</summary>
    public AuthSessionOptions Session { get; } = new();

    /// <summary>Whether and where users are kept.</summary>
    public AuthAccountOptions Accounts { get; } = new();

    /// <summary>What the cookies are called and to whom they are sent.</summary>
    public AuthCookieOptions Cookies { get; } = new();

    /// <summary>Pages of the app that take the place of the built-in ones, and how the built-in ones look.</summary>
    public AuthPageOptions Pages { get; } = new();

    /// <summary>How often one address may try to sign in.</summary>
    public AuthRateLimitOptions RateLimit { get; } = new();

    /// <summary>What holds for providers of every kind.</summary>
    public AuthProviderOptions Providers { get; } = new();

    /// <summary>What the app decides: who may sign in, what the token and the session hold, where a person may be sent.</summary>
    public AuthCallbacks Callbacks { get; } = new();

    /// <summary>What the app is told. An event that throws is logged and changes nothing.</summary>
    public AuthEvents Events { get; } = new();

    /// <summary>What was set but could not be read; the validator tells it at start.</summary>
    internal List<string> Problems { get; } = [];
}

/// <summary>How long sessions live.</summary>
public sealed class AuthSessionOptions
{
    /// <summary>How long a session lives without being used; Auth.js's <c>maxAge</c>. Default: <c>AUTH_SESSION_IDLE_LIFETIME</c>, otherwise 30 days.</summary>
    public TimeSpan IdleLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How old a token grows before it is renewed; Auth.js's <c>updateAge</c>. Default: <c>AUTH_SESSION_UPDATE_AGE</c>, otherwise 24 hours. A renewal costs one look at the store.</summary>
    public TimeSpan UpdateAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long a session lives however much it is used. Default: <c>AUTH_SESSION_ABSOLUTE_LIFETIME</c>, otherwise 90 days.</summary>
    public TimeSpan AbsoluteLifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How long after a sign-in its person may sign other devices out without signing in once more. Default: 15 minutes.
    /// <see cref="Timeout.InfiniteTimeSpan"/> never asks again: for a provider that cannot say when it asked somebody.
    /// </summary>
    public TimeSpan FreshFor { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How many live sessions a person may have. Default: 50; zero means any number. With one more the session that was used least recently ends
    /// (<see cref="RevocationReason.TooMany"/>), those adopted from Auth.js first. It bounds what one account can make the store keep.
    /// </summary>
    public int MostPerUser { get; set; } = 50;

    /// <summary>
    /// Whether a token that a real Auth.js minted with the same secret is a session here too. Default: false. Such a token is given a session
    /// id of ours when it is first read; copies made before that can be revoked only together.
    /// </summary>
    public bool AcceptAuthJsTokens { get; set; }

    /// <summary>
    /// How often a node asks the store for changes that its signal may have missed. Default: five seconds. It bounds how long a session that
    /// another process revoked can live on here, at one small query per node.
    /// </summary>
    public TimeSpan ReconcileInterval { get; set; } = TimeSpan.FromSeconds(5);
}

/// <summary>What the cookies are called and to whom they are sent.</summary>
public sealed class AuthCookieOptions
{
    /// <summary>
    /// The first part of every cookie's name. Default: <c>authjs</c>, as Auth.js has it. Give each app its own where two share a host. The
    /// session cookie's name is part of the token's key: changing it signs everybody out.
    /// </summary>
    public string Prefix { get; set; } = "authjs";

    /// <summary>
    /// Whether the session cookie has Auth.js's own name over https, <c>__Secure-authjs.session-token</c>, to be shared with an Auth.js that cannot be given
    /// ours. Default: <c>AUTH_SHARE_WITH_AUTHJS</c>, otherwise false: then it is <c>__Host-authjs.session-token</c>, which no other site of the same domain
    /// can set. Rather give Auth.js that name (<c>cookies.sessionToken.name</c>). Changing this signs everybody out once.
    /// </summary>
    [SettingName("SHARE_WITH_AUTHJS")]
    public bool ShareWithAuthJs { get; set; }

    /// <summary>
    /// <see cref="SameSiteMode.Lax"/> (default), or <see cref="SameSiteMode.None"/> for a front end on another site; that needs https, and some
    /// browsers refuse such cookies altogether.
    /// </summary>
    public SameSiteMode SameSite { get; set; } = SameSiteMode.Lax;

    /// <summary>
    /// Whether the cookies belong to the site of the page that shows us (CHIPS), for browsers that refuse other cookies across sites. Default: false.
    /// Needs <see cref="SameSiteMode.None"/>, and fits credentials only: what a provider's page leads back to sets its cookie for our own site, where the
    /// front end does not see it.
    /// </summary>
    public bool Partitioned { get; set; }
}

/// <summary>How often one address may try to sign in.</summary>
public sealed class AuthRateLimitOptions
{
    /// <summary>
    /// How many sign-ins one client address may make in a <see cref="Window"/>. Default: <c>AUTH_RATE_LIMIT_PERMIT_LIMIT</c>, otherwise 60. Zero switches the limit off.
    /// An office or a mobile network may stand behind one address: raise it where many people sign in at the same time of day.
    /// </summary>
    public int PermitLimit { get; set; } = 60;

    /// <summary>The length of the window. Default: <c>AUTH_RATE_LIMIT_WINDOW</c>, otherwise one minute.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);
}
