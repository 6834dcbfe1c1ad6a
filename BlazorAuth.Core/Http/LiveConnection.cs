using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.SignalR;

namespace BlazorAuth.Http;

/// <summary>
/// Requests that begin a connection or carry it on, and give it their user for longer than they last: a WebSocket, and a GET at an endpoint of SignalR's, which is a long
/// poll or an event stream. Whoever has negotiated the connection goes on with it, from wherever they are.
/// </summary>
internal static class LiveConnection
{
    // HttpContext.WebSockets reports none before the app's WebSocket middleware has run.
    public static bool OpensWebSocket(HttpContext http) =>
        http.Request.Headers.Upgrade.ToString().Contains("websocket", StringComparison.OrdinalIgnoreCase)
        || http.Features.Get<IHttpExtendedConnectFeature>()?.IsExtendedConnect == true;

    /// <summary>Whether a request is a poll or asks for a stream.</summary>
    public static bool IsPoll(HttpContext http) =>
        HttpMethods.IsGet(http.Request.Method) && !OpensWebSocket(http) && http.GetEndpoint() is { } endpoint && IsAt(endpoint);

    /// <summary>Whether an endpoint is one of a hub's, or of <c>MapConnections</c>, which the platform marks with a type of its own.</summary>
    public static bool IsAt(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HubMetadata>() is not null
        || endpoint.Metadata.GetOrderedMetadata<IDisableCookieRedirectMetadata>().Any(mark => mark.GetType().DeclaringType == typeof(ConnectionEndpointRouteBuilderExtensions));

    /// <summary>
    /// Whether a script or a client of its own sent a poll, and not a link or a picture: these may stand on the app's own pages, too, where visitors write.
    /// Whose script it is, is not said.
    /// </summary>
    public static bool IsSentByScript(HttpRequest request)
    {
        var headers = request.Headers;

        // Browsers tell nothing over plain http. SignalR's clients send one of these, and a page can send neither to another origin without asking it first.
        return headers[AuthHeaders.FetchSite].Count > 0
            ? headers[AuthHeaders.FetchMode] is ["cors"] or ["same-origin"]
            : headers.XRequestedWith.Count > 0 || headers["X-SignalR-User-Agent"].Count > 0;
    }
}
