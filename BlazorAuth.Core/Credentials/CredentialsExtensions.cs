using BlazorAuth;
using BlazorAuth.Credentials;
using Microsoft.AspNetCore.Authentication;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds a provider with no remote server.</summary>
public static class CredentialsExtensions
{
    /// <summary>
    /// Adds a provider that asks the person for user name and password, or for whatever <paramref name="configure"/> sets, and lets the app check them.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="scheme">The name of the scheme; in lower case it is the provider's ID.</param>
    /// <param name="authorize">Checks the credentials. Throttle and lock out here: the endpoint only limits attempts per client address.</param>
    /// <param name="configure">Sets name and fields.</param>
    public static AuthenticationBuilder AddCredentials(
        this AuthenticationBuilder builder,
        string scheme,
        Func<CredentialsContext, ValueTask<CredentialsResult>> authorize,
        Action<CredentialsProvider>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var provider = new CredentialsProvider(scheme, scheme, authorize);
        configure?.Invoke(provider);
        builder.Services.AddSingleton(provider);
        return builder.AddScheme<AuthenticationSchemeOptions, CredentialsHandler>(scheme, provider.DisplayName, null);
    }
}
