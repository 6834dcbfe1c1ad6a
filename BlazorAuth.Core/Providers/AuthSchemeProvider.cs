using BlazorAuth.Configuration;
using BlazorAuth.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Providers;

/// <summary>
/// The platform's schemes, with two differences. Remote schemes whose callback is our endpoint are not asked about every request: the endpoint
/// calls them. And <c>AUTH_OIDC_ISSUER</c> adds the OpenID Connect provider <c>oidc</c>.
/// </summary>
internal sealed class AuthSchemeProvider : AuthenticationSchemeProvider
{
    private readonly IServiceProvider _services;
    private Filtered? _filtered;

    public AuthSchemeProvider(IOptions<AuthenticationOptions> options, AuthEnvironment environment, IServiceProvider services)
        : base(options)
    {
        _services = services;
        if (environment.Get("OIDC_ISSUER") is not null && !options.Value.SchemeMap.ContainsKey(OidcProvider.Scheme))
        {
            AddScheme(new AuthenticationScheme(OidcProvider.Scheme, environment.Get("OIDC_NAME") ?? "OpenID Connect", typeof(OpenIdConnectHandler)));
        }
    }

    public override async Task<IEnumerable<AuthenticationScheme>> GetRequestHandlerSchemesAsync()
    {
        var all = await base.GetRequestHandlerSchemesAsync();
        if (Volatile.Read(ref _filtered) is { } known && ReferenceEquals(known.From, all))
        {
            return known.To;
        }

        var providers = _services.GetRequiredService<AuthProviderRegistry>();
        AuthenticationScheme[] others = [.. all.Where(scheme => !IsOurs(providers, scheme))];
        Volatile.Write(ref _filtered, new Filtered(all, others));
        return others;
    }

    private static bool IsOurs(AuthProviderRegistry providers, AuthenticationScheme scheme) =>
        RemoteScheme.OptionsType(scheme.HandlerType) is not null
        && (providers.Of(scheme) is not { } provider || provider.Options?.CallbackPath == AuthPaths.CallbackOf("", provider.Id));

    private sealed record Filtered(IEnumerable<AuthenticationScheme> From, IEnumerable<AuthenticationScheme> To);
}

internal static class OidcProvider
{
    public const string Scheme = "oidc";
}
