using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Sync;

/// <summary>Prepares the store when the app starts, then keeps this node's view of changed sessions and the store up to date.</summary>
internal sealed partial class StoreSync(
    ISessionStore store,
    StoreWatch watch,
    ChangeReader reader,
    KnownChanges changes,
    StoreOutbox activity,
    StoreState state,
    ProtectionKeyRepository keys,
    IDataProtectionProvider protection,
    IOptions<AuthOptions> options,
    SharedClock clock,
    ILogger<StoreSync> logger) : LoopService, IHostedLifecycleService
{
    private static readonly TimeSpan SeenInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CleanInterval = TimeSpan.FromHours(1);

    private static readonly TimeSpan RecoveryInterval = TimeSpan.FromMilliseconds(500);

    // Platforms kill a process 30 seconds after they asked it to stop. Drain, this and what else the app has to finish must fit into them.
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(15);

    // Sessions that ended so long ago are never queried, even if a clock was wrong in between.
    private static readonly TimeSpan KeptAfterItsEnd = TimeSpan.FromDays(1);

    private readonly ISessionSignal? _signal = store as ISessionSignal;
    private readonly TimeSpan _interval = options.Value.Session.ReconcileInterval;

    // Before the other services start: the platform creates a Data Protection key if it finds none.
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            await watch.RoundAsync(all: true, cancellationToken);
            if (keys.HasStore)
            {
                protection.CreateProtector("BlazorAuth").Protect([]);
                await keys.SyncAsync(cancellationToken);
            }

            state.Answered();
        }
        catch (SessionStoreException exception) when (_signal is not null)
        {
            // A shared store becomes available again by itself. A file that cannot be used is a configuration error and prevents the app from starting.
            state.FellSilent(exception.Message);
            logger.StoreUnreachableAtStart(exception);
        }
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var longest = new CancellationTokenSource(LongestStop, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, longest.Token);
        try
        {
            using var timer = new PeriodicTimer(RecoveryInterval, clock);
            while (activity.PendingSignOuts > 0)
            {
                if (await TellAsync(activity.FlushRevocationsAsync, limit.Token, isWhole: false))
                {
                    await TellAsync(token => activity.FlushUnusedAsync(all: true, token), limit.Token, isWhole: false);
                }

                if (activity.PendingSignOuts == 0 || !await timer.WaitForNextTickAsync(limit.Token))
                {
                    break;
                }
            }
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // Said below.
        }

        if (activity.PendingSignOuts is > 0 and var count)
        {
            logger.SignOutsNotStored(count);
        }
    }

    protected override async Task LoopAsync(CancellationToken stoppingToken)
    {
        try
        {
            // Independently of each other: a long job must not delay changes from other nodes.
            await Task.WhenAll(
                EveryAsync(TimeSpan.Zero, RoundAsync, stoppingToken),
                RecoverAsync(stoppingToken),
                EveryAsync(SeenInterval, token => TellAsync(activity.FlushSeenAsync, token, SyncJobs.Seen), stoppingToken),
                EveryAsync(TimeSpan.Zero, token => TellAsync(due => activity.FlushUnusedAsync(all: false, due), token, isWhole: false), stoppingToken),
                EveryAsync(CleanInterval, CleanAsync, stoppingToken, isDueAtOnce: true),
                WriteKeysAsync(stoppingToken),
                store is IPolledStore polled ? PollAsync(polled, stoppingToken) : Task.CompletedTask,
                _signal is null ? Task.CompletedTask : ListenAsync(_signal, stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The app is stopping. If startup failed, the host would show this before the real cause.
        }
    }

    private async Task ListenAsync(ISessionSignal signal, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval, clock);
        do
        {
            await TellAsync(token => signal.ListenAsync(changes.Apply, () => CatchUpAsync(token), token), stoppingToken, SyncJobs.Listening, isWhole: false);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        watch.Listens();
        if (!await TellAsync(token => watch.RoundAsync(all: true, token), cancellationToken))
        {
            // The listener is not up to date, and subscribes again.
            throw new SessionStoreException("Could not read the changes from before the subscription was established.");
        }

        Succeeded(SyncJobs.Listening);
    }

    private async Task PollAsync(IPolledStore polled, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(polled.PollInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (polled.WasWritten())
            {
                await TellAsync(reader.ReadNewAsync, stoppingToken, isWhole: false);
            }
        }
    }

    // A key that the platform creates in a request is useless to other nodes until they can read it.
    private async Task WriteKeysAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            await keys.WaitForNewAsync(stoppingToken);
            if (state.IsLoaded)
            {
                await TellAsync(keys.SyncAsync, stoppingToken, isWhole: false);
            }
        }
    }

    // Nobody can sign in while it is not responding, so it is polled more often than usual.
    private async Task RecoverAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(_interval < RecoveryInterval ? _interval : RecoveryInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            if (!state.Answers)
            {
                await TellAsync(ReconcileAsync, stoppingToken);
            }
        }
    }

    // By elapsed time, not by the clock, which may be set back.
    private async Task EveryAsync(TimeSpan interval, Func<CancellationToken, Task<bool>> attempt, CancellationToken stoppingToken, bool isDueAtOnce = false)
    {
        long? last = isDueAtOnce ? null : clock.GetTimestamp();
        using var timer = new PeriodicTimer(_interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = clock.GetTimestamp();
            if ((last is not { } before || clock.GetElapsedTime(before, now) >= interval) && await attempt(stoppingToken))
            {
                last = now;
            }
        }
    }

    private async Task<bool> RoundAsync(CancellationToken cancellationToken)
    {
        if (!await TellAsync(ReconcileAsync, cancellationToken))
        {
            return false;
        }

        await watch.HearAsync(cancellationToken);
        return true;
    }

    private async Task ReconcileAsync(CancellationToken cancellationToken)
    {
        await watch.RoundAsync(all: false, cancellationToken);
        await activity.FlushRevocationsAsync(cancellationToken);
    }

    // The order matters: nothing is forgotten while the store is not responding. And only by a time that was just read.
    private async Task<bool> CleanAsync(CancellationToken cancellationToken) =>
        await TellAsync(ReconcileAsync, cancellationToken) && await TellAsync(RemoveAsync, cancellationToken, SyncJobs.Cleaning);

    private async Task RemoveAsync(CancellationToken cancellationToken)
    {
        if (clock.MayRemove)
        {
            var removed = await store.RemoveExpiredAsync(clock.Earliest - KeptAfterItsEnd, cancellationToken);
            logger.ExpiredSessionsRemoved(removed);
        }

        changes.Forget();
    }
}
