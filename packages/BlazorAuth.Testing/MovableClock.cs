namespace BlazorAuth.Testing;

/// <summary>A clock that runs like a real one, and jumps ahead when a test says so: timers that are due by then fire at once.</summary>
public sealed class MovableClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly HashSet<MovedTimer> _timers = [];
    private TimeSpan _moved;

    /// <summary>How far the clock has been moved.</summary>
    public TimeSpan Moved
    {
        get
        {
            lock (_gate)
            {
                return _moved;
            }
        }
    }

    /// <summary>Moves the clock ahead. Sessions end when they are due, as they would if the test had waited.</summary>
    /// <param name="time">How far; must not be negative.</param>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        MovedTimer[] timers;
        lock (_gate)
        {
            _moved += time;
            timers = [.. _timers];
        }

        foreach (var timer in timers)
        {
            timer.ComeCloser(time);
        }
    }

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + Moved;

    /// <inheritdoc />
    public override long GetTimestamp() => System.GetTimestamp() + (long)(Moved.TotalSeconds * TimestampFrequency);

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new MovedTimer(this, callback, state);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        timer.Change(dueTime, period);
        return timer;
    }

    private void Forget(MovedTimer timer)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
        }
    }

    private sealed class MovedTimer : ITimer
    {
        private readonly Lock _gate = new();
        private readonly MovableClock _clock;
        private readonly ITimer _timer;
        private TimeSpan _period = Timeout.InfiniteTimeSpan;
        private long? _dueAt;

        public MovedTimer(MovableClock clock, TimerCallback callback, object? state)
        {
            _clock = clock;
            _timer = System.CreateTimer(
                _ =>
                {
                    Rang();
                    callback(state);
                },
                null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_gate)
            {
                _period = period;
                _dueAt = dueTime == Timeout.InfiniteTimeSpan ? null : System.GetTimestamp() + Ticks(dueTime);
                return _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
            }
        }

        public void ComeCloser(TimeSpan time)
        {
            lock (_gate)
            {
                if (_dueAt is { } dueAt)
                {
                    _dueAt = dueAt - Ticks(time);
                    var left = System.GetElapsedTime(System.GetTimestamp(), _dueAt.Value);
                    _timer.Change(left > TimeSpan.Zero ? left : TimeSpan.Zero, Timeout.InfiniteTimeSpan);
                }
            }
        }

        public void Dispose()
        {
            _clock.Forget(this);
            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            _clock.Forget(this);
            return _timer.DisposeAsync();
        }

        // Every ring is scheduled individually, so that a jump rings once, no matter how many periods it spans.
        private void Rang()
        {
            lock (_gate)
            {
                var isPeriodic = _period != Timeout.InfiniteTimeSpan && _period != TimeSpan.Zero;
                _dueAt = isPeriodic ? System.GetTimestamp() + Ticks(_period) : null;
                if (isPeriodic)
                {
                    _timer.Change(_period, Timeout.InfiniteTimeSpan);
                }
            }
        }

        private static long Ticks(TimeSpan time) => (long)(time.TotalSeconds * System.TimestampFrequency);
    }
}
