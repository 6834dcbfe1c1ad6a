using BlazorAuth.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Sync;

/// <summary>
/// The end of a node, in an order that nobody notices: first it says that it is not ready, and a balancer sends no more; some time later the server closes its
/// port.
/// </summary>
internal sealed class NodeDrain(IOptions<AuthOptions> options, TimeProvider clock, ILogger<NodeDrain> logger) : LifecycleService
{
    private volatile bool _isDraining;

    /// <summary>Whether the node was told to stop.</summary>
    public bool IsDraining => _isDraining;

    // Before every StopAsync, the server's included.
    public override async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _isDraining = true;
        var delay = options.Value.DrainDelay;
        if (delay <= TimeSpan.Zero)
        {
            return;
        }

        logger.Draining((long)delay.TotalSeconds);
        try
        {
            await Task.Delay(delay, clock, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The host's shutdown timeout has expired.
        }
    }
}
