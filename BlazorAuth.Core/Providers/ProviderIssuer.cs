using System.Security.Claims;
using BlazorAuth.Configuration;
using Microsoft.AspNetCore.Authentication.Google;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Primitives;

namespace BlazorAuth.Providers;

/// <summary>
/// Who a provider says it is. RFC 9207: an answer that names another issuer than the one that was asked came from somebody who mixes providers
/// up on purpose. The platform's handlers do not look, so this is checked before them.
/// </summary>
internal sealed class ProviderIssuer(AuthEnvironment environment)
{
    private const string Google = "https://accounts.google.com";
    private const string GitHubSuffix = "/login/oauth";

    /// <summary>Whether the answer may come from this provider. Throws when discovery cannot be read.</summary>
    public async ValueTask<bool> AcceptsAsync(AuthProvider provider, StringValues issuer, CancellationToken cancellationToken)
    {
        var (expected, isRequired) = await ExpectedAsync(provider, cancellationToken);
        return issuer.Count switch
        {
            0 => !isRequired,
            1 => expected is null || string.Equals(issuer[0], expected, StringComparison.Ordinal),
            _ => false,
        };
    }

    /// <summary>The issuer that makes a subject unique: two providers may both know a person "1".</summary>
    public string OfSubject(AuthProvider provider, Claim subject)
    {
        if (provider.Type == AuthProviderType.Oidc)
        {
            return subject.Issuer;
        }

        var isGitHub = IsGitHub(provider);
        return provider.Options is GoogleOptions ? Google
            : isGitHub ? GitHubIssuer(provider)[..^GitHubSuffix.Length]
            : provider.Id;
    }

    private async ValueTask<(string? Issuer, bool IsRequired)> ExpectedAsync(AuthProvider provider, CancellationToken cancellationToken)
    {
        if (provider.Options is OpenIdConnectOptions { ConfigurationManager: { } discovery })
        {
            var configuration = await discovery.GetConfigurationAsync(cancellationToken);
            var isPromised = configuration.AuthorizationResponseIssParameterSupported == true;

            // A template such as Entra's "https://…/{tenantid}/v2.0" fits many issuers; the id token's own issuer is checked by the handler.
            return (configuration.Issuer.Contains('{', StringComparison.Ordinal) ? null : configuration.Issuer, isPromised);
        }

        return (provider.Options is GoogleOptions ? environment.Get(provider.Id, "ISSUER") ?? Google
            : IsGitHub(provider) ? GitHubIssuer(provider)
            : environment.Get(provider.Id, "ISSUER"), false);
    }

    private static bool IsGitHub(AuthProvider provider) =>
        provider.Options?.GetType().Name.StartsWith("GitHub", StringComparison.Ordinal) == true;

    // https://github.com/login/oauth, or the same of an Enterprise server. Both GitHub handlers call their option for it EnterpriseDomain.
    private string GitHubIssuer(AuthProvider provider)
    {
        const string AuthorizeSuffix = "/authorize";
        var domain = provider.Options!.GetType().GetProperty("EnterpriseDomain")?.GetValue(provider.Options) as string;
        var endpoint = environment.Get(provider.Id, "AUTHORIZATION_ENDPOINT");
        var issuer = environment.Get(provider.Id, "ISSUER")
            ?? (string.IsNullOrEmpty(domain) ? null : $"https://{domain}{GitHubSuffix}")
            ?? (endpoint?.EndsWith(AuthorizeSuffix, StringComparison.Ordinal) == true ? endpoint[..^AuthorizeSuffix.Length] : null);
        return issuer?.EndsWith(GitHubSuffix, StringComparison.Ordinal) == true ? issuer : "https://github.com" + GitHubSuffix;
    }
}
