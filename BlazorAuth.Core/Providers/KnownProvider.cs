using BlazorAuth.Configuration;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Google;

namespace BlazorAuth.Providers;

/// <summary>
/// What BlazorAuth knows of a provider that the provider's protocol does not tell: all of it in one place. OpenID Connect providers need none, they
/// describe themselves.
/// </summary>
internal sealed record KnownProvider
{
    /// <summary>The id that its scheme usually has.</summary>
    public required string Id { get; init; }

    /// <summary>Whether a scheme with these options is this provider.</summary>
    public required Func<RemoteAuthenticationOptions, bool> Owns { get; init; }

    /// <summary>The <c>iss</c> of its answers (RFC 9207) unless the app sets <c>AUTH_&lt;ID&gt;_ISSUER</c>: it may depend on the provider's addresses.</summary>
    public required Func<AuthProvider, AuthEnvironment, string> Issuer { get; init; }

    /// <summary>What makes its subjects unique, from the issuer. A user's id is made of it, so it can never change.</summary>
    public Func<string, string> SubjectIssuer { get; init; } = issuer => issuer;

    /// <summary>Its mark, as the paths of an SVG.</summary>
    public required string Mark { get; init; }

    /// <summary>The square that the mark fills, as an SVG's <c>viewBox</c>.</summary>
    public required string MarkBox { get; init; }

    /// <summary>Where the pictures of its people are, as sources of a content security policy.</summary>
    public IReadOnlyList<string> Pictures { get; init; } = [];

    /// <summary>The scopes that ask for the profile, besides OpenID Connect's.</summary>
    public IReadOnlyList<string> ProfileScopes { get; init; } = [];

    /// <summary>The scopes that ask for the e-mail address, besides OpenID Connect's.</summary>
    public IReadOnlyList<string> EmailScopes { get; init; } = [];

    /// <summary>What makes it ask the person again. Neither Google nor GitHub has a value that asks for the password; this one at least asks the person.</summary>
    public IReadOnlyDictionary<string, string> AskAgain { get; init; } = AskOAuthAgain;

    private const string GoogleIssuer = "https://accounts.google.com";

    public static KnownProvider Google { get; } = new()
    {
        Id = "google",
        Owns = options => options is GoogleOptions,
        Issuer = (provider, environment) => environment.Get(provider.Id, "ISSUER") ?? GoogleIssuer,
        Pictures = ["https://*.googleusercontent.com"],
        MarkBox = "0 0 18 18",
        Mark =
            """
            <path fill="#4285F4" d="M17.64 9.2c0-.64-.06-1.25-.16-1.84H9v3.48h4.84a4.14 4.14 0 0 1-1.8 2.72v2.26h2.92a8.78 8.78 0 0 0 2.68-6.62z" />
            <path fill="#34A853" d="M9 18c2.43 0 4.47-.8 5.96-2.18l-2.92-2.26c-.8.54-1.84.86-3.04.86-2.34 0-4.33-1.58-5.04-3.71H.96v2.33A9 9 0 0 0 9 18z" />
            <path fill="#FBBC05" d="M3.96 10.71a5.41 5.41 0 0 1 0-3.42V4.96H.96a9 9 0 0 0 0 8.08l3-2.33z" />
            <path fill="#EA4335" d="M9 3.58c1.32 0 2.5.45 3.44 1.35l2.58-2.59A9 9 0 0 0 .96 4.96l3 2.33C4.67 5.16 6.66 3.58 9 3.58z" />
            """,
    };

    public static KnownProvider GitHub { get; } = new()
    {
        Id = "github",
        // Its own handler, and that of AspNet.Security.OAuth.GitHub.
        Owns = options => options.GetType().Name.StartsWith("GitHub", StringComparison.Ordinal),
        Issuer = GitHubIssuer.Of,
        SubjectIssuer = GitHubIssuer.OfSubject,
        Pictures = ["https://avatars.githubusercontent.com"],
        ProfileScopes = ["read:user"],
        EmailScopes = ["user:email"],
        MarkBox = "0 0 16 16",
        Mark =
            """
            <path fill="currentColor" d="M8 0C3.58 0 0 3.58 0 8c0 3.54 2.29 6.53 5.47 7.59.4.07.55-.17.55-.38 0-.19-.01-.82-.01-1.49-2.01.37-2.53-.49-2.69-.94-.09-.23-.48-.94-.82-1.13-.28-.15-.68-.52-.01-.53.63-.01 1.08.58 1.23.82.72 1.21 1.87.87 2.33.66.07-.52.28-.87.51-1.07-1.78-.2-3.64-.89-3.64-3.95 0-.87.31-1.59.82-2.15-.08-.2-.36-1.02.08-2.12 0 0 .67-.21 2.2.82.64-.18 1.32-.27 2-.27s1.36.09 2 .27c1.53-1.04 2.2-.82 2.2-.82.44 1.1.16 1.92.08 2.12.51.56.82 1.27.82 2.15 0 3.07-1.87 3.75-3.65 3.95.29.25.54.73.54 1.48 0 1.07-.01 1.93-.01 2.2 0 .21.15.46.55.38A8.01 8.01 0 0 0 16 8c0-4.42-3.58-8-8-8z" />
            """,
    };

    private static IReadOnlyList<KnownProvider> All { get; } = [Google, GitHub];

    /// <summary>The scopes that ask for a profile anywhere: providers that are not known use the words of those that are.</summary>
    public static IReadOnlyList<string> AllProfileScopes { get; } = ["profile", .. All.SelectMany(known => known.ProfileScopes)];

    /// <summary>The scopes that ask for an e-mail address anywhere.</summary>
    public static IReadOnlyList<string> AllEmailScopes { get; } = ["email", .. All.SelectMany(known => known.EmailScopes)];

    /// <summary>What makes most OAuth providers prompt the person again, as far as they support it.</summary>
    public static IReadOnlyDictionary<string, string> AskOAuthAgain => new Dictionary<string, string>(StringComparer.Ordinal) { ["prompt"] = "select_account" };

    /// <summary>What is known of a provider; null when nothing is.</summary>
    public static KnownProvider? Of(AuthProvider provider) =>
        provider.Options is { } options ? All.FirstOrDefault(known => known.Owns(options)) : null;

    /// <summary>Where the pictures of all known providers are.</summary>
    public static IEnumerable<string> AllPictures => All.SelectMany(known => known.Pictures);

    /// <summary>The provider that usually has this id; null when none is known.</summary>
    public static KnownProvider? WithId(string id) => All.FirstOrDefault(known => known.Id == id);
}
