using BlazorAuth.Sync;

namespace BlazorAuth.Circuits;

/// <summary>Has the sessions of this node's circuits looked at when they are due: at their end, or some time after a look that failed.</summary>
internal sealed class CircuitExpiry : IDisposable
{
    private readonly SharedClock _clock;
    private readonly TimeSpan _retryInterval;
    private readonly Lock _gate;
    private readonly IEnumerable<LiveSession> _sessions;
    private readonly Action<LiveSession> _check;
    private readonly CircuitClock _timer;

    /// <param name="clock">Decides what is due.</param>
    /// <param name="retryInterval">How long after a failed look the next one follows.</param>
    /// <param name="gate">Guards the sessions.</param>
    /// <param name="sessions">All sessions that have a circuit here.</param>
    /// <param name="check">Looks at one that is due.</param>
    public CircuitExpiry(SharedClock clock, TimeSpan retryInterval, Lock gate, IEnumerable<LiveSession> sessions, Action<LiveSession> check)
    {
        _clock = clock;
        _retryInterval = retryInterval;
        _gate = gate;
        _sessions = sessions;
        _check = check;
        _timer = new CircuitClock(clock, CheckDue);
    }

    public void Expect(LiveSession live) => _timer.Expect(DueOf(live));

    /// <summary>Has a session looked at again soon. False when it has expired meanwhile, as its cookie has: what is not known to be renewed is over.</summary>
    public bool Retry(LiveSession live)
    {
        lock (_gate)
        {
            var now = _clock.Earliest;
            if (live.ExpiresAt <= now)
            {
                return false;
            }

            live.DueAt = (live.EndsAt is null ? now : _clock.GetUtcNow()) + _retryInterval;
        }

        Expect(live);
        return true;
    }

    public void Dispose() => _timer.Dispose();

    private void CheckDue()
    {
        var now = _clock.GetUtcNow();
        var next = DateTimeOffset.MaxValue;
        var due = new List<LiveSession>();
        lock (_gate)
        {
            foreach (var live in _sessions)
            {
                var dueAt = DueOf(live);
                if (dueAt <= now)
                {
                    due.Add(live);
                }
                else if (dueAt < next)
                {
                    next = dueAt;
                }
            }
        }

        _timer.Expect(next);
        due.ForEach(_check);
    }

    // If the two clocks are far apart, a session expires by the earlier one. A replaced session ends by the store's clock, regardless of this machine's.
    private DateTimeOffset DueOf(LiveSession live)
    {
        if (live.EndsAt is not null)
        {
            return live.DueAt;
        }

        var earliest = _clock.Earliest;
        return live.DueAt + (_clock.GetUtcNow() - earliest);
    }
}
