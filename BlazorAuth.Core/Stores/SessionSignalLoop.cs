using BlazorAuth.Stores;
using Microsoft.Extensions.Logging;

namespace BlazorAuth;

/// <summary>
/// The loop of <see cref="ISessionSignal.ListenAsync"/>: subscribes again after a second when the subscription is lost, and logs each loss once (event 402,
/// <c>SignalLost</c>).
/// </summary>
/// <param name="clock">The store's clock.</param>
/// <param name="logger">The store's logger.</param>
public sealed class SessionSignalLoop(TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private bool _isLost;

    /// <summary>Listens until it is cancelled.</summary>
    /// <param name="listen">Subscribes, awaits its argument once the subscription is established, and listens until that fails.</param>
    /// <param name="onListening">The callback that <see cref="ISessionSignal.ListenAsync"/> was given.</param>
    /// <param name="explain">Explains a failure of the store; <see langword="null"/> for any other exception, which ends the loop.</param>
    /// <param name="cancellationToken">Stops listening.</param>
    public async Task RunAsync(
        Func<Func<Task>, Task> listen, Func<Task> onListening, Func<Exception, SessionStoreException?> explain, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(listen);
        ArgumentNullException.ThrowIfNull(onListening);
        ArgumentNullException.ThrowIfNull(explain);
        while (true)
        {
            try
            {
                await listen(async () =>
                {
                    await onListening();
                    _isLost = false;
                });
            }
            catch (Exception error) when (!cancellationToken.IsCancellationRequested && (error as SessionStoreException ?? explain(error)) is { } failure)
            {
                if (!_isLost)
                {
                    _isLost = true;
                    logger.SignalLost(failure);
                }
            }

            await Task.Delay(Pause, clock, cancellationToken);
        }
    }
}
