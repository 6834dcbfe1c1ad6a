using Microsoft.Extensions.Hosting;

namespace BlazorAuth.Configuration;

/// <summary>For what is done at one moment of the app's life, and nothing at the others.</summary>
internal abstract class LifecycleService : IHostedLifecycleService
{
    /// <summary>Before anything starts.</summary>
    public virtual Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>When everything has started. Endpoints are known only then.</summary>
    public virtual Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before anything stops.</summary>
    public virtual Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
