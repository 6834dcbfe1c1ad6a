using Microsoft.Extensions.Logging;

namespace BlazorAuth.Stores;

/// <summary>Listens again after a pause when a store's subscription was lost; one line in the log tells of each loss.</summary>
internal sealed class SignalLoop(TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private bool _isLost;

    /// <param name="listen">Subscribes, calls what it is given once the subscription stands, and goes on until it fails.</param>
    /// <param name="onListening">What to do once the subscription stands.</param>
    /// <param name="explain">The store's words for a failure; null for what is none of its failures.</param>
    /// <param name="cancellationToken">Ends the loop.</param>
    public async Task RunAsync(
        Func<Func<Task>, Task> listen, Func<Task> onListening, Func<Exception, SessionStoreException?> explain, CancellationToken cancellationToken)
    {
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
