using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace BlazorAuth;

/// <summary>How often one client address may start or end a sign-in.</summary>
internal sealed class SignInRateLimit : IDisposable
{
    private readonly PartitionedRateLimiter<IPAddress>? _limiter;
    private readonly TimeSpan _window;

    public SignInRateLimit(IOptions<AuthOptions> options)
    {
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
        if (_limiter is null || http.Connection.RemoteIpAddress is not { } address)
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
