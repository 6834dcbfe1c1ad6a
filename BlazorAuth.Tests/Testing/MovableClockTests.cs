using BlazorAuth.Testing;

namespace BlazorAuth.Tests.Testing;

/// <summary>The clock of the test kit: it goes by itself, and jumps.</summary>
public sealed class MovableClockTests
{
    [Fact]
    public void TimeAndTimestampsJump()
    {
        var clock = new MovableClock();
        var (time, stamp) = (clock.GetUtcNow(), clock.GetTimestamp());
        clock.Advance(TimeSpan.FromDays(1));
        Assert.InRange(clock.GetUtcNow() - time, TimeSpan.FromDays(1), TimeSpan.FromDays(1.1));
        Assert.InRange(clock.GetElapsedTime(stamp), TimeSpan.FromDays(1), TimeSpan.FromDays(1.1));
        Assert.Equal(TimeSpan.FromDays(1), clock.Moved);
        Assert.Throws<ArgumentOutOfRangeException>(() => clock.Advance(TimeSpan.FromSeconds(-1)));
    }

    [Fact]
    public async Task ATimerRingsWhenTheClockPassesItsTime()
    {
        var clock = new MovableClock();
        var rung = new TaskCompletionSource();
        await using var timer = clock.CreateTimer(_ => rung.TrySetResult(), null, TimeSpan.FromHours(1), Timeout.InfiniteTimeSpan);
        clock.Advance(TimeSpan.FromMinutes(30));
        Assert.False(rung.Task.IsCompleted);
        clock.Advance(TimeSpan.FromMinutes(31));
        await rung.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task APeriodicTimerGoesOnAfterAJump()
    {
        var clock = new MovableClock();
        using var rings = new SemaphoreSlim(0);
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        for (var i = 0; i < 3; i++)
        {
            clock.Advance(TimeSpan.FromHours(1));
            Assert.True(await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken));
        }
    }

    [Fact]
    public async Task ADelayEndsWithAJump()
    {
        var clock = new MovableClock();
        var delay = Task.Delay(TimeSpan.FromDays(3), clock, TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromDays(4));
        await delay.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
    }
}
