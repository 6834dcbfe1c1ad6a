using BlazorAuth.Sync;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Sessions;

/// <summary>
/// While more than one secret is set, seals rows under the first one that another one sealed, some at a time: so that the other secrets can go though not every
/// session was used meanwhile. A session that is used seals its own row when its cookie is written.
/// </summary>
internal sealed class SessionResealing(
    ISessionStore store, SealedRows rows, IOptions<AuthOptions> options, SharedClock clock, ILogger<SessionResealing> logger) : LoopService
{
    private const int SliceSize = 500;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Interval = TimeSpan.FromDays(1);

    /// <summary>Goes through all sessions once, and returns how many it sealed and how many no secret opens.</summary>
    public async Task<(int Sealed, int NotOpened)> RunAsync(Func<CancellationToken, Task> pause, CancellationToken cancellationToken)
    {
        var (count, notOpened) = (0, 0);
        for (string? position = null; ;)
        {
            var slice = await store.ScanAsync(position, SliceSize, cancellationToken);
            foreach (var record in slice.Sessions.Where(record => record.IsLive(clock.Earliest) && !EndOfAll.IsName(record.UserId)))
            {
                var (isSealed, isOpened) = await SealAsync(record, cancellationToken);
                count += isSealed ? 1 : 0;
                notOpened += isOpened ? 0 : 1;
            }

            if (slice.Position is null)
            {
                return (count, notOpened);
            }

            position = slice.Position;
            await pause(cancellationToken);
        }
    }

    private async Task<(bool IsSealed, bool IsOpened)> SealAsync(SessionRecord record, CancellationToken cancellationToken)
    {
        try
        {
            var row = rows.Open(record);
            return (await rows.SealAgainAsync(row, cancellationToken), row is not { Content: null });
        }
        catch (Exception exception) when (exception is ArgumentException or System.Text.Json.JsonException)
        {
            // What one session grants keeps no other one from being sealed.
            logger.EntryRefused(exception);
            return (false, false);
        }
    }

    protected override async Task LoopAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Secrets.Count < 2)
        {
            return;
        }

        try
        {
            using var slices = new PeriodicTimer(Pause, clock);
            using var timer = new PeriodicTimer(Interval, clock);
            do
            {
                await TryAsync(async token => await slices.WaitForNextTickAsync(token), stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The app is stopping.
        }
    }

    private async Task TryAsync(Func<CancellationToken, Task> pause, CancellationToken stoppingToken)
    {
        while (true)
        {
            // Not immediately: the store may not be available yet, and the first requests have priority.
            await pause(stoppingToken);
            try
            {
                var (count, notOpened) = await RunAsync(pause, stoppingToken);
                logger.SessionsSealedAgain(count, notOpened);
                return;
            }
            catch (SessionStoreException exception)
            {
                logger.SealingPostponed(exception);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                // A bug in the app's own store: no reason to stop the app.
                logger.UpkeepFailed(exception);
                return;
            }
        }
    }
}
