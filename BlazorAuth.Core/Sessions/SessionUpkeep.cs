using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth;

/// <summary>Prepares the store when the app starts, then keeps this node's view of changed sessions and the store up to date.</summary>
internal sealed class SessionUpkeep(
    ISessionStore store,
    ChangedSessions changes,
    SessionActivity activity,
    IOptions<AuthOptions> options,
    TimeProvider clock,
    ILogger<SessionUpkeep> logger) : BackgroundService
{
    private static readonly TimeSpan SeenInterval = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CleanInterval = TimeSpan.FromHours(1);

    private long _cursor;
    private bool _isDegraded;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await store.InitializeAsync(cancellationToken);
        await ReadChangesAsync(cancellationToken);
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var lastSeen = clock.GetUtcNow();
        var lastClean = DateTimeOffset.MinValue;
        using var timer = new PeriodicTimer(options.Value.Session.ReconcileInterval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var now = clock.GetUtcNow();
            await TellAsync(ReadChangesAsync, stoppingToken);
            await TellAsync(activity.FlushRevocationsAsync, stoppingToken);
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

    private async Task ReadChangesAsync(CancellationToken cancellationToken)
    {
        var read = await store.ReadChangesAsync(_cursor, cancellationToken);
        foreach (var change in read.Items)
        {
            changes.Apply(change);
        }

        _cursor = read.Cursor;
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
            if (_isDegraded)
            {
                _isDegraded = false;
                logger.StoreAnswersAgain();
            }

            return true;
        }
        catch (SessionStoreException exception)
        {
            if (!_isDegraded)
            {
                _isDegraded = true;
                logger.StoreUnreachable(exception);
            }

            return false;
        }
    }
}
