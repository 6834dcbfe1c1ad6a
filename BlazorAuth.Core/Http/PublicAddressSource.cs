using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Http;

/// <summary>Knows the public address of the app: <c>AUTH_URL</c>, or that of the request where it can be trusted.</summary>
internal sealed class PublicAddressSource
{
    private const int MostRemembered = 64;

    private readonly ConcurrentDictionary<(string, HostString, string), PublicAddress> _known = new();
    private readonly PublicAddress? _fixed;
    private readonly bool _requestIsBelieved;
    private readonly AllowedHosts? _allowedHosts;

    public PublicAddressSource(IOptions<AuthOptions> options, IHostEnvironment host, IConfiguration configuration)
    {
        _fixed = options.Value.Url is { } url ? FromUrl(url) : null;
        _requestIsBelieved = options.Value.TrustHost == true || (host.IsDevelopment() && options.Value.KnownProxies.Count == 0);
        var hosts = new AllowedHosts(configuration);
        _allowedHosts = host.IsDevelopment() ? null : hosts;
        ForwardedHosts = options.Value.Url is null && options.Value.TrustHost != true ? []
            : hosts.IsSet ? [.. hosts.Names]
            : options.Value.Url is { } address ? [address.Host]
            : [];
    }

    /// <summary>The hosts that a proxy may name where <c>AUTH_URL</c> or <c>AUTH_TRUST_HOST</c> is set; another one is left out. Empty: all.</summary>
    public IReadOnlyList<string> ForwardedHosts { get; }

    /// <summary>The address that <c>AUTH_URL</c> names; null when it is not set.</summary>
    public PublicAddress? Fixed => _fixed;

    /// <summary>The address to build links and redirects with; null if no trusted source provides it.</summary>
    public PublicAddress? Trusted(HttpContext http) =>
        _fixed ?? (_requestIsBelieved || IsOfKnownProxy(http) ? OfRequest(http) : null);

    /// <summary>The address as the request states it, which anyone can forge: good enough for a cookie's name, never for a redirect.</summary>
    public PublicAddress Unverified(HttpContext http) => _fixed ?? OfRequest(http);

    /// <summary>Whether a request that came through a known proxy names a host that isn't the app's, where nothing else tells the app's address.</summary>
    public bool IsForeign(HttpContext http) =>
        _fixed is null && http.Features.Get<KnownProxyFeature>() is not null && _allowedHosts is { IsSet: true } hosts && !hosts.Contains(http.Request.Host);

    // A known proxy vouches for the client's address, not for the host that the client sent, which has to be one of the app's.
    private bool IsOfKnownProxy(HttpContext http) =>
        http.Features.Get<KnownProxyFeature>() is not null && _allowedHosts?.Contains(http.Request.Host) != false;

    private PublicAddress OfRequest(HttpContext http)
    {
        // Paths are compared by the letter: providers and cookies tell /Shop from /shop, which PathString does not.
        var path = http.Request.PathBase;
        var key = (http.Request.Scheme, http.Request.Host, path.Value ?? "");
        if (_known.TryGetValue(key, out var origin))
        {
            return origin;
        }

        var scheme = ForwardedAddress.Scheme(key.Scheme) ?? key.Scheme;
        origin = new PublicAddress(scheme, Normal(scheme, key.Host), path);
        if (_known.Count < MostRemembered)
        {
            _known.TryAdd(key, origin);
        }

        return origin;
    }

    // As browsers write it: no default port, lower case, the short form of an IPv6 address. Anything that is not a host is left as it is, and never matches.
    private static HostString Normal(string scheme, HostString host) =>
        WebUri.TryParse($"{scheme}://{host.Value}/", out var uri) && uri.UserInfo.Length == 0 && uri.AbsolutePath == "/"
            ? uri.IsDefaultPort ? new HostString(uri.IdnHost.Contains(':', StringComparison.Ordinal) ? $"[{uri.IdnHost}]" : uri.IdnHost) : new HostString(uri.IdnHost, uri.Port)
            : host;

    private static PublicAddress FromUrl(Uri url)
    {
        var path = url.AbsolutePath.TrimEnd('/');
        if (path.EndsWith(AuthPaths.Base, StringComparison.OrdinalIgnoreCase))
        {
            path = path[..^AuthPaths.Base.Length];
        }

        var host = url.IsDefaultPort ? new HostString(url.Host) : new HostString(url.Host, url.Port);
        return new PublicAddress(url.Scheme, host, PathString.FromUriComponent(path));
    }
}

/// <summary>Marks a request that came through one of the proxies that the set-up names.</summary>
internal sealed class KnownProxyFeature;
