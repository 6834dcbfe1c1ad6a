using System.Runtime.CompilerServices;
using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;

namespace BlazorAuth.Circuits;

/// <summary>
/// Stands in front of every SignalR connection, wherever the app maps it and in whatever order its middleware runs: none gets a session from a request that a stranger
/// can have brought about. Blazor's own hub turns such requests away; it also gives the browser its cookie, and tells the circuit which browser it is in.
/// </summary>
internal sealed class ConnectionMatcher(OriginCheck origins, BrowserCookie browser) : MatcherPolicy, IEndpointSelectorPolicy
{
    private readonly ConditionalWeakTable<Endpoint, Endpoint> _guarded = [];

    public override int Order => 0;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(LiveConnection.IsAt);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i) && candidates[i].Endpoint is RouteEndpoint endpoint && LiveConnection.IsAt(endpoint))
            {
                candidates.ReplaceEndpoint(i, _guarded.GetValue(endpoint, _ => Guard(endpoint)), candidates[i].Values);
            }
        }

        return Task.CompletedTask;
    }

    private RouteEndpoint Guard(RouteEndpoint hub)
    {
        var next = hub.RequestDelegate!;
        RequestDelegate guarded = LiveConnection.IsAtBlazorHub(hub) ? http => OpenCircuitAsync(http, next) : http => ConnectAsync(http, next);
        return new RouteEndpoint(guarded, hub.RoutePattern, hub.Order, hub.Metadata, hub.DisplayName);
    }

    private async Task OpenCircuitAsync(HttpContext http, RequestDelegate next)
    {
        // Not handled as anonymous, as elsewhere: behind a proxy that hides the app's address, pages would be half signed out for no visible reason.
        if (await origins.IsForeignAsync(http))
        {
            origins.WarnOfCircuit(http);
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        http.User = CircuitBrowser.Add(http.User, browser.Ensure(http));
        await next(http);
    }

    private async Task ConnectAsync(HttpContext http, RequestDelegate next)
    {
        // A session was accepted before the endpoint was known (UseAuthentication before UseRouting), and may have passed its authorization.
        if (http.Features.Get<AcceptedSession>() is not null && await origins.IsForeignAsync(http))
        {
            origins.Warn(http);
            http.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        await next(http);
    }
}
