namespace BlazorAuth.Sync;

/// <summary>What this node knows of its store: whether it was read, whether it answers, which store it is and how far its numbers have come.</summary>
internal sealed class StoreState(TimeProvider clock)
{
    /// <summary>How long a loss is reported as degraded: long enough for someone to notice.</summary>
    private static readonly TimeSpan LossIsReportedFor = TimeSpan.FromMinutes(10);

    private volatile bool _isLoaded;
    private volatile bool _answers;
    private volatile string? _storeId;
    private long _number;
    private long _lostAt = long.MinValue;

    /// <summary>Whether the changed sessions were read since this node started. Before, memory knows of no revocation.</summary>
    public bool IsLoaded => _isLoaded;

    /// <summary>Whether the last attempt to use the store succeeded.</summary>
    public bool Answers => _answers;

    /// <summary>The id of the store; null until it was first read. A token from another store is only accepted with its row.</summary>
    public string? StoreId => _storeId;

    /// <summary>The highest number of a write that was read.</summary>
    public long Number => Interlocked.Read(ref _number);

    /// <summary>Whether the store was found to have lost data not long ago.</summary>
    public bool HasLostData => clock.GetUtcNow().UtcTicks - LossIsReportedFor.Ticks < Interlocked.Read(ref _lostAt);

    public void Answered() => _answers = true;

    public void FellSilent() => _answers = false;

    public void Lost() => Interlocked.Exchange(ref _lostAt, clock.GetUtcNow().UtcTicks);

    /// <summary>
    /// Takes note of what the store says of itself. True when it has lost something since the last time: it is another one, or its numbers went back.
    /// </summary>
    public bool Saw(string storeId, long number)
    {
        var (beforeId, beforeNumber) = (_storeId, Number);
        _storeId = storeId;
        Interlocked.Exchange(ref _number, number);
        return beforeId is not null && (beforeId != storeId || number < beforeNumber);
    }

    public void Loaded() => _isLoaded = true;
}
