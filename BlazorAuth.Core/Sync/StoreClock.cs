using BlazorAuth.Sync;

namespace BlazorAuth;

/// <summary>The times that a store uses to decide what has expired.</summary>
public static class StoreClock
{
    /// <summary>
    /// Returns the time by which sessions have expired. With the clock that <see cref="ISessionStoreFactory.Create"/> gets, this is the current time, or an earlier one
    /// while the clocks of node and store are far apart: then nothing expires unless it has by both clocks. With any other clock, it is the current time.
    /// </summary>
    public static DateTimeOffset GetExpiryTime(TimeProvider clock)
    {
        ArgumentNullException.ThrowIfNull(clock);
        return clock is SharedClock shared ? shared.Earliest : clock.GetUtcNow();
    }
}
