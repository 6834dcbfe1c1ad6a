using Microsoft.Extensions.Hosting;

namespace BlazorAuth.Sync;

/// <summary>
/// A background service that has started only when its loops wait for their first tick. The platform runs them on another thread, at some time after the start:
/// on a busy machine, time could pass before their timers exist.
/// </summary>
internal abstract class LoopService : BackgroundService
{
    private readonly TaskCompletionSource _isLooping = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        await Task.WhenAny(_isLooping.Task, ExecuteTask!);
    }

    /// <summary>Creates the timers before its first await, and returns when the app stops.</summary>
    protected abstract Task LoopAsync(CancellationToken stoppingToken);

    protected sealed override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var loops = LoopAsync(stoppingToken);
        _isLooping.TrySetResult();
        return loops;
    }
}
