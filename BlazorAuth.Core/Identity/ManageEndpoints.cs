using System.Globalization;
using BlazorAuth.Configuration;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Identity;

/// <summary>
/// Warns, when everything has started, of Identity's pages and endpoints that change an account or hand out what guards it, and ask for no recent sign-in. They are the
/// app's own code, so nothing is changed for them.
/// </summary>
internal sealed class ManageEndpoints(EndpointDataSource endpoints, ILogger<ManageEndpoints> logger) : LifecycleService
{
    private const int Named = 3;

    public override Task StartedAsync(CancellationToken cancellationToken)
    {
        var routes = endpoints.Endpoints.OfType<RouteEndpoint>().Where(endpoint => endpoint.Metadata.GetMetadata<RequireFreshAttribute>() is null)
            .Select(endpoint => "/" + endpoint.RoutePattern.RawText?.Trim('/')).Where(Manages).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.OrdinalIgnoreCase).ToList();
        if (routes.Count > 0)
        {
            logger.ManagedWithoutRecentSignIn(
                string.Join(", ", routes.Take(Named)) + (routes.Count > Named ? string.Create(CultureInfo.InvariantCulture, $" and {routes.Count - Named} more") : ""));
        }

        return Task.CompletedTask;
    }

    // The pages of the templates and of Identity's own UI, and what MapIdentityApi has.
    private static bool Manages(string route) =>
        $"{route}/".Contains("/Account/Manage/", StringComparison.OrdinalIgnoreCase)
        || route.EndsWith("/manage/2fa", StringComparison.OrdinalIgnoreCase) || route.EndsWith("/manage/info", StringComparison.OrdinalIgnoreCase);
}
