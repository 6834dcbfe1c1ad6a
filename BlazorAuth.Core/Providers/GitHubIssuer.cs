using BlazorAuth.Configuration;

namespace BlazorAuth.Providers;

/// <summary>The issuer of GitHub: <c>https://github.com/login/oauth</c>, or the same of an Enterprise server.</summary>
internal static class GitHubIssuer
{
    private const string Suffix = "/login/oauth";
    private const string AuthorizeSuffix = "/authorize";
    private const string Public = "https://github.com" + Suffix;

    public static string Of(AuthProvider provider, AuthEnvironment environment)
    {
        // Both GitHub handlers call their option EnterpriseDomain.
        var domain = provider.Options!.GetType().GetProperty("EnterpriseDomain")?.GetValue(provider.Options) as string;
        var endpoint = environment.Get(provider.Id, "AUTHORIZATION_ENDPOINT");
        var issuer = environment.Get(provider.Id, "ISSUER")
            ?? (string.IsNullOrEmpty(domain) ? null : $"https://{domain}{Suffix}")
            ?? (endpoint?.EndsWith(AuthorizeSuffix, StringComparison.Ordinal) == true ? endpoint[..^AuthorizeSuffix.Length] : null);
        return issuer?.EndsWith(Suffix, StringComparison.Ordinal) == true ? issuer : Public;
    }

    /// <summary>The server without the path: the ids of its users are unique there.</summary>
    public static string OfSubject(string issuer) => issuer[..^Suffix.Length];
}
