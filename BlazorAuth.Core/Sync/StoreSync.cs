using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Sync;

/// <summary>Prepares the store when the app starts, then keeps this node's view of changed sessions and the store up to date.</summary>
internal sealed class StoreSync(
    ISessionStore store,
    ChangeReader reader,
    KnownChanges changes,
    StoreOutbox activity,
    StoreState state,
    IOptions<AuthOptions> options,
    TimeProvider clock,
    ILogger<StoreSync> logger) : BackgroundService
{
    private static readonly TimeSpan SeenInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CleanInterval = TimeSpan.FromHours(1);

    private readonly ISessionSignal? _signal = store as ISessionSignal;
    private readonly TimeSpan _interval = options.Value.Session.ReconcileInterval;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await reader.LoadAsync(cancellationToken);
            state.Answered();
        }
        catch (SessionStoreException exception) when (_signal is not null)
        {
            // A store of several nodes comes back by itself. A file that cannot be used is a mistake of the set-up and stops the start.
            logger.StoreUnreachableAtStart(exception);
        }

        await base.StartAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (activity.HasPending)
        {
            await TellAsync(activity.FlushRevocationsAsync, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            // Apart from each other: a long one must not keep the news from this node.
            await Task.WhenAll(
                EveryAsync(TimeSpan.Zero, ReconcileAsync, stoppingToken),
                EveryAsync(SeenInterval, activity.FlushSeenAsync, stoppingToken),
                EveryAsync(CleanInterval, CleanAsync, stoppingToken, isDueAtOnce: true),
                _signal is null ? Task.CompletedTask : ListenAsync(_signal, stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The app stops. Where its start failed, the host would show this before the real cause.
        }
    }

    private async Task ListenAsync(ISessionSignal signal, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, clock);
        do
        {
            await TellAsync(token => signal.ListenAsync(changes.Apply, () => CatchUpAsync(token), token), stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        if (!await TellAsync(reader.ReadAllAsync, cancellationToken))
        {
            // The listener is not up to date, and subscribes again.
            throw new SessionStoreException("Could not read the changes from before the subscription was established.");
        }
    }

    private async Task EveryAsync(TimeSpan interval, Func<CancellationToken, Task> work, CancellationToken stoppingToken, bool isDueAtOnce = false)
    {
        var last = isDueAtOnce ? DateTimeOffset.MinValue : clock.GetUtcNow();
        using var timer = new PeriodicTimer(_interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = clock.GetUtcNow();
            if (now - last >= interval && await TellAsync(work, stoppingToken))
            {
                last = now;
            }
        }
    }

    private async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        await reader.ReadNewAsync(cancellationToken);
        await activity.FlushRevocationsAsync(cancellationToken);
    }

    private async Task CleanAsync(CancellationToken cancellationToken)
    {
        // In this order: while the store is silent nothing is forgotten.
        var removed = await store.RemoveExpiredAsync(cancellationToken);
        changes.Forget();
        logger.ExpiredSessionsRemoved(removed);
    }

    // A store that does not answer is asked again at the next tick; one line tells when it fell silent, one when it answers again. So is one with a
    // defect: a loop that ends would leave this node without news, and nobody would know.
    private async Task<bool> TellAsync(Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await work(cancellationToken);
            if (!state.Answers)
            {
                state.Answered();
                logger.StoreAnswersAgain();
            }

            return true;
        }
        catch (SessionStoreException exception)
        {
            if (state.Answers)
            {
                state.FellSilent();
                logger.StoreUnreachable(exception);
            }

            return false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            state.FellSilent();
            logger.UpkeepFailed(exception);
            return false;
        }
    }
}
