using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace BlazorAuth.StandIns;

/// <summary>Where stand-ins may exist, and who may use them: <c>AUTH_STAND_INS</c>, or its twin <c>Auth:StandIns</c>.</summary>
internal sealed class StandInAccess
{
    public const string Refusal =
        "Stand-ins let anyone sign in as anyone, so they only accept requests from this machine. For containers, AUTH_STAND_INS=private also allows private networks.";

    private const string Private = "private";

    // The headers in which proxies and tunnels name their client.
    private static readonly string[] ClientHeaders = ["X-Forwarded-For", "X-Real-IP", "CF-Connecting-IP", "True-Client-IP", "X-Client-IP", "Fly-Client-IP"];

    private static readonly IPNetwork[] PrivateNetworks =
    [
        IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("172.16.0.0/12"), IPNetwork.Parse("192.168.0.0/16"), IPNetwork.Parse("169.254.0.0/16"),
        IPNetwork.Parse("fc00::/7"), IPNetwork.Parse("fe80::/10"),
    ];

    private StandInAccess(bool allowsPrivate) => AllowsPrivate = allowsPrivate;

    public bool AllowsPrivate { get; }

    /// <summary>Who may use them; null when they are off.</summary>
    /// <exception cref="InvalidOperationException">They are switched on outside Development, or the setting is invalid.</exception>
    public static StandInAccess? Read(IConfiguration configuration, IHostEnvironment environment)
    {
        var name = string.IsNullOrEmpty(configuration["AUTH_STAND_INS"]) ? "Auth:StandIns" : "AUTH_STAND_INS";
        var value = configuration[name]?.Trim().ToLowerInvariant();
        if (value is not (null or "" or "true" or "false" or Private))
        {
            throw new InvalidOperationException($"{name} must be true, false or private. Correct it or remove it.");
        }

        if (value is "true" or Private && !environment.IsDevelopment())
        {
            throw new InvalidOperationException($"{name} is {value}, but this is {environment.EnvironmentName}, and the stand-ins let anyone sign in as anyone: "
                + $"they only run in Development. Remove {name}, and set the providers' own keys (AUTH_GOOGLE_ID and AUTH_GOOGLE_SECRET, and so on).");
        }

        return value == "false" || !environment.IsDevelopment() ? null : new StandInAccess(value == Private);
    }

    public static string NotHere(IHostEnvironment environment) =>
        $"The stand-ins were added in Development, but the environment is now {environment.EnvironmentName}. Set the environment before builder.AddStandIns().";

    /// <summary>
    /// Whether the request comes from this machine. A tunnel or proxy on it connects from here too, so an address that it forwards must not be elsewhere
    /// either; a header can only deny access, never grant it.
    /// </summary>
    public bool Allows(HttpContext http) =>
        (http.Connection.RemoteIpAddress is not { } address || IsNear(address)) && Forwarded(http.Request).All(IsNear);

    /// <summary>Whether an address is this machine, or, where that is allowed, near it.</summary>
    public bool IsNear(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return IPAddress.IsLoopback(plain) || (AllowsPrivate && Array.Exists(PrivateNetworks, network => network.Contains(plain)));
    }

    // What cannot be parsed counts as an address elsewhere.
    private static IEnumerable<IPAddress> Forwarded(HttpRequest request) =>
        ClientHeaders.SelectMany(name => request.Headers[name].SelectMany(value => (value ?? "").Split(',')))
            .Concat(request.Headers["Forwarded"].SelectMany(value => (value ?? "").Split(',', ';'))
                .Select(part => part.Trim()).Where(part => part.StartsWith("for=", StringComparison.OrdinalIgnoreCase)).Select(part => part[4..].Trim('"')))
            .Select(text => IPEndPoint.TryParse(text.Trim(), out var end) ? end.Address : IPAddress.None);
}
