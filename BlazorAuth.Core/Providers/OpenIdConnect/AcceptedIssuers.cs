using Microsoft.AspNetCore.Authentication.OpenIdConnect;

namespace BlazorAuth.Providers.OpenIdConnect;

/// <summary>
/// Whether id tokens of one scheme may name several issuers. A subject is unique for its issuer only, so it takes both to tell people apart there. The platform accepts
/// the issuer of discovery beside those that the app's code names.
/// </summary>
internal static class AcceptedIssuers
{
    private const string Https = "https://";

    public static async ValueTask<bool> AreSeveralAsync(OpenIdConnectOptions options, CancellationToken cancellationToken)
    {
        var rules = options.TokenValidationParameters;
        if (!rules.ValidateIssuer || rules.IssuerValidator is not null || rules.IssuerValidatorUsingConfiguration is not null)
        {
            return true;
        }

        var discovered = await DiscoveredAsync(options, cancellationToken);
        return TenantIssuers.IsTemplate(discovered)
            || (rules.ValidIssuers ?? []).Append(rules.ValidIssuer).Append(discovered).Where(issuer => !string.IsNullOrEmpty(issuer)).Distinct(StringComparer.Ordinal).Count() > 1;
    }

    /// <summary>
    /// Whether an issuer is the scheme's own: the one that discovery names, or <c>ValidIssuer</c> where discovery names none. A slash at the end, or a
    /// missing <c>https://</c> as in some tokens of Google, makes no other issuer.
    /// </summary>
    public static async ValueTask<bool> IsOwnAsync(OpenIdConnectOptions options, string issuer, CancellationToken cancellationToken)
    {
        var own = await DiscoveredAsync(options, cancellationToken) is { Length: > 0 } discovered ? discovered : options.TokenValidationParameters.ValidIssuer;
        return own is not null && !TenantIssuers.IsTemplate(own) && Bare(issuer).SequenceEqual(Bare(own));
    }

    private static async ValueTask<string?> DiscoveredAsync(OpenIdConnectOptions options, CancellationToken cancellationToken) =>
        options.ConfigurationManager is { } manager ? (await manager.GetConfigurationAsync(cancellationToken)).Issuer : options.Configuration?.Issuer;

    private static ReadOnlySpan<char> Bare(string issuer) =>
        (issuer.StartsWith(Https, StringComparison.OrdinalIgnoreCase) ? issuer.AsSpan(Https.Length) : issuer).TrimEnd('/');
}
