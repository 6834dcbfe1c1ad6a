using System.Buffers.Text;
using System.Security.Cryptography;
using BlazorAuth.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OAuth;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace BlazorAuth.Providers.Backchannel;

/// <summary>This app as a client of one provider: where it has to show who it is, and how.</summary>
internal sealed class ProviderClient(string id, RemoteAuthenticationOptions options, ProviderSettings settings, TimeProvider clock)
{
    private static readonly TimeSpan AssertionLifetime = TimeSpan.FromMinutes(1);

    private readonly SigningCredentials? _key = settings.PrivateKey;

    public string Id => id;

    /// <summary>The way that the set-up names; null where the provider's own words decide.</summary>
    public ClientAuthentication? Chosen { get; } = settings.ClientAuthentication;

    public string Variable(string name) => settings.Variable(name);

    /// <summary>
    /// The way that the provider offers. OpenID Connect's default is Basic, and some providers know nothing else; plain OAuth has no discovery, and
    /// every provider accepts the form.
    /// </summary>
    public async ValueTask<ClientAuthentication> OfferedAsync(bool hasSecret, CancellationToken cancellationToken)
    {
        if (!hasSecret)
        {
            return ClientAuthentication.None;
        }

        if (options is not OpenIdConnectOptions)
        {
            return ClientAuthentication.Post;
        }

        var offered = (await DiscoveryAsync(cancellationToken))?.TokenEndpointAuthMethodsSupported ?? [];
        return offered.Count == 0 || offered.Contains("client_secret_basic") ? ClientAuthentication.Basic
            : offered.Contains("client_secret_post") ? ClientAuthentication.Post
            : offered.Contains("none") ? ClientAuthentication.None
            : ClientAuthentication.Basic;
    }

    /// <summary>Whether an address is one at which the client shows who it is: the secret goes nowhere else.</summary>
    public async ValueTask<bool> ReceivesCredentialsAsync(Uri? address, CancellationToken cancellationToken)
    {
        if (address is null || options is OAuthOptions)
        {
            return address is not null && Is(address, (options as OAuthOptions)?.TokenEndpoint);
        }

        return await DiscoveryAsync(cancellationToken) is { } discovery
            && (Is(address, discovery.TokenEndpoint) || Is(address, discovery.PushedAuthorizationRequestEndpoint));
    }

    /// <summary>RFC 7523 §3. The audience is the issuer alone: one that named the token endpoint could be collected by another provider (CVE-2025-27370).</summary>
    public async ValueTask<string> AssertionAsync(string clientId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var audience = (await DiscoveryAsync(cancellationToken))?.Issuer ?? settings.Issuer ?? (options as OAuthOptions)?.TokenEndpoint;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = new Dictionary<string, object>
            {
                ["iss"] = clientId,
                ["sub"] = clientId,
                ["aud"] = audience!,
                ["jti"] = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
                ["iat"] = now.ToUnixTimeSeconds(),
                ["exp"] = (now + AssertionLifetime).ToUnixTimeSeconds(),
            },
            SigningCredentials = _key!,
        });
    }

    private async ValueTask<OpenIdConnectConfiguration?> DiscoveryAsync(CancellationToken cancellationToken) =>
        options is OpenIdConnectOptions { ConfigurationManager: { } manager } ? await manager.GetConfigurationAsync(cancellationToken) : null;

    private static bool Is(Uri address, string? endpoint) => WebUri.TryParse(endpoint, out var uri) && uri == address;
}
