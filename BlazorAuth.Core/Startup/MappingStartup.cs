using BlazorAuth.Configuration;
using BlazorAuth.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Startup;

/// <summary>
/// <c>MapBlazorAuth</c> forgotten: a warning in Development, since an app may only read the sessions of another. Called twice: every request would
/// fail, so the start does. Looks when everything has started, since endpoints are known only then.
/// </summary>
internal sealed class MappingStartup(EndpointDataSource endpoints, IOptions<AuthOptions> options, IHostEnvironment host, ILogger<MappingStartup> logger)
    : LifecycleService
{
    // The last route of the table in MapBlazorAuth.
    private const string Rest = "/{**path}";

    public override Task StartedAsync(CancellationToken cancellationToken)
    {
        var ours = endpoints.Endpoints.OfType<RouteEndpoint>().Select(endpoint => endpoint.RoutePattern.RawText ?? "")
            .Where(pattern => pattern.EndsWith(AuthPaths.Base + Rest, StringComparison.Ordinal)).ToList();
        if (ours.GroupBy(pattern => pattern, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } same)
        {
            throw new AuthSetupException(
                $"MapBlazorAuth was called {same.Count()} times, so every request under {same.Key[..^Rest.Length]} matches two endpoints. Keep one app.MapBlazorAuth().");
        }

        if (ours.Count == 0 && host.IsDevelopment() && !options.Value.Session.AcceptAuthJsTokens)
        {
            logger.NotMapped();
        }

        return Task.CompletedTask;
    }
}
