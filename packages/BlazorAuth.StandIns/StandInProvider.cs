namespace BlazorAuth.StandIns;

/// <summary>The provider that a stand-in replaces: its names on pages and on the wire.</summary>
/// <param name="Id">Its name in logs.</param>
/// <param name="Name">Its name on pages.</param>
/// <param name="Label">The heading of every page.</param>
/// <param name="Issuer">The <c>iss</c> of its responses; null when it sends none, or one that depends on its address.</param>
/// <param name="Variables">The settings to use the real one.</param>
public sealed record StandInProvider(string Id, string Name, string Label, string? Issuer, IReadOnlyList<string> Variables)
{
    internal const string WrongIssuer = "https://wrong-issuer.invalid";

    internal static readonly StandInProvider Google = new(
        "google", "Google", "Development stand-in for Google — not Google", "https://accounts.google.com",
        ["AUTH_GOOGLE_ID", "AUTH_GOOGLE_SECRET"]);

    internal static readonly StandInProvider GitHub = new(
        "github", "GitHub", "Development stand-in for GitHub — not GitHub", StandInAddress.Root + "/github/login/oauth",
        ["AUTH_GITHUB_ID", "AUTH_GITHUB_SECRET"]);

    internal static readonly StandInProvider OAuth = new(
        "oauth", "an OAuth provider", "Development stand-in for an OAuth provider — not a real one", Issuer: null,
        ["AUTH_<ID>_ID", "AUTH_<ID>_SECRET"]);

    internal static readonly StandInProvider OpenId = new(
        "oidc", "an OpenID provider", "Development stand-in for an OpenID provider — not a real one", Issuer: null,
        ["AUTH_OIDC_ISSUER", "AUTH_OIDC_ID", "AUTH_OIDC_SECRET"]);
}
