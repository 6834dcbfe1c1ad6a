using System.Net;
using BlazorAuth.Configuration;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Http;

/// <summary>The parts of a sign-in, which are counted apart: so a whole one counts once.</summary>
internal enum SignInStep
{
    /// <summary>Credentials, or the way to a provider.</summary>
    Start,

    /// <summary>A provider's answer.</summary>
    End,

    /// <summary>A request that this server sends to a provider because somebody opened a page of the app.</summary>
    Push,
}

/// <summary>How often one client address may sign in.</summary>
internal sealed class SignInRateLimit : IDisposable
{
    // Clients behind an unknown proxy are counted by the address that it forwards. Whoever reaches the app beside it may have forged that, so the proxy is also counted
    // as a whole: with so much that a few addresses don't keep everybody else out.
    private const int ProxyFactor = 20;

    // The last two are those of the proxies of some clouds: link-local, and shared by a provider's customers (RFC 6598).
    private static readonly System.Net.IPNetwork[] PrivateNetworks =
    [
        System.Net.IPNetwork.Parse("10.0.0.0/8"), System.Net.IPNetwork.Parse("172.16.0.0/12"), System.Net.IPNetwork.Parse("192.168.0.0/16"),
        System.Net.IPNetwork.Parse("fc00::/7"), System.Net.IPNetwork.Parse("fe80::/10"), System.Net.IPNetwork.Parse("169.254.0.0/16"), System.Net.IPNetwork.Parse("100.64.0.0/10"),
    ];

    // Who comes through a socket of this machine has none. Only a proxy here does, and the servers of tests.
    private static readonly IPAddress NoAddress = IPAddress.Loopback;

    private readonly ILogger<SignInRateLimit> _logger;
    private readonly AttemptWindow? _attempts;
    private readonly int _limit;
    private readonly bool _forwardsAreBelieved;
    private readonly bool _isDevelopment;
    private int _warned;
    private int _warnedOfPublic;

    public SignInRateLimit(IOptions<AuthOptions> options, AuthEnvironment environment, TimeProvider clock, ILogger<SignInRateLimit> logger)
    {
        _logger = logger;
        _limit = options.Value.RateLimit.PermitLimit;
        _isDevelopment = environment.IsDevelopment;
        _forwardsAreBelieved = options.Value.TrustHost == true;
        _attempts = _limit > 0 ? new AttemptWindow(options.Value.RateLimit.Window, clock) : null;
    }

    /// <summary>Whether the client has to wait, and how long.</summary>
    public bool Refuses(HttpContext http, SignInStep step, out TimeSpan retryAfter)
    {
        retryAfter = TimeSpan.Zero;
        if (_attempts is null || (_isDevelopment && http.Connection.RemoteIpAddress is null))
        {
            return false;
        }

        var peer = http.Connection.RemoteIpAddress ?? NoAddress;

        var isForwarded = IsForwardedByNobodyKnown(http);
        if (!isForwarded || !IsPrivate(peer))
        {
            var isRefused = !_attempts.Take(new(Line(peer), step, IsProxy: false), _limit, out retryAfter);
            if (isRefused && isForwarded && Interlocked.Exchange(ref _warnedOfPublic, 1) == 0)
            {
                _logger.ClientsPerhapsCountedTogether();
            }

            return isRefused;
        }

        // The client first: a rejected client must not use up the others' attempts.
        if (Interlocked.Exchange(ref _warned, 1) == 0)
        {
            _logger.ClientAddressUnknown();
        }

        return !_attempts.Take(new(Line(LastForwarded(http) ?? peer), step, IsProxy: false, NamedBy: Line(peer)), _limit, out retryAfter)
            || !_attempts.Take(new(Line(peer), step, IsProxy: true), _limit * ProxyFactor, out retryAfter);
    }

    /// <summary>How many addresses are remembered.</summary>
    public int Count => _attempts?.Count ?? 0;

    public void Dispose() => _attempts?.Dispose();

    // A known proxy has supplied the client's address; the client itself wrote the rest of the header.
    private bool IsForwardedByNobodyKnown(HttpContext http) =>
        !_forwardsAreBelieved && http.Features.Get<KnownProxyFeature>() is null && http.Request.Headers.ContainsKey(ForwardedHeadersDefaults.XForwardedForHeaderName);

    // The last address was added by the proxy itself; those before it are whatever the client sent.
    private static IPAddress? LastForwarded(HttpContext http)
    {
        var last = http.Request.Headers[ForwardedHeadersDefaults.XForwardedForHeaderName].ToString().Split(',')[^1].Trim();
        return IPEndPoint.TryParse(last, out var client) ? client.Address : null;
    }

    private static bool IsPrivate(IPAddress address) => IPAddress.IsLoopback(address) || PrivateNetworks.Any(network => network.Contains(Line(address)));

    // One line has 2^64 IPv6 addresses: it counts as one client.
    private static IPAddress Line(IPAddress address)
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
