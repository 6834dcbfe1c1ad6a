using BlazorAuth.Configuration;
using BlazorAuth.Http;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Providers;

/// <summary>
/// The platform's schemes, with two differences. Remote schemes are not asked about every request: our endpoint calls them, also for a callback that the
/// app put elsewhere. And <c>AUTH_OIDC_ISSUER</c> adds the OpenID Connect provider <c>oidc</c>.
/// </summary>
internal sealed class AuthSchemeProvider : AuthenticationSchemeProvider
{
    private readonly IServiceProvider _services;
    private Filtered? _filtered;

    public AuthSchemeProvider(IOptions<AuthenticationOptions> options, AuthEnvironment environment, IServiceProvider services)
        : base(Checked(options))
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
        var remote = all.Where(scheme => RemoteScheme.OptionsType(scheme.HandlerType) is not null).ToList();
        var elsewhere = remote.Select(providers.Of).OfType<AuthProvider>().Where(provider => !IsAtOurEndpoint(provider)).ToList();
        IEnumerable<AuthenticationScheme> others = all.Except(remote);
        if (elsewhere.Count > 0)
        {
            // Runs on every request, as the schemes did, and lets requests through that do not belong to them.
            others = others.Prepend(new AuthenticationScheme(OwnCallbackHandler.Scheme, null, typeof(OwnCallbackHandler)));
        }

        var filtered = new Filtered(all, [.. others], elsewhere);
        Volatile.Write(ref _filtered, filtered);
        return filtered.To;
    }

    public override Task<AuthenticationScheme?> GetSchemeAsync(string name) => name == OwnCallbackHandler.Scheme
        ? Task.FromResult<AuthenticationScheme?>(new AuthenticationScheme(OwnCallbackHandler.Scheme, null, typeof(OwnCallbackHandler)))
        : base.GetSchemeAsync(name);

    /// <summary>The provider for which the app chose this callback path outside BlazorAuth's endpoints; null if there is none.</summary>
    public AuthProvider? WithCallbackAt(PathString path) => Volatile.Read(ref _filtered)?.Elsewhere.FirstOrDefault(provider => provider.Options!.CallbackPath == path);

    // The platform's own exception names neither the call nor what to do.
    private static IOptions<AuthenticationOptions> Checked(IOptions<AuthenticationOptions> options)
    {
        const string Twice = "Scheme already exists: ";
        try
        {
            _ = options.Value;
            return options;
        }
        catch (InvalidOperationException exception) when (exception.Message.StartsWith(Twice, StringComparison.Ordinal))
        {
            var name = exception.Message[Twice.Length..];
            throw new AuthSetupException(
                $"The scheme '{name}' is added twice. Remove one of the two calls, or give the second scheme another name: .Add{name}(\"{name}2\", options => …).", exception);
        }
    }

    private static bool IsAtOurEndpoint(AuthProvider provider) => provider.Options?.CallbackPath == AuthPaths.CallbackPath(provider.Id);

    private sealed record Filtered(IEnumerable<AuthenticationScheme> From, IEnumerable<AuthenticationScheme> To, IReadOnlyList<AuthProvider> Elsewhere);
}

internal static class OidcProvider
{
    public const string Scheme = "oidc";
}
