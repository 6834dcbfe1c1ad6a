using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace BlazorAuth.Http;

/// <summary>The hosts that the app answers for: the platform's own setting <c>AllowedHosts</c>, such as <c>app.example.com;*.example.org</c>.</summary>
internal sealed class AllowedHosts(IConfiguration configuration)
{
    private readonly List<StringSegment> _hosts =
    [
        .. (configuration["AllowedHosts"] ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(host => new StringSegment(host)),
    ];

    /// <summary>Whether it names hosts, and not all there are.</summary>
    public bool IsSet => _hosts.Count > 0 && !_hosts.Contains("*");

    public IEnumerable<string> Names => _hosts.Select(host => host.ToString());

    public bool Contains(HostString host) => IsSet && HostString.MatchesAny(host.Host, _hosts);
}
