using System.Collections.Concurrent;
using System.Reflection;
using BlazorAuth.Configuration;
using BlazorAuth.Providers;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth;

/// <summary>
/// The providers of the app: every remote scheme that has a display name and its keys, in the order in which they were added, then credentials.
/// </summary>
public sealed class AuthProviderRegistry
{
    private readonly IAuthenticationSchemeProvider _schemes;
    private readonly IServiceProvider _services;
    private readonly ProviderSetup _setup;
    private readonly ConcurrentDictionary<string, Known> _byScheme = new(StringComparer.Ordinal);
    private volatile bool _hasStarted;

    internal AuthProviderRegistry(IAuthenticationSchemeProvider schemes, IServiceProvider services, ProviderSetup setup)
    {
        _schemes = schemes;
        _services = services;
        _setup = setup;
    }

    /// <summary>The providers that a person can choose.</summary>
    public async ValueTask<IReadOnlyList<AuthProvider>> ListAsync()
    {
        var all = await AllAsync();
        return [.. all.Where(provider => provider.DisplayName.Length > 0)];
    }

    /// <summary>The provider with an ID; <see langword="null"/> when there is none, or it has no keys.</summary>
    public async ValueTask<AuthProvider?> FindAsync(string id)
    {
        foreach (var scheme in await _schemes.GetAllSchemesAsync())
        {
            if (IdOf(scheme.Name).Equals(id, StringComparison.OrdinalIgnoreCase))
            {
                return Of(scheme);
            }
        }

        return null;
    }

    /// <summary>
    /// The provider that asks someone once more who they are: the one of their session if it is still there and counts for that, or the only one that counts.
    /// Null when they have to choose.
    /// </summary>
    internal async ValueTask<string?> ToAskAgainAsync(string id) =>
        (Counts(id) ? (await FindAsync(id))?.Id : null) ?? (Strong is [var only] ? (await FindAsync(only))?.Id : null);

    /// <summary>Whether a sign-in with a provider counts as a recent one (<see cref="AuthSessionOptions.FreshProviders"/>).</summary>
    internal bool Counts(string id) => Strong.Count == 0 || Strong.Contains(id, StringComparer.OrdinalIgnoreCase);

    private IList<string> Strong => _services.GetRequiredService<IOptions<AuthOptions>>().Value.Session.FreshProviders;

    /// <summary>The names of the providers that a person can choose, by ID. A provider that was removed since has only its ID left.</summary>
    internal async ValueTask<IReadOnlyDictionary<string, string>> NamesAsync() =>
        (await ListAsync()).ToDictionary(provider => provider.Id, provider => provider.DisplayName, StringComparer.Ordinal);

    /// <summary>The providers that were added but have no keys, by ID.</summary>
    internal IReadOnlyCollection<string> WithoutKeys => _setup.WithoutKeys;

    internal static string IdOf(string scheme) => scheme.ToLowerInvariant();

    internal async ValueTask<IReadOnlyList<AuthProvider>> AllAsync()
    {
        var schemes = await _schemes.GetAllSchemesAsync();
        return [.. schemes.Select(Of).OfType<AuthProvider>()];
    }

    internal AuthProvider? Of(AuthenticationScheme scheme) =>
        (_byScheme.TryGetValue(scheme.Name, out var known) && ReferenceEquals(known.Scheme, scheme) ? known : _byScheme[scheme.Name] = new Known(scheme, CreateOrRefuse(scheme))).Provider;

    /// <summary>Why the name of a scheme cannot be the ID of a provider; null when it can.</summary>
    internal static string? NameProblem(string scheme) =>
        scheme.Any(c => c is '/' or '\\' or '%' or ';' || char.IsControl(c)) || scheme is "." or ".." || scheme != scheme.Trim()
            ? $"The name of the scheme '{scheme}' cannot be part of a URL: it contains '/', '\\', '%', ';' or a control character, starts or ends with a space, or consists of dots. Rename it."
            : null;

    /// <summary>The app has started: a mistake in a scheme that comes from now on stops nothing but that scheme.</summary>
    internal void Started() => _hasStarted = true;

    private AuthProvider? CreateOrRefuse(AuthenticationScheme scheme)
    {
        if (!_hasStarted)
        {
            return Create(scheme);
        }

        string problem;
        try
        {
            var provider = Create(scheme);
            if (provider is null || LateProblem(provider) is not { } found)
            {
                return provider;
            }

            problem = found;
        }
        catch (Exception exception)
        {
            // Whatever it is, the schemes that are there go on.
            problem = exception.Message;
        }

        _services.GetRequiredService<ILogger<AuthProviderRegistry>>().LateSchemeRefused(scheme.Name, problem);
        return null;
    }

    /// <summary>What would have stopped the start, had the scheme been there.</summary>
    private string? LateProblem(AuthProvider late)
    {
        var others = _byScheme.Values.Select(known => known.Provider).OfType<AuthProvider>().Where(other => other.Scheme != late.Scheme).ToList();
        return NameProblem(late.Scheme)
            ?? (others.Find(other => other.Id == late.Id) is { } same ? $"The scheme '{same.Scheme}' has the same provider id '{late.Id}'. Rename one of them." : null)
            ?? ProviderAddress.Problem(late.Id, late.Options, _services.GetRequiredService<AuthEnvironment>())
            ?? _services.GetRequiredService<ProviderIssuer>().Problem([.. others, late]);
    }

    private AuthProvider? Create(AuthenticationScheme scheme)
    {
        if (CredentialsProvider.Find(_services, scheme.Name) is { } credentials)
        {
            CheckTenants(scheme, options: null);
            return new AuthProvider { Id = IdOf(scheme.Name), DisplayName = credentials.DisplayName, Type = AuthProviderType.Credentials, Scheme = scheme.Name };
        }

        if (RemoteScheme.OptionsType(scheme.HandlerType) is not { } type || RemoteOptions(type, scheme.Name) is not { } options)
        {
            return null;
        }

        CheckTenants(scheme, options);
        return new AuthProvider
        {
            Id = IdOf(scheme.Name),
            DisplayName = scheme.DisplayName ?? "",
            Type = options is OpenIdConnectOptions ? AuthProviderType.Oidc : AuthProviderType.OAuth,
            Scheme = scheme.Name,
            Options = options,
        };
    }

    // Whoever sets them wants to keep people out. Schemes may be added while the app runs.
    private void CheckTenants(AuthenticationScheme scheme, RemoteAuthenticationOptions? options)
    {
        var id = IdOf(scheme.Name);
        var settings = new ProviderSettings(_services.GetRequiredService<AuthEnvironment>(), id);
        if (options is not OpenIdConnectOptions && settings.Tenants.Count > 0)
        {
            throw new AuthSetupException(
                $"{settings.Variable("TENANTS")} is set, but '{id}' is no OpenID Connect provider, so nothing tells the tenant and everybody could sign in. "
                + "Add it with AddOpenIdConnect, or remove the setting and decide in OnSignIn.");
        }
    }

    // A provider without keys fails its own validation; it is skipped on purpose. Every other failure is a mistake.
    private RemoteAuthenticationOptions? RemoteOptions(Type type, string scheme)
    {
        try
        {
            var monitor = typeof(IOptionsMonitor<>).MakeGenericType(type);
            return (RemoteAuthenticationOptions)monitor.GetMethod(nameof(IOptionsMonitor<object>.Get))!
                .Invoke(_services.GetRequiredService(monitor), BindingFlags.DoNotWrapExceptions, null, [scheme], null)!;
        }
        catch (Exception) when (_setup.WithoutKeys.Contains(IdOf(scheme)))
        {
            return null;
        }
    }

    private sealed record Known(AuthenticationScheme Scheme, AuthProvider? Provider);
}
