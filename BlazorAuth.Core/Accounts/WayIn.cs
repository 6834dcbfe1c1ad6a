using System.Text.Json.Nodes;
using BlazorAuth.Tokens;

namespace BlazorAuth.Accounts;

/// <summary>A way by which somebody wants a session, and who they are there.</summary>
internal sealed record WayIn
{
    /// <summary>Our own issuers hold a slash and are no address: no scheme and no provider can have their names.</summary>
    private const string CredentialsIssuer = "credentials/";

    private const string AppIssuer = "app/";
    private const string AuthJsIssuer = "authjs/session";

    private WayIn()
    {
    }

    public required string Issuer { get; init; }

    public required string Subject { get; init; }

    public required string Provider { get; init; }

    /// <summary>The person as this way describes them.</summary>
    public required SessionUser User { get; init; }

    public required JsonObject Profile { get; init; }

    public required IServiceProvider Services { get; init; }

    /// <summary>The verified address, in the form in which it is compared; null where there is none.</summary>
    public string? ComparableEmail => User.EmailVerified ? AccountLimits.ComparableEmail(User.Email) : null;

    /// <summary>What ASP.NET Core Identity knew of the user when the sign-in was decided; null where it does not decide.</summary>
    public UserStamp? Stamp { get; init; }

    /// <summary>Whether the provider's scheme accepts several issuers, each with subjects of its own.</summary>
    public bool IsOfManyIssuers { get; init; }

    /// <summary>Whether the subject is the user's id itself: the app gave it.</summary>
    public bool NamesUser { get; private init; }

    /// <summary>Whether the app signs the person in by itself, having looked at all that counts.</summary>
    public bool IsWordOfApp => Issuer.StartsWith(AppIssuer, StringComparison.Ordinal);

    public static string IssuerOfCredentials(string provider) => CredentialsIssuer + provider;

    /// <summary>Whether an issuer is BlazorAuth's own: the app itself identifies the person.</summary>
    public static bool IsOfApp(string issuer) =>
        issuer.StartsWith(CredentialsIssuer, StringComparison.Ordinal) || issuer.StartsWith(AppIssuer, StringComparison.Ordinal) || issuer is AuthJsIssuer or AccountRecord.ImportIssuer;

    /// <summary>A provider vouches for the person.</summary>
    public static WayIn OfProvider(string issuer, AuthAccount account, SessionUser user, JsonObject profile, IServiceProvider services) => new()
    {
        Issuer = issuer, Subject = account.ProviderAccountId, Provider = account.Provider, User = user, Profile = profile, Services = services,
    };

    /// <summary>The app checked what the person entered.</summary>
    public static WayIn OfCredentials(string provider, SessionUser user, IServiceProvider services) => OfApp(IssuerOfCredentials(provider), provider, user, services);

    /// <summary>The app signs the person in by itself.</summary>
    public static WayIn OfPrincipal(string provider, SessionUser user, IServiceProvider services) => OfApp(AppIssuer + provider, provider, user, services);

    /// <summary>An Auth.js with the same secret signed the person in.</summary>
    public static WayIn OfAuthJs(string provider, SessionUser user, IServiceProvider services) => OfApp(AuthJsIssuer, provider, user, services);

    private static WayIn OfApp(string issuer, string provider, SessionUser user, IServiceProvider services) => new()
    {
        Issuer = issuer, Subject = user.Id, Provider = provider, User = user, Profile = [], Services = services, NamesUser = true,
    };
}
