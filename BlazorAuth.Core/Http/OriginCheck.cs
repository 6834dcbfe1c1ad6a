using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Http;

/// <summary>
/// Whose request it is. A browser adds its cookies to what any page sends, so the session cookie counts only where no page of another origin can have
/// sent the request, or where the app lets that origin act for its visitors.
/// </summary>
/// <remarks>
/// GET, HEAD and OPTIONS count, except those that open a connection (<see cref="LiveConnection"/>): they change nothing, and the browser guards what they answer.
/// CORS does not apply to WebSockets, so those are checked like every other method; what polls a connection has to come from a client of SignalR's. Whatever a connection
/// begins with, pages act over it: an origin that may only read opens none.
/// </remarks>
internal sealed class OriginCheck(PublicAddressSource addresses, ILogger<OriginCheck> logger)
{
    private const int MostWarnings = 1000;

    // No page has this origin: a policy that allows it allows every origin.
    private const string NobodysOrigin = "https://nobody.invalid";

    private readonly ConcurrentDictionary<(string? Endpoint, string Origin), bool> _warned = new();

    /// <summary>Whether a page of another origin may have sent the request without being let in.</summary>
    public ValueTask<bool> IsForeignAsync(HttpContext http)
    {
        var isPoll = LiveConnection.IsPoll(http);
        if (isPoll && !LiveConnection.IsSentByClient(http.Request))
        {
            return ValueTask.FromResult(true);
        }

        if (IsOwn(http, isPoll))
        {
            return ValueTask.FromResult(false);
        }

        var endpoint = http.GetEndpoint();
        return http.Features.Get<Verdict>() is { } known && known.Endpoint == endpoint
            ? ValueTask.FromResult(known.IsForeign)
            : new ValueTask<bool>(JudgeAsync(http, endpoint));
    }

    /// <summary>What was said of the request when its endpoint was not known: authentication ran before routing. Null if nothing had to be said without it.</summary>
    public static bool? ForeignWithoutEndpoint(HttpContext http) => http.Features.Get<Verdict>() is { Endpoint: null, IsForeign: var isForeign } ? isForeign : null;

    /// <summary>Says once for each endpoint and origin that a session did not count, and what would make it count.</summary>
    public void Warn(HttpContext http)
    {
        var endpoint = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? http.GetEndpoint()?.DisplayName;
        if (!IsNews(http, endpoint, out var origin))
        {
            return;
        }

        if (LiveConnection.IsPoll(http))
        {
            logger.PollNotCounted(endpoint, origin);
        }
        else
        {
            logger.SessionNotCounted(http.Request.Method, endpoint, origin);
        }
    }

    /// <summary>Says once for each origin that its page may open no circuit.</summary>
    public void WarnOfCircuit(HttpContext http)
    {
        if (LiveConnection.IsPoll(http))
        {
            Warn(http);
        }
        else if (IsNews(http, null, out var origin))
        {
            logger.CircuitRefused(origin, http.Request.Host.Value is { } host ? Printable(host) : "");
        }
    }

    private bool IsOwn(HttpContext http, bool isPoll)
    {
        var request = http.Request;
        if (!isPoll && !LiveConnection.AsksForWebSocket(http) && (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)))
        {
            return true;
        }

        // Sec-Fetch-Site takes precedence over Origin, which is "null" for a page's own forms if it sends no referrer.
        var site = request.Headers[AuthHeaders.FetchSite];
        if (site.Count > 0)
        {
            return site is ["same-origin"] or ["none"];
        }

        return request.Headers.Origin.Count == 0 || IsOurs(http, request.Headers.Origin.ToString());
    }

    private bool IsOurs(HttpContext http, string origin)
    {
        // Anyone on the network can write a page over http, and of a WebSocket nothing else says that such a page opens it. It can have no secure cookie of its own.
        if (LiveConnection.AsksForWebSocket(http) && addresses.Unverified(http).IsSecure && origin.StartsWith("http:", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        // The scheme of Host is not compared: a proxy that terminates TLS may not have forwarded it.
        return string.Equals(origin, addresses.Trusted(http)?.Text, StringComparison.OrdinalIgnoreCase)
            || (HostOf(origin) is { } host && string.Equals(host, WithoutUsualPort(http.Request.Host), StringComparison.OrdinalIgnoreCase));
    }

    private static async Task<bool> JudgeAsync(HttpContext http, Endpoint? endpoint)
    {
        var isForeign = endpoint?.Metadata.GetMetadata<AllowForeignOriginsAttribute>() is null
            && !Names(await PolicyAsync(http, endpoint), http);
        http.Features.Set(new Verdict(endpoint, isForeign));
        return isForeign;
    }

    /// <summary>
    /// The CORS policy that the platform has for the endpoint: its own, one by name, or the default. Of Blazor's hub only one that the app has given it: whoever writes a
    /// default policy thinks of what their scripts fetch, not of the app's pages.
    /// </summary>
    private static async Task<CorsPolicy?> PolicyAsync(HttpContext http, Endpoint? endpoint)
    {
        var metadata = endpoint?.Metadata.GetMetadata<ICorsMetadata>();
        return metadata switch
        {
            IDisableCorsAttribute => null,
            ICorsPolicyMetadata own => own.Policy,
            null when endpoint is not null && LiveConnection.IsAtBlazorHub(endpoint) => null,
            _ => await http.RequestServices.GetRequiredService<ICorsPolicyProvider>().GetPolicyAsync(http, (metadata as IEnableCorsAttribute)?.PolicyName),
        };
    }

    private static bool Names(CorsPolicy? policy, HttpContext http)
    {
        // Pages act over a connection, whatever it begins with.
        var method = LiveConnection.IsRequested(http) ? HttpMethods.Post : http.Request.Method;
        return policy is { SupportsCredentials: true, AllowAnyOrigin: false } && Names(policy, http.Request.Headers.Origin.ToString())
            && (policy.AllowAnyMethod || policy.Methods.Count == 0 || policy.Methods.Contains(method, StringComparer.OrdinalIgnoreCase));
    }

    private static bool Names(CorsPolicy policy, string origin) => WebUri.TryParse(origin, out _) && policy.IsOriginAllowed(origin) && !policy.IsOriginAllowed(NobodysOrigin);

    private bool IsNews(HttpContext http, string? endpoint, out string origin)
    {
        origin = WebUri.TryParse(http.Request.Headers.Origin, out var uri) ? Printable(uri.GetLeftPart(UriPartial.Authority)) : "an origin that it does not tell";
        return _warned.Count < MostWarnings && _warned.TryAdd((endpoint, origin), true);
    }

    private static string? HostOf(string origin)
    {
        if (!Ascii.IsValid(origin) || !WebUri.TryParse(origin, out var uri))
        {
            return null;
        }

        // What browsers send: only scheme, host and port. Uri accepts much more than that.
        var withoutPort = $"{uri.Scheme}://{uri.Host}";
        if (!(uri.IsDefaultPort && origin.Equals(withoutPort, StringComparison.OrdinalIgnoreCase)) && !origin.Equals($"{withoutPort}:{uri.Port}", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var host = uri.HostNameType == UriHostNameType.Dns ? uri.IdnHost : uri.Host;
        return uri.IsDefaultPort ? host : $"{host}:{uri.Port}";
    }

    private static string WithoutUsualPort(HostString host) => host.Port is 80 or 443 ? host.Host : host.Value ?? "";

    // Anyone can set these headers.
    private static string Printable(string text) => new([.. text.Take(128).Select(c => char.IsControl(c) ? '?' : c)]);

    private sealed record Verdict(Endpoint? Endpoint, bool IsForeign);
}
