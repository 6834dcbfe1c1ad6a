using BlazorAuth.Configuration;
using Microsoft.AspNetCore.Authentication.OAuth;

namespace BlazorAuth.Providers;

/// <summary>The issuer of GitHub: <c>https://github.com/login/oauth</c>, or the same of an Enterprise server.</summary>
internal static class GitHubIssuer
{
    private const string Suffix = "/login/oauth";
    private const string AuthorizeSuffix = "/authorize";
    private const string Public = "https://github.com" + Suffix;

    public static string Of(AuthProvider provider, AuthEnvironment environment)
    {
        if (environment.Get(provider.Id, "ISSUER")?.TrimEnd('/') is { } set)
        {
            return set.EndsWith(Suffix, StringComparison.Ordinal) ? set : set + Suffix;
        }

        // The addresses that are actually used, wherever they were set: two servers can both have a user "1". Both GitHub handlers call their option EnterpriseDomain.
        var endpoint = (provider.Options as OAuthOptions)?.AuthorizationEndpoint;
        var domain = provider.Options!.GetType().GetProperty("EnterpriseDomain")?.GetValue(provider.Options) as string;
        return endpoint?.EndsWith(Suffix + AuthorizeSuffix, StringComparison.Ordinal) == true ? endpoint[..^AuthorizeSuffix.Length]
            : string.IsNullOrEmpty(domain) ? Public
            : $"https://{domain}{Suffix}";
    }

    /// <summary>The server without the path: the ids of its users are unique there.</summary>
    public static string OfSubject(string issuer) => issuer[..^Suffix.Length];
}
