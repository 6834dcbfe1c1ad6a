using System.Text;
using BlazorAuth.Providers.Backchannel;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace BlazorAuth.Providers.OpenIdConnect;

/// <summary>What an id token of one provider has to be: its algorithm, its keys, its issuer; and the words for one that is not.</summary>
internal sealed class IdTokenRules(OpenIdConnectOptions options, ProviderSettings settings, TenantIssuers tenants, SharedClock clock)
{
    private static readonly string[] Asymmetric = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];
    private static readonly string[] Shared = ["HS256", "HS384", "HS512"];

    private readonly string? _chosen = settings.IdTokenAlgorithm;

    public static bool IsShared(string algorithm) => Shared.Contains(algorithm);

    public async ValueTask<OpenIdConnectConfiguration?> DiscoveryAsync() =>
        options.ConfigurationManager is { } manager ? await manager.GetConfigurationAsync(CancellationToken.None) : null;

    /// <summary>The rules for one token.</summary>
    public TokenValidationParameters For(IdToken token, TokenValidationParameters parameters, OpenIdConnectConfiguration? discovery)
    {
        var allowed = Allowed(discovery);
        if (!allowed.Contains(token.Algorithm))
        {
            throw Refuse(Problem(token.Algorithm, allowed), $"{settings.Variable("ID_TOKEN_ALG")}, or the signing algorithm of the client at the provider");
        }

        // The handler may have asked before another request found newer keys.
        parameters.IssuerSigningKeys = (parameters.IssuerSigningKeys ?? []).Concat(discovery?.SigningKeys ?? []).Distinct().ToList();
        parameters.RequireSignedTokens = true;
        parameters.LifetimeValidator ??= CheckLifetime;
        parameters.ValidateIssuerSigningKey = true;
        parameters.ValidAlgorithms = parameters.ValidAlgorithms?.Any() == true ? [.. parameters.ValidAlgorithms.Intersect(allowed)] : allowed;
        if (IsShared(token.Algorithm))
        {
            UseSecret(token, parameters);
        }

        tenants.Use(parameters, discovery);
        return parameters;
    }

    public async ValueTask<OpenIdConnectConfiguration?> LookForKeyAsync(IdToken token, OpenIdConnectConfiguration tried)
    {
        if (options.ConfigurationManager is Discovery discovery)
        {
            return await discovery.LookForKeyAsync(token.KeyId, tried, CancellationToken.None);
        }

        options.ConfigurationManager?.RequestRefresh();
        return await DiscoveryAsync();
    }

    /// <summary>Refuses a valid token of a tenant whose users may not sign in.</summary>
    public void CheckTenant(TokenValidationResult result)
    {
        if (result.IsValid && tenants.Problem(result.ClaimsIdentity) is { } problem)
        {
            throw Refuse(problem + ".", settings.Variable("TENANTS"));
        }
    }

    /// <summary>Takes note of why a token was refused, or of whom it names.</summary>
    public void Note(IdToken token, TokenValidationResult result, OpenIdConnectConfiguration? discovery)
    {
        if (ProviderExchange.Current is not { } exchange)
        {
            return;
        }

        if (result.IsValid)
        {
            exchange.Subject = result.ClaimsIdentity.FindFirst(AuthClaims.Subject)?.Value;
            exchange.IsIdTokenChecked = true;
            return;
        }

        exchange.Problem ??= result.Exception switch
        {
            SecurityTokenInvalidIssuerException wrong => new(
                $"The id token names the issuer {LogText.Issuer(wrong.InvalidIssuer)}; expected {discovery?.Issuer}", settings.Variable("ISSUER")),
            SecurityTokenInvalidAudienceException => new("The id token was issued for another client", settings.Variable("ID")),
            SecurityTokenSignatureKeyNotFoundException => new($"The key {LogText.Printable(token.KeyId)} of the id token is not among the provider's keys"),
            SecurityTokenInvalidSignatureException => new($"The signature of the id token ({token.Algorithm}) does not match", IsShared(token.Algorithm) ? settings.Variable("SECRET") : null),
            SecurityTokenExpiredException or SecurityTokenNotYetValidException => new("The id token has expired or is not valid yet", "the clock of this server"),
            _ => null,
        };
    }

    /// <summary>The exception that refuses a token, with what is wrong in the notes.</summary>
    public static ProviderAnswerException Refuse(string problem, string? setting = null)
    {
        if (ProviderExchange.Current is { } exchange)
        {
            exchange.Problem ??= new(problem.TrimEnd('.'), setting);
        }

        return new ProviderAnswerException(problem);
    }

    // An algorithm with the client's secret is only accepted where it was agreed on: otherwise anyone with the secret could forge users.
    private string[] Allowed(OpenIdConnectConfiguration? discovery)
    {
        if (_chosen is not null)
        {
            return [_chosen];
        }

        var offered = discovery?.IdTokenSigningAlgValuesSupported ?? [];
        var shared = Shared.Where(offered.Contains).ToArray();
        return shared.Length == 1 && offered.All(IsShared) ? shared : Asymmetric;
    }

    // As the platform does, but by the time that all nodes share.
    private bool CheckLifetime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        if (!parameters.ValidateLifetime)
        {
            return true;
        }

        if (expires is null && parameters.RequireExpirationTime)
        {
            throw new SecurityTokenNoExpirationException("The id token has no expiration time.");
        }

        if (notBefore > clock.GetUtcNow().UtcDateTime + parameters.ClockSkew)
        {
            throw new SecurityTokenNotYetValidException("The id token is not valid yet.");
        }

        return !(expires < clock.Earliest.UtcDateTime - parameters.ClockSkew) ? true : throw new SecurityTokenExpiredException("The id token has expired.");
    }

    private void UseSecret(IdToken token, TokenValidationParameters parameters)
    {
        if (ProviderExchange.Current is { HasTokens: false })
        {
            throw Refuse($"An id token that came through the browser is signed with {token.Algorithm}, which is only allowed for those from the token endpoint.");
        }

        if (string.IsNullOrEmpty(options.ClientSecret))
        {
            throw Refuse($"The id token is signed with {token.Algorithm}, but the client has no secret.", settings.Variable("SECRET"));
        }

        parameters.IssuerSigningKey = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(options.ClientSecret));
        (parameters.IssuerSigningKeys, parameters.IssuerSigningKeyResolver) = (null, null);
        parameters.TryAllIssuerSigningKeys = true;
    }

    private static string Problem(string algorithm, string[] allowed) => algorithm switch
    {
        "EdDSA" or "Ed25519" or "Ed448" =>
            $"The id token is signed with {algorithm}, an algorithm that .NET 10 cannot check. Let the provider sign this client's tokens with RS256 or ES256 (id_token_signed_response_alg).",
        _ => $"The id token is signed with the algorithm {LogText.Printable(algorithm)}; allowed here: {string.Join(", ", allowed)}.",
    };
}
