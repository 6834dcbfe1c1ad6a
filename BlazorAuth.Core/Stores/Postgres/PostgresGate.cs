using System.Collections.Concurrent;
using System.Diagnostics;
using Npgsql;

namespace BlazorAuth.Stores.Postgres;

/// <summary>
/// What keeps a server that hangs from taking the node along: only so many calls are under way, each is waited for so long, and while the server hangs one call
/// at a time tries whether it still does, and the others fail at once. The driver blocks while it tells the server to cancel something, so that is left to one
/// thread for all calls.
/// </summary>
internal sealed class PostgresGate(int most) : IDisposable
{
    private readonly SemaphoreSlim _places = new(most);
    private readonly ConcurrentQueue<CancellationTokenSource> _abandoned = new();
    private long _answeredAt = Stopwatch.GetTimestamp();
    private volatile bool _hangs;
    private int _isTrying;
    private int _isCancelling;

    /// <param name="work">The call; its token is cancelled when nobody waits for it any more.</param>
    /// <param name="limit">How long it is waited for.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="TimeoutException">The server did not answer in time, or hangs.</exception>
    public async Task<T> RunAsync<T>(Func<CancellationToken, Task<T>> work, TimeSpan limit, CancellationToken cancellationToken)
    {
        if (!_hangs)
        {
            return await LimitedAsync(work, limit, cancellationToken);
        }

        if (Interlocked.Exchange(ref _isTrying, 1) == 1)
        {
            throw new TimeoutException();
        }

        try
        {
            return await LimitedAsync(work, limit, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _isTrying, 0);
        }
    }

    public void Dispose() => _places.Dispose();

    private async Task<T> LimitedAsync<T>(Func<CancellationToken, Task<T>> work, TimeSpan limit, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        if (!await _places.WaitAsync(limit, cancellationToken))
        {
            throw new TimeoutException();
        }

        var abandon = new CancellationTokenSource();
        var running = work(abandon.Token);
        _ = running.ContinueWith(_ => _places.Release(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        try
        {
            var left = limit == Timeout.InfiniteTimeSpan ? limit : limit - Stopwatch.GetElapsedTime(began);
            var result = await running.WaitAsync(left > TimeSpan.Zero || limit == Timeout.InfiniteTimeSpan ? left : TimeSpan.Zero, cancellationToken);
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
            // Where others were answered meanwhile the server does not hang: somebody holds a lock.
            _hangs |= Volatile.Read(ref _answeredAt) < began;
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

    private void Answered()
    {
        Volatile.Write(ref _answeredAt, Stopwatch.GetTimestamp());
        _hangs = false;
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
