using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace BlazorAuth.Stores.Postgres;

/// <summary>
/// Keeps a server that hangs from freezing the whole node: only so many calls run at once, each is waited for only so long, and while the server hangs, one call
/// at a time tries whether it responds again; the others fail at once. The driver blocks while it asks the server to cancel a statement, so one thread does that
/// for all calls.
/// </summary>
/// <param name="most">How many calls run at once. If that is enough to share, some places are kept for what the node itself has to do, and some for what ends sessions:
/// whatever people send, it goes on to hear of revocations, and can revoke.</param>
/// <param name="usual">How long a call is usually waited for. Calls with a longer limit do not get it while the server hangs.</param>
/// <param name="ask">Asks the server for as little as possible, on a connection that no call waits for: whether it responds while a call with a longer limit is
/// under way.</param>
internal sealed class PostgresGate(int most, TimeSpan usual, Func<CancellationToken, Task<object?>> ask) : IDisposable
{
    private readonly SemaphoreSlim _places = new(most - (2 * KeptOf(most)));
    private readonly SemaphoreSlim? _own = KeptOf(most) is > 0 and var kept ? new(kept) : null;
    private readonly SemaphoreSlim? _ending = KeptOf(most) is > 0 and var kept ? new(kept) : null;
    private readonly SemaphoreSlim _asking = new(1);
    private readonly ConcurrentQueue<CancellationTokenSource> _abandoned = new();
    private long _answeredAt = Stopwatch.GetTimestamp();
    private volatile bool _hangs;
    private int _isTrying;
    private int _isCancelling;

    /// <param name="work">The call; its token is cancelled when nobody waits for it any more.</param>
    /// <param name="limit">How long it is waited for.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <param name="kind">Whether it may have a place that is kept.</param>
    /// <exception cref="PostgresNotTriedException">The server hangs, or there was no place free in time.</exception>
    /// <exception cref="TimeoutException">The server did not answer in time.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, TimeSpan limit, CancellationToken cancellationToken, PostgresCall kind = PostgresCall.Anyones)
    {
        var places = (kind == PostgresCall.Own ? _own : kind == PostgresCall.Ending ? _ending : null) ?? _places;
        if (!_hangs)
        {
            return await LimitedAsync(places, work, limit, cancellationToken);
        }

        if (Interlocked.Exchange(ref _isTrying, 1) == 1)
        {
            throw new PostgresNotTriedException();
        }

        try
        {
            // All other calls fail while this one waits.
            return await LimitedAsync(places, work, Shorter(limit, usual), cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _isTrying, 0);
        }
    }

    /// <summary>The server has answered: it does not hang.</summary>
    public void Answered()
    {
        Volatile.Write(ref _answeredAt, Stopwatch.GetTimestamp());
        _hangs = false;
    }

    public void Dispose()
    {
        _places.Dispose();
        _own?.Dispose();
        _ending?.Dispose();
        _asking.Dispose();
    }

    private static int KeptOf(int most) => most < 4 ? 0 : Math.Max(1, most / 16);

    private static TimeSpan Shorter(TimeSpan limit, TimeSpan other) =>
        other == Timeout.InfiniteTimeSpan || (limit != Timeout.InfiniteTimeSpan && limit < other) ? limit : other;

    private async Task<T> LimitedAsync<T>(SemaphoreSlim places, Func<CancellationToken, Task<T>> work, TimeSpan limit, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        if (!await places.WaitAsync(limit, cancellationToken))
        {
            throw new PostgresNotTriedException();
        }

        var abandon = new CancellationTokenSource();
        var running = work(abandon.Token);
        _ = running.ContinueWith(done => Leave(done, places), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            for (var left = Left(limit, began); !await IsDoneAsync(running, Shorter(left, usual), cancellationToken); left = Left(limit, began))
            {
                if (Shorter(left, usual) == left || !await RespondsAsync(cancellationToken))
                {
                    throw new TimeoutException();
                }
            }

            var result = await running;
            Answered();
            return result;
        }
        catch (PostgresException)
        {
            Answered();
            throw;
        }
        catch (Exception error) when (error is TimeoutException or NpgsqlException { InnerException: TimeoutException })
        {
            // If other calls succeeded in the meantime, the server is not hanging: another transaction holds a lock.
            if (Volatile.Read(ref _answeredAt) < began)
            {
                _hangs = true;
            }

            throw;
        }
        finally
        {
            if (running.IsCompleted)
            {
                abandon.Dispose();
            }
            else
            {
                Cancel(abandon);
            }
        }
    }

    private static TimeSpan Left(TimeSpan limit, long began)
    {
        var left = limit - Stopwatch.GetElapsedTime(began);
        return limit == Timeout.InfiniteTimeSpan ? limit : left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static async Task<bool> IsDoneAsync(Task running, TimeSpan limit, CancellationToken cancellationToken)
    {
        await running.WaitAsync(limit, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return running.IsCompleted;
    }

    /// <summary>Whether a call with a longer limit may go on: the server works on it, and does not hang.</summary>
    private async Task<bool> RespondsAsync(CancellationToken cancellationToken)
    {
        try
        {
            return !_hangs && await LimitedAsync(_asking, ask, usual, cancellationToken) is not null;
        }
        catch (Exception error) when (PostgresFailure.IsOne(error))
        {
            return !_hangs;
        }
    }

    private static void Leave(Task done, SemaphoreSlim places)
    {
        // Once no caller waits for a call, its result is not observed: the runtime would report a failure as unobserved.
        _ = done.Exception;
        places.Release();
    }

    private void Cancel(CancellationTokenSource abandoned)
    {
        _abandoned.Enqueue(abandoned);
        if (Interlocked.Exchange(ref _isCancelling, 1) == 0)
        {
            _ = Task.Factory.StartNew(CancelAll, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    private void CancelAll()
    {
        do
        {
            while (_abandoned.TryDequeue(out var one))
            {
                using (one)
                {
                    one.Cancel();
                }
            }

            Volatile.Write(ref _isCancelling, 0);
        }
        while (!_abandoned.IsEmpty && Interlocked.Exchange(ref _isCancelling, 1) == 0);
    }
}
