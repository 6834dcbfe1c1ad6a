namespace BlazorAuth.Sync;

/// <summary>What this node knows of its store: whether it was read, whether it answers, which epoch it is in.</summary>
internal sealed class StoreState(TimeProvider clock)
{
    /// <summary>How long a loss is reported as degraded: long enough for somebody to look.</summary>
    private static readonly TimeSpan LossIsReportedFor = TimeSpan.FromMinutes(10);

    private volatile bool _isLoaded;
    private volatile bool _answers;
    private volatile SessionStoreEpoch? _epoch;
    private long _epochStart;
    private long _lostAt = long.MinValue;

    /// <summary>Whether the changed sessions were read since this node started. Before, memory knows of no revocation.</summary>
    public bool IsLoaded => _isLoaded;

    /// <summary>Whether the last attempt to use the store succeeded.</summary>
    public bool Answers => _answers;

    /// <summary>Whether the store was found to have lost data not long ago.</summary>
    public bool HasLostData => clock.GetUtcNow().UtcTicks - LossIsReportedFor.Ticks < Interlocked.Read(ref _lostAt);

    /// <summary>Whether a token was written before the store's epoch: only a row can vouch for its session. Tokens know whole seconds.</summary>
    public bool IsOlderThanStore(DateTimeOffset issuedAt) => issuedAt.ToUnixTimeSeconds() < Interlocked.Read(ref _epochStart);

    public void Answered() => _answers = true;

    public void FellSilent() => _answers = false;

    public void Lost() => Interlocked.Exchange(ref _lostAt, clock.GetUtcNow().UtcTicks);

    /// <summary>Takes note of the epoch that the store was read in; true when it is another one than before.</summary>
    public bool EntersNew(SessionStoreEpoch? epoch)
    {
        var before = _epoch;
        if (epoch?.Id == before?.Id)
        {
            return false;
        }

        _epoch = epoch;
        Interlocked.Exchange(ref _epochStart, epoch?.StartedAt.ToUnixTimeSeconds() ?? 0);
        return before is not null;
    }

    public void Loaded() => _isLoaded = true;
}
