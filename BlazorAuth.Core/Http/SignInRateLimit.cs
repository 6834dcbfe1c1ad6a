using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Http;

/// <summary>How often one client address may start or end a sign-in.</summary>
internal sealed class SignInRateLimit : IDisposable
{
    private static readonly System.Net.IPNetwork[] PrivateNetworks =
    [
        System.Net.IPNetwork.Parse("10.0.0.0/8"), System.Net.IPNetwork.Parse("172.16.0.0/12"), System.Net.IPNetwork.Parse("192.168.0.0/16"),
        System.Net.IPNetwork.Parse("fc00::/7"), System.Net.IPNetwork.Parse("fe80::/10"),
    ];

    private readonly ILogger<SignInRateLimit> _logger;
    private readonly PartitionedRateLimiter<IPAddress>? _limiter;
    private readonly TimeSpan _window;
    private int _warned;

    public SignInRateLimit(IOptions<AuthOptions> options, ILogger<SignInRateLimit> logger)
    {
        _logger = logger;
        var limit = options.Value.RateLimit;
        _window = limit.Window;
        if (limit.PermitLimit > 0)
        {
            _limiter = PartitionedRateLimiter.Create<IPAddress, IPAddress>(address => RateLimitPartition.GetFixedWindowLimiter(
                address, _ => new FixedWindowRateLimiterOptions { PermitLimit = limit.PermitLimit, Window = limit.Window }));
        }
    }

    /// <summary>Whether the client has to wait, and how long.</summary>
    public bool Refuses(HttpContext http, out TimeSpan retryAfter)
    {
        retryAfter = _window;
        if (_limiter is null || http.Connection.RemoteIpAddress is not { } address || IsBehindUnknownProxy(http, address))
        {
            return false;
        }

        using var lease = _limiter.AttemptAcquire(Key(address));
        if (!lease.IsAcquired && lease.TryGetMetadata(MetadataName.RetryAfter, out var wait))
        {
            retryAfter = wait;
        }

        return !lease.IsAcquired;
    }

    public void Dispose() => _limiter?.Dispose();

    // Behind a proxy that nobody told us of everybody has the proxy's address: a limit on it would lock all of them out together.
    private bool IsBehindUnknownProxy(HttpContext http, IPAddress address)
    {
        // A known proxy has told us the client; what is left of the header is the client's own.
        if (http.Features.Get<KnownProxyFeature>() is not null
            || !http.Request.Headers.ContainsKey(ForwardedHeadersDefaults.XForwardedForHeaderName) || !IsPrivate(address))
        {
            return false;
        }

        if (Interlocked.Exchange(ref _warned, 1) == 0)
        {
            _logger.ClientAddressUnknown();
        }

        return true;
    }

    private static bool IsPrivate(IPAddress address) => IPAddress.IsLoopback(address) || PrivateNetworks.Any(network => network.Contains(Key(address)));

    // One line has 2^64 IPv6 addresses: it counts as one client.
    private static IPAddress Key(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        if (address.AddressFamily != System.Net.Sockets.AddressFamily.InterNetworkV6)
        {
            return address;
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes);
    }
}
