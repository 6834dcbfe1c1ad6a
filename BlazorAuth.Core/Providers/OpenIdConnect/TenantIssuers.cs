using System.Security.Claims;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace BlazorAuth.Providers.OpenIdConnect;

/// <summary>
/// The issuer of a provider that speaks for many tenants at one address, such as Microsoft Entra's <c>common</c> and <c>organizations</c>: discovery names
/// <c>https://…/{tenantid}/v2.0</c>, the id token the tenant's own.
/// </summary>
internal sealed class TenantIssuers(string provider, ProviderSettings settings, ILogger<TenantIssuers> logger)
{
    private const string Placeholder = "{tenantid}";
    private const string TenantClaim = "tid";

    // What an app's own handler for tokens may call it.
    private const string MappedTenantClaim = "http://schemas.microsoft.com/identity/claims/tenantid";

    private readonly HashSet<string> _allowed = new(settings.Tenants, StringComparer.OrdinalIgnoreCase);
    private int _told;

    public static bool IsTemplate(string? issuer) => issuer?.Contains(Placeholder, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>Whether an issuer may be made of a template: one tenant's id in the place of the placeholder.</summary>
    public static bool Fits(string template, string? issuer)
    {
        var at = template.IndexOf(Placeholder, StringComparison.OrdinalIgnoreCase);
        var (before, after) = (template[..at], template[(at + Placeholder.Length)..]);
        return issuer is not null && issuer.Length > before.Length + after.Length
            && issuer.StartsWith(before, StringComparison.Ordinal) && issuer.EndsWith(after, StringComparison.Ordinal)
            && IsTenant(issuer[before.Length..^after.Length]);
    }

    /// <summary>Lets the token's own tenant decide where discovery names a template.</summary>
    public void Use(TokenValidationParameters parameters, OpenIdConnectConfiguration? discovery)
    {
        if (discovery is null || !IsTemplate(discovery.Issuer))
        {
            return;
        }

        if (_allowed.Count == 0 && Interlocked.Exchange(ref _told, 1) == 0)
        {
            logger.AnyTenant(provider, settings.Variable("TENANTS"));
        }

        parameters.IssuerValidator = (issuer, token, _) => Check(discovery.Issuer, issuer, token);
        parameters.IssuerSigningKeyValidator = (key, token, _) => KeyIssuer(discovery, key) is not { } of
            || (token is JsonWebToken web && (of == web.Issuer || (IsTemplate(of) && Fits(of, web.Issuer))));
    }

    /// <summary>What is wrong with the tenant of a valid token where the set-up allows some alone, whatever discovery names; null when nothing is.</summary>
    public string? Problem(ClaimsIdentity token)
    {
        var tenant = (token.FindFirst(TenantClaim) ?? token.FindFirst(MappedTenantClaim))?.Value;
        return _allowed.Count == 0 || (tenant is not null && _allowed.Contains(tenant)) ? null
            : tenant is null ? $"The id token names no tenant ({TenantClaim}), but only some tenants are allowed"
            : $"The tenant {LogText.Printable(tenant)} is not among the allowed tenants";
    }

    // Entra lists the issuer with each key; the platform's key objects do not keep it.
    private static string? KeyIssuer(OpenIdConnectConfiguration discovery, SecurityKey key) => discovery.JsonWebKeySet?.Keys
        .FirstOrDefault(known => known.Kid == key.KeyId)?.AdditionalData.TryGetValue("issuer", out var named) == true ? named.ToString() : null;

    private static string Check(string template, string issuer, SecurityToken token)
    {
        var tenant = token is JsonWebToken web && web.TryGetPayloadValue<string>(TenantClaim, out var claim) ? claim : null;
        if (tenant is null || !IsTenant(tenant) || issuer != template.Replace(Placeholder, tenant, StringComparison.OrdinalIgnoreCase))
        {
            throw new SecurityTokenInvalidIssuerException("The issuer of the id token is not that of its tenant.") { InvalidIssuer = issuer };
        }

        return issuer;
    }

    private static bool IsTenant(string text) => text.Length is > 0 and <= 64 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.');
}
