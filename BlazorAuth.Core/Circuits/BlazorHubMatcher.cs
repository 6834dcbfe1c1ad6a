using System.Runtime.CompilerServices;
using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Matching;
using Microsoft.AspNetCore.SignalR;

namespace BlazorAuth.Circuits;

/// <summary>
/// Stands in front of Blazor's own hub, wherever the app maps it and in whatever order its middleware runs: turns pages of other origins away, gives
/// the browser its cookie, and tells the circuit which browser it is in.
/// </summary>
internal sealed class BlazorHubMatcher(OriginCheck origins, BrowserCookie browser) : MatcherPolicy, IEndpointSelectorPolicy
{
    // The platform's hub is internal, so only its name can be compared.
    private const string Hub = "Microsoft.AspNetCore.Components.Server.ComponentHub";

    private readonly ConditionalWeakTable<Endpoint, Endpoint> _guarded = [];

    public override int Order => 0;

    public bool AppliesToEndpoints(IReadOnlyList<Endpoint> endpoints) => endpoints.Any(IsBlazorHub);

    public Task ApplyAsync(HttpContext httpContext, CandidateSet candidates)
    {
        for (var i = 0; i < candidates.Count; i++)
        {
            if (candidates.IsValidCandidate(i) && candidates[i].Endpoint is RouteEndpoint endpoint && IsBlazorHub(endpoint))
            {
                candidates.ReplaceEndpoint(i, _guarded.GetValue(endpoint, _ => Guard(endpoint)), candidates[i].Values);
            }
        }

        return Task.CompletedTask;
    }

    public static bool IsBlazorHub(Endpoint endpoint) => endpoint.Metadata.GetMetadata<HubMetadata>()?.HubType.FullName == Hub;

    private RouteEndpoint Guard(RouteEndpoint hub)
    {
        var next = hub.RequestDelegate!;
        return new RouteEndpoint(http => ConnectAsync(http, next), hub.RoutePattern, hub.Order, hub.Metadata, hub.DisplayName);
    }

    private async Task ConnectAsync(HttpContext http, RequestDelegate next)
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
}
