using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Caching.Memory;

namespace BlazorAuth.Providers;

/// <summary>
/// What BlazorAuth writes into the protected state of a sign-in: an id and the start, which explain later how it failed; the browser that started it,
/// and the person who is expected to confirm who they are, which decide.
/// </summary>
/// <remarks>
/// The handlers tie an answer to the browser by state, correlation cookie and PKCE. Another site of the same domain can set that cookie, and so have a
/// visitor finish a sign-in that it began; it cannot set the browser's own cookie (<see cref="BrowserCookie"/>) over https.
/// </remarks>
internal sealed class SignInFlow(BrowserCookie browsers, SharedClock clock) : IDisposable
{
    private const string IdKey = "blazorauth.flow";
    private const string StartKey = "blazorauth.started";
    private const string BrowserKey = "blazorauth.browser";
    private const string PersonKey = "blazorauth.person";
    private const string ConnectKey = "blazorauth.connect";
    private const string SessionKey = "blazorauth.session";
    private const int MostRemembered = 100_000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    private readonly MemoryCache _used = new(new MemoryCacheOptions { SizeLimit = MostRemembered });

    /// <summary>
    /// Writes down when, in which browser and in which session a sign-in starts, and gives the browser its cookie if it has none. An answer by form post brings no
    /// cookie of the session.
    /// </summary>
    public void Start(HttpContext http, AuthenticationProperties properties, RemoteAuthenticationOptions scheme, string? sessionId)
    {
        properties.Items[IdKey] = Guid.NewGuid().ToString("N");
        StartAt(properties, clock.GetUtcNow());
        if (sessionId is not null)
        {
            properties.Items[SessionKey] = sessionId;
        }

        // It has to be sent whenever the handler's own cookie is: with form_post, that is a POST from another site.
        properties.Items[BrowserKey] = browsers.Ensure(http, acrossSites: scheme.CorrelationCookie.SameSite == SameSiteMode.None);
    }

    /// <summary>Whether the browser that brings the answer is the one that started the sign-in.</summary>
    public bool IsOfThisBrowser(HttpContext http, AuthenticationProperties? properties) =>
        properties is not null && properties.Items.TryGetValue(BrowserKey, out var started) && started is not null
        && browsers.Hash(http) is { } here && CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(started), Encoding.ASCII.GetBytes(here));

    /// <summary>Whether these properties come from a sign-in that was started here, in a browser.</summary>
    public static bool NamesBrowser(AuthenticationProperties? properties) => properties?.Items.ContainsKey(BrowserKey) == true;

    /// <summary>Takes note that this sign-in is to show that a signed-in person is still the same.</summary>
    public static void ExpectPerson(AuthenticationProperties properties, string userId) => properties.Items[PersonKey] = userId;

    /// <summary>Takes note that the account is to be connected to the user of a session: form posts across sites bring no session cookie back.</summary>
    public static void Connect(AuthenticationProperties properties, Session session) =>
        (properties.Items[ConnectKey], properties.Items[SessionKey]) = (session.User.Id, session.Id);

    /// <summary>To whom, and from which session, an account is to be connected; null when this is a sign-in.</summary>
    public static (string UserId, string SessionId)? ConnectingTo(AuthenticationProperties? properties) =>
        properties is not null && properties.Items.TryGetValue(ConnectKey, out var user) && properties.Items.TryGetValue(SessionKey, out var session)
            ? (user!, session!)
            : null;

    /// <summary>
    /// When a person who came back was asked who they are; null if unknown. An OpenID Connect provider has to say so itself (<paramref name="authTime"/>); any
    /// other has no way to, and prompts people as it likes: not before they were sent there, and whoever has its answer may keep it.
    /// </summary>
    public DateTimeOffset? AskedAt(AuthenticationProperties? properties, AuthProviderType type, string? authTime) =>
        type == AuthProviderType.Oidc ? AuthTime.Read(authTime, clock.GetUtcNow()) : Started(properties) ?? clock.GetUtcNow();

    /// <summary>What a person who came back has shown: when they were asked, and whether that was in this very flow, which was to show it.</summary>
    public SignInProof Prove(AuthenticationProperties? properties, string userId, AuthProviderType type, string? authTime)
    {
        var asked = AskedAt(properties, type, authTime);
        if (properties is null || !properties.Items.TryGetValue(PersonKey, out var expected))
        {
            return new(null, asked, IsConfirmation: false);
        }

        var start = Started(properties) ?? clock.GetUtcNow();
        return expected != userId ? new(AuthErrorReason.OtherPerson, null, false)
            : asked is null || asked < start - AuthTime.ClockSkew ? new(AuthErrorReason.NotAskedAgain, null, false)
            : new(null, asked > start ? asked : start, IsConfirmation: true);
    }

    /// <summary>Takes note that a sign-in was completed: a second answer to it is Back, or a replay.</summary>
    public void Complete(AuthenticationProperties? properties)
    {
        if (Id(properties) is { } id)
        {
            _used.Set(id, true, new MemoryCacheEntryOptions { Size = 1, AbsoluteExpirationRelativeToNow = Lifetime * 4 });
        }
    }

    /// <summary>Why the cookie of a sign-in was not there.</summary>
    public AuthErrorReason WhyCookieIsMissing(HttpContext http, AuthenticationProperties? properties)
    {
        if (Id(properties) is { } id && _used.TryGetValue(id, out _))
        {
            return AuthErrorReason.AlreadyUsed;
        }

        return Started(properties) is { } start && start + Lifetime <= clock.GetUtcNow()
                ? AuthErrorReason.Expired
                : browsers.IsPlanted(http) ? AuthErrorReason.CookieConflict : AuthErrorReason.CookieLost;
    }

    public void Dispose() => _used.Dispose();

    /// <summary>The session in which a sign-in began; null where nobody was signed in.</summary>
    public static string? SessionOf(AuthenticationProperties? properties) =>
        properties is not null && properties.Items.TryGetValue(SessionKey, out var id) ? id : null;

    /// <summary>Writes down when a sign-in started.</summary>
    public static void StartAt(AuthenticationProperties properties, DateTimeOffset time) =>
        properties.Items[StartKey] = time.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>When a sign-in started; null if unknown.</summary>
    public static DateTimeOffset? Started(AuthenticationProperties? properties) =>
        properties is not null && properties.Items.TryGetValue(StartKey, out var text) && long.TryParse(text, out var start)
            ? DateTimeOffset.FromUnixTimeMilliseconds(start)
            : null;

    public static string? Id(AuthenticationProperties? properties) =>
        properties is not null && properties.Items.TryGetValue(IdKey, out var id) ? id : null;
}

/// <summary>What a sign-in has shown: a reason to refuse it, or when the person was asked (null: unknown), and whether it was to confirm that it is them.</summary>
internal readonly record struct SignInProof(AuthErrorReason? Refusal, DateTimeOffset? AuthenticatedAt, bool IsConfirmation);
