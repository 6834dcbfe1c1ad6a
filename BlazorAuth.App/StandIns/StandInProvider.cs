namespace BlazorAuth.App.StandIns;

/// <summary>Whose place a stand-in takes, in words for the picker and on the wire.</summary>
public sealed record StandInProvider(string Id, string Name, string Label, string Issuer, IReadOnlyList<string> Variables)
{
    public const string WrongIssuer = "https://wrong-issuer.invalid";

    public static readonly StandInProvider Google = new(
        "google", "Google", "Development stand-in for Google — not Google", "https://accounts.google.com",
        ["AUTH_GOOGLE_ID", "AUTH_GOOGLE_SECRET"]);

    public static readonly StandInProvider GitHub = new(
        "github", "GitHub", "Development stand-in for GitHub — not GitHub", StandInAddress.Root + "/github/login/oauth",
        ["AUTH_GITHUB_ID", "AUTH_GITHUB_SECRET"]);

    public static readonly StandInProvider OpenId = new(
        "oidc", "an OpenID provider", "Development stand-in for an OpenID provider — not a real one", StandInAddress.Issuer,
        ["AUTH_OIDC_ISSUER", "AUTH_OIDC_ID", "AUTH_OIDC_SECRET"]);
}
