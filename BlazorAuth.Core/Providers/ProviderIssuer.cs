using System.Security.Claims;
using BlazorAuth.Configuration;
using BlazorAuth.Providers.OpenIdConnect;
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
    /// <summary>What is wrong with the issuer of an answer; null when it may come from this provider. Throws when discovery cannot be read.</summary>
    public async ValueTask<string?> ProblemAsync(AuthProvider provider, StringValues issuer, CancellationToken cancellationToken)
    {
        var (expected, isRequired) = await ExpectedAsync(provider, cancellationToken);
        return issuer.Count switch
        {
            0 => isRequired ? "The answer names no issuer, which the provider promises" : null,
            1 when expected is null || (TenantIssuers.IsTemplate(expected) ? TenantIssuers.Fits(expected, issuer[0]) : expected == issuer[0]) => null,
            1 => $"The answer names the issuer {ProviderText.Printable(issuer[0])}; expected {expected}",
            _ => "The answer names several issuers",
        };
    }

    /// <summary>
    /// What is wrong with the issuer that a provider's discovery document names; null when nothing is. A person is who the issuer says, so one at another
    /// address than the provider's own must not be that of another provider: it would sign in as that one's people (OpenID Connect Discovery §4.3).
    /// </summary>
    public async ValueTask<string?> ClaimProblemAsync(AuthProvider provider, IEnumerable<AuthProvider> providers, CancellationToken cancellationToken)
    {
        if (provider.Options is not OpenIdConnectOptions { ConfigurationManager: { } discovery } options || Server(AddressOf(options)) is not { } own)
        {
            return null;
        }

        var issuer = (await discovery.GetConfigurationAsync(cancellationToken)).Issuer;
        if (Server(issuer) is not { } named)
        {
            return $"The discovery document of {provider.Id} names the issuer {ProviderText.Printable(issuer)}, which is no web address";
        }

        foreach (var other in named == own ? [] : providers.Where(other => other.Id != provider.Id && !Servers(other).Contains(own)))
        {
            if (Servers(other).Contains(named) || Server(await IssuerOfAsync(other, cancellationToken)) == named)
            {
                return $"The discovery document of {provider.Id} names the issuer {ProviderText.Printable(issuer)}, which is at the server of {other.Id}";
            }
        }

        return null;
    }

    /// <summary>The issuer that makes a subject unique: two providers may both know a person "1".</summary>
    public string OfSubject(AuthProvider provider, Claim subject) =>
        provider.Type == AuthProviderType.Oidc ? subject.Issuer
        : KnownProvider.Of(provider) is not null ? OfKnown(provider)
        : provider.Id;

    /// <summary>What is wrong with the set-up; null when nothing is: providers that count as one and differ in their addresses would make one person of two.</summary>
    public string? Problem(IEnumerable<AuthProvider> providers)
    {
        foreach (var same in providers.Where(provider => KnownProvider.Of(provider) is not null)
            .GroupBy(OfKnown, StringComparer.Ordinal)
            .Where(group => group.Select(Addresses).Distinct().Count() > 1))
        {
            var ids = same.Select(provider => provider.Id).ToList();
            return $"The providers {string.Join(" and ", ids.Select(id => $"'{id}'"))} count as one ({same.Key}) but have different addresses, so that two people would be one. "
                + $"Set {AuthEnvironment.Variable(ids[^1], "ISSUER")} to the issuer of the one that is not {KnownProvider.Of(same.First())!.Id}'s own.";
        }

        return null;
    }

    // Not known while the other provider is down: then what it says of itself cannot be compared, and its address still is.
    private static async ValueTask<string?> IssuerOfAsync(AuthProvider provider, CancellationToken cancellationToken)
    {
        try
        {
            return provider.Options is OpenIdConnectOptions { ConfigurationManager: { } discovery } ? (await discovery.GetConfigurationAsync(cancellationToken)).Issuer : null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private IEnumerable<string?> Servers(AuthProvider provider) => provider.Options switch
    {
        OpenIdConnectOptions oidc => [Server(AddressOf(oidc))],
        OAuthOptions oauth when KnownProvider.Of(provider) is not null => [Server(OfKnown(provider)), Server(oauth.AuthorizationEndpoint)],
        OAuthOptions oauth => [Server(oauth.AuthorizationEndpoint)],
        _ => [],
    };

    private static string? AddressOf(OpenIdConnectOptions options) => string.IsNullOrEmpty(options.MetadataAddress) ? options.Authority : options.MetadataAddress;

    private static string? Server(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.GetLeftPart(UriPartial.Authority) : null;

    private string OfKnown(AuthProvider provider)
    {
        var known = KnownProvider.Of(provider)!;
        return known.SubjectIssuer(known.Issuer(provider, environment));
    }

    private static (string, string, string) Addresses(AuthProvider provider)
    {
        var options = (OAuthOptions)provider.Options!;
        return (options.AuthorizationEndpoint, options.TokenEndpoint, options.UserInformationEndpoint);
    }

    private async ValueTask<(string? Issuer, bool IsRequired)> ExpectedAsync(AuthProvider provider, CancellationToken cancellationToken)
    {
        if (provider.Options is OpenIdConnectOptions { ConfigurationManager: { } discovery })
        {
            var configuration = await discovery.GetConfigurationAsync(cancellationToken);
            return (configuration.Issuer, configuration.AuthorizationResponseIssParameterSupported == true);
        }

        return KnownProvider.Of(provider) is { } known ? (known.Issuer(provider, environment), false) : (environment.Get(provider.Id, "ISSUER"), false);
    }
}
