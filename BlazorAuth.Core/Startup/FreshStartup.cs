using BlazorAuth.Configuration;
using BlazorAuth.StepUp;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Startup;

/// <summary>
/// Stops an app whose pages or endpoints need a fresh sign-in while nothing makes their policy: they would fail at their first visitor. Looks when
/// everything has started, since endpoints are known only then. Also stops it when a provider is named that is none: then nobody's sign-in would count.
/// </summary>
internal sealed class FreshStartup(
    IServiceProvider services, EndpointDataSource endpoints, AuthProviderRegistry providers, IOptions<AuthOptions> options) : LifecycleService
{
    public override async Task StartingAsync(CancellationToken cancellationToken)
    {
        await CheckAsync("Session.FreshProviders", options.Value.Session.FreshProviders);
        await CheckAsync("Accounts.LinkVerifiedEmail", options.Value.Accounts.Linking);
    }

    public override Task StartedAsync(CancellationToken cancellationToken)
    {
        using var scope = services.CreateScope();
        var used = scope.ServiceProvider.GetRequiredService<IAuthorizationPolicyProvider>();
        return used is FreshPolicyProvider || endpoints.Endpoints.All(endpoint => endpoint.Metadata.GetMetadata<RequireFreshAttribute>() is null)
            ? Task.CompletedTask
            : throw new AuthSetupException(
                $"RequireFresh has no policy: {used.GetType().Name} was registered as IAuthorizationPolicyProvider after AddBlazorAuth. "
                + "Register it before AddBlazorAuth, which then uses it for all other policies.");
    }

    private async ValueTask CheckAsync(string setting, IEnumerable<string> ids)
    {
        foreach (var id in ids)
        {
            if (await providers.FindAsync(id) is null && !providers.WithoutKeys.Contains(id, StringComparer.OrdinalIgnoreCase))
            {
                throw new AuthSetupException($"AuthOptions.{setting} names '{id}', but there is no such provider. A provider's ID is the name of its scheme in lower case.");
            }
        }
    }
}
