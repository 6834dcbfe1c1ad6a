using Microsoft.Extensions.Options;

namespace BlazorAuth.Http.Cookies;

/// <summary>
/// The name of every cookie (<c>docs/contract/endpoints.md</c> §4). Over https those that decide something begin with <c>__Host-</c>: browsers take
/// such a cookie from this host alone, never from a neighbour of the same domain. The session cookie gives that up where it is shared with an Auth.js
/// that has its own name for it. The others hold nothing that decides anything, and need no guard. All begin with the app's own prefix, so that two
/// apps on one host do not answer for each other.
/// </summary>
internal sealed class CookieNames(IOptions<AuthOptions> options)
{
    /// <summary>The language that a person chose by a link on a page.</summary>
    public const string Language = "blazorauth.language";

    /// <summary>Light or dark, where the app lets people choose. The app sets it.</summary>
    public const string ColorScheme = "blazorauth.color-scheme";

    private const string SessionSuffix = ".session-token";
    private const string HostPrefix = "__Host-";

    private readonly string _session = options.Value.Cookies.Prefix + SessionSuffix;
    private readonly string _secureSession = (options.Value.Cookies.ShareWithAuthJs ? "__Secure-" : HostPrefix) + options.Value.Cookies.Prefix + SessionSuffix;
    private readonly bool _isShared = options.Value.Cookies.ShareWithAuthJs;
    private readonly string _csrf = options.Value.Cookies.Prefix + ".csrf-token";
    private readonly string _secureCsrf = HostPrefix + options.Value.Cookies.Prefix + ".csrf-token";
    private readonly string _returnUrl = options.Value.Cookies.Prefix + ".callback-url";
    private readonly string _secureReturnUrl = "__Secure-" + options.Value.Cookies.Prefix + ".callback-url";
    private readonly string _browser = options.Value.Cookies.Prefix + ".browser";
    private readonly string _secureBrowser = HostPrefix + options.Value.Cookies.Prefix + ".browser";

    /// <summary>That this browser had a session a short while ago.</summary>
    public string HadSession { get; } = options.Value.Cookies.Prefix + ".had-session";

    /// <summary>The provider that signed in last in this browser.</summary>
    public string LastProvider { get; } = options.Value.Cookies.Prefix + ".last-provider";

    /// <summary>The long return addresses of sign-ins that have begun; the flow's id and a chunk's number follow.</summary>
    public string FlowReturn { get; } = options.Value.Cookies.Prefix + ".return.";

    /// <summary>What was entered beside a wrong password a moment ago.</summary>
    public string RefusedEntry { get; } = options.Value.Cookies.Prefix + ".refused-entry";

    /// <summary>What a sign-out ended a moment ago.</summary>
    public string SignedOut { get; } = options.Value.Cookies.Prefix + ".signed-out";

    /// <summary>The session token, whole or in chunks. The name is also the salt of the token's key.</summary>
    public string Session(bool isSecure) => isSecure ? _secureSession : _session;

    /// <summary>
    /// The session cookie's name from before <c>AUTH_SHARE_WITH_AUTHJS</c> was set; null if it isn't. The other way round, the cookie may be Auth.js's.
    /// </summary>
    public string? FormerSession(bool isSecure) => isSecure && _isShared ? HostPrefix + _session : null;

    /// <summary>The session token of next-auth 4, by its usual name.</summary>
    public static string NextAuth4(bool isSecure) => isSecure ? "__Secure-next-auth.session-token" : "next-auth.session-token";

    /// <summary>Whether only this host can have set a session cookie, so that the first is the only one. Elsewhere a neighbour may have set one too.</summary>
    public bool IsSessionGuarded(bool isSecure) => isSecure && !_isShared;

    /// <summary>The CSRF token and its hash.</summary>
    public string Csrf(bool isSecure) => isSecure ? _secureCsrf : _csrf;

    /// <summary>Where the person goes afterwards; Auth.js calls it the callback URL.</summary>
    public string ReturnUrl(bool isSecure) => isSecure ? _secureReturnUrl : _returnUrl;

    /// <summary>Which browser this is; see <see cref="BrowserCookie"/>.</summary>
    public string Browser(bool isSecure) => isSecure ? _secureBrowser : _browser;

    /// <summary>Whether a cookie may belong to a session, whatever its prefix and chunk number.</summary>
    public bool MayBeSession(string name) => name.Contains(_session, StringComparison.Ordinal);
}
