using BlazorAuth.StepUp;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlazorAuth.Startup;

/// <summary>
/// Stops an app whose pages or endpoints need a fresh sign-in while nothing makes their policy: they would fail at their first visitor. Looks when
/// everything has started, since endpoints are known only then.
/// </summary>
internal sealed class FreshStartup(IServiceProvider services, EndpointDataSource endpoints) : IHostedLifecycleService
{
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        using var scope = services.CreateScope();
        var used = scope.ServiceProvider.GetRequiredService<IAuthorizationPolicyProvider>();
        return used is FreshPolicyProvider || endpoints.Endpoints.All(endpoint => endpoint.Metadata.GetMetadata<RequireFreshAttribute>() is null)
            ? Task.CompletedTask
            : throw new AuthSetupException(
                $"RequireFresh has no policy: {used.GetType().Name} was registered as IAuthorizationPolicyProvider after AddBlazorAuth. "
                + "Register it before AddBlazorAuth, which then gets every other policy from it.");
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
