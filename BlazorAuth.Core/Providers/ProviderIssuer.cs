using System.IdentityModel.Tokens.Jwt;
using System.Security.Claims;
using BlazorAuth.Configuration;
using BlazorAuth.Http;
using BlazorAuth.Providers.OpenIdConnect;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace BlazorAuth.Providers;

/// <summary>
/// Which issuer a provider says it is. RFC 9207: a response that names another issuer than the one that was asked came from someone who mixes providers
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
            0 => isRequired ? "The response contains no issuer, although the provider says it always sends one" : null,
            1 when expected is null || (TenantIssuers.IsTemplate(expected) ? TenantIssuers.Fits(expected, issuer[0]) : expected == issuer[0]) => null,
            1 => $"The response names the issuer {LogText.Issuer(issuer[0])}; expected {expected}",
            _ => "The response names several issuers",
        };
    }

    /// <summary>
    /// What is wrong with the issuer that a provider's discovery document names; null when nothing is. A person is who the issuer says, so a provider that names
    /// another's would sign in as that one's people, also as those of one that the app no longer has (OpenID Connect Discovery §4.3). Any issuer on the server
    /// that the app asks is accepted, because Entra and others name one beside their address; another server's only if the set-up names it.
    /// </summary>
    public static async ValueTask<string?> ClaimProblemAsync(AuthProvider provider, IEnumerable<AuthProvider> providers, CancellationToken cancellationToken)
    {
        if (provider.Options is not OpenIdConnectOptions { ConfigurationManager: { } discovery } options || AddressesOf(options).Count == 0)
        {
            return null;
        }

        var issuer = (await discovery.GetConfigurationAsync(cancellationToken)).Issuer;
        var names = $"The discovery document of {provider.Id} names the issuer {LogText.Issuer(issuer)}, which";
        if (Site(issuer) is not { } site)
        {
            return $"{names} is not a web address";
        }

        if (await RealmAsync(provider, issuer, providers, cancellationToken) is { } realm)
        {
            return $"{names} belongs to {realm.Id}";
        }

        return AddressesOf(options).All(address => Site(address) == site) || IsNamed(options, issuer) ? null : $"{names} is on another server than the document; set {Variable(provider, "ISSUER")} to the issuer, "
            + $"and {Variable(provider, "DISCOVERY")} to the address of the document if the app reaches it elsewhere";
    }

    /// <summary>
    /// What is wrong with the issuer that a signed token names; null when nothing is. A provider that speaks for many tenants speaks for another provider of the
    /// same server only with a key that this one publishes too, as the two of Entra do.
    /// </summary>
    public static async ValueTask<string?> TokenProblemAsync(
        AuthProvider provider, SecurityToken token, IEnumerable<AuthProvider> providers, CancellationToken cancellationToken)
    {
        if (provider.Options is OpenIdConnectOptions options && !await MaySpeakForAsync(options, token.Issuer, cancellationToken))
        {
            return $"The id token of {provider.Id} names the issuer {LogText.Issuer(token.Issuer)}, which is not on the provider's own server; "
                + "if its people may sign in, add it to TokenValidationParameters.ValidIssuers of the scheme";
        }

        if (await RealmAsync(provider, token.Issuer, providers, cancellationToken) is not { } realm)
        {
            return null;
        }

        // The token that the platform passes on no longer has its key: all keys that may have signed it have to belong to the other provider.
        var keyId = (token as JwtSecurityToken)?.Header.Kid;
        var own = (await DiscoveryOfAsync(provider, cancellationToken))?.SigningKeys.Where(key => keyId is null || key.KeyId == keyId).Select(Thumbprint).ToList();
        var theirs = (await DiscoveryOfAsync(realm, cancellationToken))?.SigningKeys.Select(Thumbprint).ToList();
        return own is { Count: > 0 } && theirs is not null && own.All(key => key is not null && theirs.Contains(key))
            ? null
            : $"The id token of {provider.Id} names the issuer {LogText.Issuer(token.Issuer)}, which is that of {realm.Id}, and no key of {realm.Id} signed it";
    }

    /// <summary>The issuer that makes a subject unique: two providers may both know a person "1".</summary>
    /// <param name="provider">The provider.</param>
    /// <param name="subject">What it calls the person.</param>
    /// <param name="signer">Who signed the id token; null if there was none.</param>
    public string OfSubject(AuthProvider provider, Claim subject, string? signer = null) =>
        provider.Type == AuthProviderType.Oidc ? signer ?? subject.Issuer
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
            return $"The providers {string.Join(" and ", ids.Select(id => $"'{id}'"))} count as one ({same.Key}) but have different addresses, so that two people could end up as one user. "
                + $"Set {AuthEnvironment.Variable(ids[^1], "ISSUER")} to the issuer of the one that is not {KnownProvider.Of(same.First())!.Id}'s own.";
        }

        return null;
    }

    /// <summary>
    /// Whether an issuer that a token names, and that the app's code may have accepted whatever it is, can be the provider's: it is on the provider's own server, or the
    /// set-up names it. A subject is a person of its issuer.
    /// </summary>
    private static async ValueTask<bool> MaySpeakForAsync(OpenIdConnectOptions options, string issuer, CancellationToken cancellationToken)
    {
        var discovered = options.ConfigurationManager is { } discovery ? (await discovery.GetConfigurationAsync(cancellationToken)).Issuer : options.Configuration?.Issuer;
        return issuer == discovered || IsNamed(options, issuer)
            || (Site(issuer) is { } site && (Site(discovered) == site || (AddressesOf(options) is { Count: > 0 } addresses && addresses.TrueForAll(address => Site(address) == site))));
    }

    /// <summary>
    /// The realm of the same server to which this issuer belongs rather than to the provider: the issuer ends as the realm's address does. Clients of one provider
    /// share both; an issuer that resembles no address is accepted.
    /// </summary>
    private static async ValueTask<AuthProvider?> RealmAsync(
        AuthProvider provider, string issuer, IEnumerable<AuthProvider> providers, CancellationToken cancellationToken)
    {
        var (addresses, named) = (AddressesOf(provider.Options), Issuer(issuer));
        var own = addresses.Select(address => Likeness(address, named)).DefaultIfEmpty(-1).Max();
        foreach (var other in providers.Where(other => other.Id != provider.Id && AddressesOf(other.Options)
            .Any(its => Likeness(its, named) > own && addresses.Any(address => Server(address) == Server(its)))))
        {
            // A provider that cannot be reached may well be the one.
            if (AddressesOf(other.Options).Any(its => Issuer(its) == named) || await DiscoveryOfAsync(other, cancellationToken) is not { } known || Issuer(known.Issuer) == named)
            {
                return other;
            }
        }

        return null;
    }

    /// <summary>How much of an issuer's end an address ends with; -1 where it ends in another way.</summary>
    private static int Likeness(string? address, string? issuer) =>
        Issuer(address) is { } text && Server(address) is { } server && issuer?.EndsWith(text[server.Length..], StringComparison.Ordinal) == true ? text.Length - server.Length : -1;

    // Null while the other provider is down, which its own sign-ins report. Then only its address can be compared.
    private static async ValueTask<OpenIdConnectConfiguration?> DiscoveryOfAsync(AuthProvider provider, CancellationToken cancellationToken)
    {
        try
        {
            return provider.Options is OpenIdConnectOptions { ConfigurationManager: { } discovery } ? await discovery.GetConfigurationAsync(cancellationToken) : null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static string? Thumbprint(SecurityKey key) => key.CanComputeJwkThumbprint() ? Convert.ToHexString(key.ComputeJwkThumbprint()) : null;

    /// <summary>Where the document of a provider is, and the issuer that the set-up names if the document is elsewhere.</summary>
    private static List<string> AddressesOf(object? options) =>
        options is OpenIdConnectOptions oidc ? [.. new[] { oidc.MetadataAddress, oidc.Authority }.OfType<string>().Where(address => address.Length > 0)] : [];

    private static bool IsNamed(OpenIdConnectOptions options, string issuer) =>
        (Issuer(issuer) is { } address && Issuer(options.Authority) == address) || options.TokenValidationParameters.ValidIssuer == issuer || options.TokenValidationParameters.ValidIssuers?.Contains(issuer) == true;

    private static string Variable(AuthProvider provider, string name) => AuthEnvironment.Variable(provider.Id, name);

    /// <summary>The issuer that an address stands for, written in one way: servers do not tell capitals, a usual port or needless escapes apart.</summary>
    private static string? Issuer(string? address) => WebUri.TryParse(address, out var uri)
        ? uri.GetLeftPart(UriPartial.Path).ToLowerInvariant().Replace("/.well-known/openid-configuration", "", StringComparison.Ordinal).TrimEnd('/')
        : null;

    private static string? Server(string? address) =>
        WebUri.TryParse(address, out var uri) ? uri.GetLeftPart(UriPartial.Authority) : null;

    // A server behind a proxy that ends TLS may name itself with http.
    private static string? Site(string? address) => WebUri.TryParse(address, out var uri) ? uri.IsDefaultPort ? uri.Host : uri.Authority : null;

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
