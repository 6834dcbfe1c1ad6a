using BlazorAuth.Sync;
using BlazorAuth.Tokens;

namespace BlazorAuth.Sessions;

/// <summary>
/// Changes and renewals of one session wait for each other here, before they take up a place at the store. A database makes them wait for each other's commit anyway, and
/// those that wait there are in the way of everybody else.
/// </summary>
internal sealed class WriteLines(SharedClock clock)
{
    private const int MostUpdates = 20;

    // As long as a store usually has to respond.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal);

    /// <summary>Begins what a client asked for and may write; false when so much of it is under way for the session that nothing more should begin.</summary>
    public bool TryBegin(string sessionId)
    {
        lock (_lines)
        {
            if (_lines.TryGetValue(sessionId, out var line) && line.Updates >= MostUpdates)
            {
                return false;
            }

            Enter(sessionId).Line.Updates++;
            return true;
        }
    }

    /// <summary>Ends what <see cref="TryBegin"/> began.</summary>
    public void End(string sessionId)
    {
        lock (_lines)
        {
            var line = _lines[sessionId];
            line.Updates--;
            Leave(sessionId, line);
        }
    }

    /// <summary>Writes when it is this caller's turn. What has begun is not cancelled: it would keep its place at the store, and the next one would take another.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="write">The write.</param>
    /// <param name="cancellationToken">Cancels the wait for the turn.</param>
    /// <param name="isFromOutside">Whether an administrator or a job writes, who waits for as long as a full line of a client's updates may take.</param>
    public Task<T> WriteAsync<T>(string sessionId, Func<CancellationToken, Task<T>> write, CancellationToken cancellationToken, bool isFromOutside = false) =>
        InTurnAsync(
            sessionId,
            (line, _) =>
            {
                line.Renewed = null;
                return write(CancellationToken.None);
            },
            isFromOutside ? LongestWait * MostUpdates : LongestWait,
            cancellationToken);

    /// <summary>Renews a session when it is this caller's turn, unless another caller's renewal, which began after this call, has done so.</summary>
    public Task<SessionRow?> RenewAsync(SessionTicket renewed, Func<CancellationToken, Task<SessionRow?>> write, CancellationToken cancellationToken) =>
        InTurnAsync(
            renewed.Id,
            async (line, renewals) =>
            {
                if (line.Renewals != renewals && line.Renewed is { Record: var record } row && record.UserId == renewed.UserId && record.ExpiresAt >= renewed.ExpiresAt)
                {
                    return row;
                }

                line.Renewals++;
                line.Renewed = null;
                return line.Renewed = await write(CancellationToken.None);
            },
            LongestWait,
            cancellationToken);

    private async Task<T> InTurnAsync<T>(string sessionId, Func<Line, long, Task<T>> work, TimeSpan longest, CancellationToken cancellationToken)
    {
        var (line, renewals) = Enter(sessionId);
        try
        {
            await WaitAsync(line, longest, cancellationToken);
            try
            {
                return await work(line, renewals);
            }
            finally
            {
                line.Turn.Release();
            }
        }
        finally
        {
            Leave(sessionId, line);
        }
    }

    private (Line Line, long Renewals) Enter(string sessionId)
    {
        lock (_lines)
        {
            if (!_lines.TryGetValue(sessionId, out var line))
            {
                _lines[sessionId] = line = new Line();
            }

            line.Callers++;
            return (line, line.Renewals);
        }
    }

    private void Leave(string sessionId, Line line)
    {
        lock (_lines)
        {
            if (--line.Callers == 0)
            {
                _lines.Remove(sessionId);
                line.Turn.Dispose();
            }
        }
    }

    private async Task WaitAsync(Line line, TimeSpan longest, CancellationToken cancellationToken)
    {
        if (await line.Turn.WaitAsync(TimeSpan.Zero, cancellationToken))
        {
            return;
        }

        using var late = new CancellationTokenSource(longest, clock);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, late.Token);
        try
        {
            await line.Turn.WaitAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SessionStoreException("Other writes about the same session took too long. Check the load of the session store.");
        }
    }

    private sealed class Line
    {
        public SemaphoreSlim Turn { get; } = new(1, 1);

        public int Callers { get; set; }

        public int Updates { get; set; }

        /// <summary>How many renewals have begun.</summary>
        public long Renewals { get; set; }

        /// <summary>What the last renewal returned; null when something else was written since.</summary>
        public SessionRow? Renewed { get; set; }
    }
}
