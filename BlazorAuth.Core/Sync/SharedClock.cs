namespace BlazorAuth.Sync;

/// <summary>
/// The time for every decision about sessions, on all nodes the same: the store's, at the last look at it and with what has passed here since. A machine whose
/// clock is wrong decides like all others. Where the store has no clock of its own it is the machine's, and what has passed tells whether somebody set it.
/// </summary>
internal sealed class SharedClock(TimeProvider machine) : TimeProvider
{
    /// <summary>From here on somebody should look.</summary>
    public static readonly TimeSpan Noticeable = TimeSpan.FromMinutes(1);

    /// <summary>Beyond this it is unknown which of the two clocks is wrong, and what would be lost is kept.</summary>
    public static readonly TimeSpan Doubtful = TimeSpan.FromHours(1);

    private static readonly TimeSpan Held = TimeSpan.FromDays(1);

    private volatile Anchor? _anchor;
    private long _steppedAt = long.MinValue;

    public override TimeZoneInfo LocalTimeZone => machine.LocalTimeZone;

    public override long TimestampFrequency => machine.TimestampFrequency;

    /// <summary>How far this machine's clock is ahead of the store's; below zero: behind.</summary>
    public TimeSpan Skew => _anchor is { } anchor ? machine.GetUtcNow() - NowBy(anchor) : TimeSpan.Zero;

    public bool IsDoubtful => Skew.Duration() > Doubtful;

    /// <summary>Whether the machine's clock was set forward not long ago, or since the store was last in use.</summary>
    public bool WasSetForward
    {
        get
        {
            var steppedAt = Interlocked.Read(ref _steppedAt);
            return steppedAt != long.MinValue && machine.GetElapsedTime(steppedAt) < Held;
        }
    }

    /// <summary>Whether what has expired may be removed for good, and cookies with it.</summary>
    public bool MayRemove => !IsDoubtful && !WasSetForward;

    /// <summary>The time by which things end: where two clocks are far apart, the earlier one, so that nothing ends unless both say so.</summary>
    public DateTimeOffset Earliest
    {
        get
        {
            var (now, own) = (GetUtcNow(), machine.GetUtcNow());
            return own < now - Doubtful ? own : _anchor is { IsStores: false } anchor && NowBy(anchor) < now - Doubtful ? NowBy(anchor) : now;
        }
    }

    public override DateTimeOffset GetUtcNow() => _anchor is { IsStores: true } anchor ? NowBy(anchor) : machine.GetUtcNow();

    public override long GetTimestamp() => machine.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        machine.CreateTimer(callback, state, dueTime, period);

    /// <summary>The store said what time it is.</summary>
    public void Saw(DateTimeOffset storeTime) => _anchor = new Anchor(storeTime, machine.GetTimestamp(), IsStores: true);

    /// <summary>The store has no clock of its own; when it was last in use before this process began, if it knows.</summary>
    public void SawNone(DateTimeOffset? lastSeenAt)
    {
        var (now, at) = (machine.GetUtcNow(), machine.GetTimestamp());
        var before = _anchor;
        var step = now - (before is not null ? before.Time + machine.GetElapsedTime(before.At, at) : lastSeenAt ?? now);
        var steppedAt = Interlocked.Read(ref _steppedAt);
        var isHeld = steppedAt != long.MinValue && machine.GetElapsedTime(steppedAt, at) < Held;
        if (step > Noticeable && steppedAt == long.MinValue)
        {
            Interlocked.Exchange(ref _steppedAt, at);
            isHeld = true;
        }
        else if (!isHeld)
        {
            Interlocked.Exchange(ref _steppedAt, long.MinValue);
        }

        // A step this large is ignored for a while: the clock may be corrected again.
        if (before is null || !isHeld || step <= Doubtful)
        {
            _anchor = new Anchor(now, at, IsStores: false);
        }
    }

    private DateTimeOffset NowBy(Anchor anchor) => anchor.Time + machine.GetElapsedTime(anchor.At);

    private sealed record Anchor(DateTimeOffset Time, long At, bool IsStores);
}
