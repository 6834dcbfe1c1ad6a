using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth;

/// <summary>Prepares the store when the app starts, then keeps this node's view of changed sessions and the store up to date.</summary>
internal sealed class SessionUpkeep(
    ISessionStore store,
    ChangeReader reader,
    ChangedSessions changes,
    SessionActivity activity,
    StoreState state,
    IOptions<AuthOptions> options,
    TimeProvider clock,
    ILogger<SessionUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan SeenInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CleanInterval = TimeSpan.FromHours(1);

    private readonly ISessionSignal? _signal = store as ISessionSignal;

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

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        ReconcileAsync(stoppingToken),
        _signal?.ListenAsync(changes.Apply, () => CatchUpAsync(stoppingToken), stoppingToken) ?? Task.CompletedTask);

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        if (!await TellAsync(reader.ReadAllAsync, cancellationToken))
        {
            // Whoever listens is not up to date, and begins again.
            throw new SessionStoreException("What changed before the subscription stood could not be read.");
        }
    }

    private async Task ReconcileAsync(CancellationToken stoppingToken)
    {
        var lastSeen = clock.GetUtcNow();
        var lastClean = DateTimeOffset.MinValue;
        using var timer = new PeriodicTimer(options.Value.Session.ReconcileInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = clock.GetUtcNow();
            if (!await TellAsync(reader.ReadNewAsync, stoppingToken) || !await TellAsync(activity.FlushRevocationsAsync, stoppingToken))
            {
                continue;
            }

            if (now - lastSeen >= SeenInterval && await TellAsync(activity.FlushSeenAsync, stoppingToken))
            {
                lastSeen = now;
            }

            if (now - lastClean >= CleanInterval && await TellAsync(CleanAsync, stoppingToken))
            {
                lastClean = now;
            }
        }
    }

    private async Task CleanAsync(CancellationToken cancellationToken)
    {
        changes.Forget();
        var removed = await store.RemoveExpiredAsync(cancellationToken);
        logger.ExpiredSessionsRemoved(removed);
    }

    // A store that does not answer is asked again at the next tick; one line tells when it fell silent, one when it answers again.
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
    }
}
