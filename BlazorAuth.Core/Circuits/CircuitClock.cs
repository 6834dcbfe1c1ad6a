namespace BlazorAuth.Circuits;

/// <summary>The node's one timer: it rings when the first of many moments has come, but not more than once a second.</summary>
internal sealed class CircuitClock : IDisposable
{
    // A timer takes 49 days at most; waking up needlessly once a day costs nothing.
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private readonly TimeProvider _clock;
    private readonly Action _ring;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private DateTimeOffset _next = DateTimeOffset.MaxValue;
    private long? _rang;

    public CircuitClock(TimeProvider clock, Action ring)
    {
        _clock = clock;
        _ring = ring;
        _timer = clock.CreateTimer(_ => Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Something is due at this moment. What is due later than the next ring is asked for again then.</summary>
    public void Expect(DateTimeOffset moment)
    {
        lock (_gate)
        {
            if (moment < _next)
            {
                _next = moment;
                Start();
            }
        }
    }

    public void Dispose() => _timer.Dispose();

    private void Ring()
    {
        var now = _clock.GetUtcNow();
        lock (_gate)
        {
            if (now < _next)
            {
                Start();
                return;
            }

            _next = DateTimeOffset.MaxValue;
            _rang = _clock.GetTimestamp();
        }

        _ring();
    }

    private void Start()
    {
        var now = _clock.GetUtcNow();
        var wait = _next - now;
        var pause = _rang is { } rang ? Shortest - _clock.GetElapsedTime(rang) : TimeSpan.Zero;
        wait = wait < pause ? pause : wait;
        _timer.Change(wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Longest ? Longest : wait, Timeout.InfiniteTimeSpan);
    }
}
