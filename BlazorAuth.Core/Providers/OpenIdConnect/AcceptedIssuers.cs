using Microsoft.AspNetCore.Authentication.OpenIdConnect;

namespace BlazorAuth.Providers.OpenIdConnect;

/// <summary>
/// Whether id tokens of one scheme may name several issuers. A subject is unique for its issuer only, so it takes both to tell people apart there. The platform accepts
/// the issuer of discovery beside those that the app's code names.
/// </summary>
internal static class AcceptedIssuers
{
    public static async ValueTask<bool> AreSeveralAsync(OpenIdConnectOptions options, CancellationToken cancellationToken)
    {
        var rules = options.TokenValidationParameters;
        if (!rules.ValidateIssuer || rules.IssuerValidator is not null || rules.IssuerValidatorUsingConfiguration is not null)
        {
            return true;
        }

        var discovered = options.ConfigurationManager is { } manager ? (await manager.GetConfigurationAsync(cancellationToken)).Issuer : options.Configuration?.Issuer;
        return TenantIssuers.IsTemplate(discovered)
            || (rules.ValidIssuers ?? []).Append(rules.ValidIssuer).Append(discovered).Where(issuer => !string.IsNullOrEmpty(issuer)).Distinct(StringComparer.Ordinal).Count() > 1;
    }
}
