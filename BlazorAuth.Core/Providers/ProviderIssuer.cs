using System.Security.Claims;
using BlazorAuth.Configuration;
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
    public string OfSubject(AuthProvider provider, Claim subject) =>
        provider.Type == AuthProviderType.Oidc ? subject.Issuer
        : KnownProvider.Of(provider) is { } known ? known.SubjectIssuer(known.Issuer(provider, environment))
        : provider.Id;

    private async ValueTask<(string? Issuer, bool IsRequired)> ExpectedAsync(AuthProvider provider, CancellationToken cancellationToken)
    {
        if (provider.Options is OpenIdConnectOptions { ConfigurationManager: { } discovery })
        {
            var configuration = await discovery.GetConfigurationAsync(cancellationToken);
            var isPromised = configuration.AuthorizationResponseIssParameterSupported == true;

            // A template such as Entra's "https://…/{tenantid}/v2.0" fits many issuers; the id token's own issuer is checked by the handler.
            return (configuration.Issuer.Contains('{', StringComparison.Ordinal) ? null : configuration.Issuer, isPromised);
        }

        return KnownProvider.Of(provider) is { } known
            ? (known == KnownProvider.Google ? environment.Get(provider.Id, "ISSUER") ?? known.Issuer(provider, environment) : known.Issuer(provider, environment), false)
            : (environment.Get(provider.Id, "ISSUER"), false);
    }
}
