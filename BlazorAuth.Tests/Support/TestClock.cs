using Microsoft.Extensions.Time.Testing;

namespace BlazorAuth.Tests;

/// <summary>
/// A clock that a test moves. A move rings a periodic timer once, however many periods it spans, as a machine that wakes up does: the platform's own rings for
/// each, and a month of half seconds takes it half a minute.
/// </summary>
internal class TestClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    public TestClock()
        : this(System.GetUtcNow())
    {
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Ringing(callback, state);
        timer.Start(base.CreateTimer(_ => timer.Ring(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan), dueTime, period);
        return timer;
    }

    private sealed class Ringing(TimerCallback callback, object? state) : ITimer
    {
        private ITimer _timer = null!;
        private TimeSpan _period;

        public void Start(ITimer timer, TimeSpan dueTime, TimeSpan period)
        {
            _timer = timer;
            Change(dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            return _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
        }

        public void Ring()
        {
            if (_period > TimeSpan.Zero)
            {
                _timer.Change(_period, Timeout.InfiniteTimeSpan);
            }

            callback(state);
        }

        public void Dispose() => _timer.Dispose();

        public ValueTask DisposeAsync() => _timer.DisposeAsync();
    }
}
