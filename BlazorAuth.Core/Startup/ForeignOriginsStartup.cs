using BlazorAuth.Configuration;
using BlazorAuth.Http;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.SignalR;

namespace BlazorAuth.Startup;

/// <summary>Stops an app that lets any page on the web use a hub, or these endpoints, as its visitors. Looks when everything has started, since endpoints are known only then.</summary>
internal sealed class ForeignOriginsStartup(EndpointDataSource endpoints) : LifecycleService
{
    public override Task StartedAsync(CancellationToken cancellationToken)
    {
        foreach (var endpoint in endpoints.Endpoints)
        {
            var allowsForeign = endpoint.Metadata.GetMetadata<AllowForeignOriginsAttribute>() is not null;
            if (allowsForeign && LiveConnection.IsAt(endpoint))
            {
                var hub = endpoint.Metadata.GetMetadata<HubMetadata>() is { } metadata ? $"hub {metadata.HubType.Name}" : "connection";
                throw new AuthSetupException(
                    $"The {hub} ({NameOf(endpoint)}) allows foreign origins: any page on the web could connect to it as its own visitor. "
                    + "Remove AllowForeignOrigins, and list the origins that may connect in a CORS policy with credentials: .RequireCors(…).");
            }

            if (endpoint.Metadata.GetMetadata<OwnEndpoint>() is not null
                && (allowsForeign || endpoint.Metadata.GetMetadata<ICorsMetadata>() is not (OwnEndpoint or FrontEndMetadata)))
            {
                throw new AuthSetupException(
                    $"AllowForeignOrigins or RequireCors was added to BlazorAuth's endpoint {NameOf(endpoint)}. Remove it from MapBlazorAuth(), and list "
                    + "the front ends that may call it in AUTH_ALLOWED_ORIGINS.");
            }
        }

        return Task.CompletedTask;
    }

    private static string? NameOf(Endpoint endpoint) => (endpoint as RouteEndpoint)?.RoutePattern.RawText ?? endpoint.DisplayName;
}
