using System.Net.Mime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.Primitives;

namespace BlazorAuth.Http;

/// <summary>
/// Requests that begin a connection or carry it on, and give it their user for longer than they last: a WebSocket, and a GET at an endpoint of SignalR's, which is a long
/// poll or an event stream. Whoever has negotiated the connection goes on with it, from wherever they are.
/// </summary>
internal static class LiveConnection
{
    // The platform's hub is internal, so only its name can be compared.
    private const string BlazorHub = "Microsoft.AspNetCore.Components.Server.ComponentHub";

    /// <summary>Whether a request opens a connection or carries it on.</summary>
    public static bool IsRequested(HttpContext http) => AsksForWebSocket(http) || (http.GetEndpoint() is { } endpoint && IsAt(endpoint));

    /// <summary>Whether a request asks for a WebSocket, which the platform may not give it.</summary>
    public static bool AsksForWebSocket(HttpContext http) => SaysWebSocket(http.Request) || IsExtendedConnect(http);

    /// <summary>
    /// Whether a request is a poll or asks for a stream. Without a key, the platform takes it for no WebSocket (RFC 6455 §4.2.1), even if a proxy says so of every request.
    /// </summary>
    public static bool IsPoll(HttpContext http) =>
        HttpMethods.IsGet(http.Request.Method) && !IsExtendedConnect(http)
        && (!SaysWebSocket(http.Request) || StringValues.IsNullOrEmpty(http.Request.Headers.SecWebSocketKey))
        && http.GetEndpoint() is { } endpoint && IsAt(endpoint);

    /// <summary>Whether an endpoint is one of a hub's, or of <c>MapConnections</c>, which the platform marks with a type of its own.</summary>
    public static bool IsAt(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HubMetadata>() is not null
        || endpoint.Metadata.GetOrderedMetadata<IDisableCookieRedirectMetadata>().Any(mark => mark.GetType().DeclaringType == typeof(ConnectionEndpointRouteBuilderExtensions));

    /// <summary>Whether an endpoint is one of Blazor's hub, to which all interactive pages are connected.</summary>
    public static bool IsAtBlazorHub(Endpoint endpoint) => endpoint.Metadata.GetMetadata<HubMetadata>()?.HubType.FullName == BlazorHub;

    /// <summary>
    /// Whether a client of SignalR's, or one like it, sent a poll. A page of the app does not vouch for it: visitors write links and pictures there, a style can fetch in
    /// the mode of a script, and a page may read what its address names. None of these sends a header of its own, or asks for events.
    /// </summary>
    public static bool IsSentByClient(HttpRequest request)
    {
        var headers = request.Headers;
        var isNamed = headers["X-SignalR-User-Agent"].Count > 0;

        // A browser over plain http, and a client without a browser. Apps on Android give links and pictures a name of their own in the other header.
        if (headers[AuthHeaders.FetchSite].Count == 0)
        {
            return isNamed || headers.XRequestedWith is ["XMLHttpRequest"];
        }

        return headers[AuthHeaders.FetchMode] is ["cors"] or ["same-origin"]
            && (isNamed || (headers.Accept is [MediaTypeNames.Text.EventStream] && headers["Sec-Fetch-Dest"] is ["empty"]));
    }

    // HttpContext.WebSockets reports none before the app's WebSocket middleware has run.
    private static bool SaysWebSocket(HttpRequest request) => request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase);

    private static bool IsExtendedConnect(HttpContext http) => http.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect == true;
}
