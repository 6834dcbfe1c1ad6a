namespace BlazorAuth.Sync;

/// <summary>What this node knows of its store: whether it was read, whether it answers, which store it is, how far its numbers have come, what it has lost.</summary>
internal sealed class StoreState(SharedClock clock)
{
    /// <summary>How long a loss is reported as degraded: long enough for someone to notice.</summary>
    public static readonly TimeSpan LossIsReportedFor = TimeSpan.FromMinutes(10);

    // A store may have kept a write waiting for this long between the time in a token and the number of its write.
    private static readonly TimeSpan LongestWrite = TimeSpan.FromSeconds(10);

    private volatile bool _isLoaded;
    private volatile string? _storeId;
    private volatile string? _failure;
    private volatile string? _signInFailure;
    private volatile Loss? _lost;
    private volatile Loss? _refused;
    private volatile StoreLosses _losses = StoreLosses.None;
    private volatile Beginning? _beginning;
    private long _number;
    private int _answers;
    private int _failures;
    private int _defects;

    /// <summary>Whether the changed sessions were read since this node started. Before, memory knows of no revocation.</summary>
    public bool IsLoaded => _isLoaded;

    /// <summary>Whether the last attempt to use the store succeeded.</summary>
    public bool Answers => Volatile.Read(ref _answers) == 1;

    /// <summary>Why it did not, in the store's words.</summary>
    public string? Failure => _failure;

    /// <summary>Why the store did not write the last sign-in, although it may respond otherwise: its disk is full, or it may be read only. Null when it did.</summary>
    public string? SignInFailure => _signInFailure;

    /// <summary>The id of the store; null until it was first read. A token from another store is only accepted with its row.</summary>
    public string? StoreId => _storeId;

    /// <summary>The highest number of a write that was seen.</summary>
    public long Number => Interlocked.Read(ref _number);

    /// <summary>The losses that nodes took note of in the store.</summary>
    public StoreLosses Losses
    {
        get => _losses;
        set
        {
            var isHigher = value.Floor > _losses.Floor || value.FloorAt > _losses.FloorAt;
            _losses = value;
            if (isHigher)
            {
                FloorRose?.Invoke();
            }
        }
    }

    /// <summary>Told when sessions that counted until now have to sign in again (<see cref="StoreLosses.Floor"/>).</summary>
    public event Action? FloorRose;

    /// <summary>Whether the store was found to have lost data not long ago.</summary>
    public bool HasLostData => LostAt is not null;

    /// <summary>When that was last found out.</summary>
    public DateTimeOffset? LostAt => Recent(_lost);

    /// <summary>Before when people had to have signed in to be signed out by a setting not long ago.</summary>
    public DateTimeOffset? RefusedBefore => Recent(_refused);

    /// <summary>Whether the store's signals do not come back, though the store answers.</summary>
    public bool IsDeaf { get; set; }

    /// <summary>Whether one of this node's own jobs met a defect and has not succeeded since. The store may answer all the same.</summary>
    public bool HasDefect => Volatile.Read(ref _defects) != 0;

    /// <summary>How many attempts have failed. A defect in another job than the rounds does not count: it says nothing about the store.</summary>
    public int Failures => Volatile.Read(ref _failures);

    /// <summary>An attempt succeeded. Returns whether that is news: of several loops that find it out together one says so.</summary>
    public bool Answered()
    {
        _failure = null;
        if (Interlocked.Exchange(ref _answers, 1) == 1)
        {
            return false;
        }

        // The outage that is over was the reason.
        _signInFailure = null;
        return true;
    }

    /// <summary>
    /// Carries out a write of a sign-in, and notes why the store did not. This node's own rounds write to other tables: they would not notice.
    /// </summary>
    public async Task<T> WriteSignInAsync<T>(Func<Task<T>> write)
    {
        try
        {
            return await write();
        }
        catch (SessionStoreException exception)
        {
            _signInFailure = exception.Message;
            throw;
        }
    }

    /// <summary>The last write of a sign-in succeeded.</summary>
    public void SignInWritten() => _signInFailure = null;

    /// <summary>An attempt failed. Returns whether that is news.</summary>
    public bool FellSilent(string failure)
    {
        Interlocked.Increment(ref _failures);
        _failure = failure;
        return Interlocked.Exchange(ref _answers, 0) == 1;
    }

    /// <summary>A job met a defect. Returns whether that is news.</summary>
    public bool MetDefect(SyncJobs job)
    {
        if (job == SyncJobs.Round)
        {
            Interlocked.Increment(ref _failures);
        }

        return (Interlocked.Or(ref _defects, (int)job) & (int)job) == 0;
    }

    /// <summary>A job succeeded. Returns whether it was the last one that had a defect.</summary>
    public bool LeftDefect(SyncJobs job) => Interlocked.And(ref _defects, ~(int)job) == (int)job;

    public void Lost() => _lost = new Loss(clock.GetTimestamp(), clock.GetUtcNow());

    /// <summary>The operator has set that everybody who signed in before a moment signs in again.</summary>
    public void Refuses(DateTimeOffset before) => _refused = new Loss(clock.GetTimestamp(), before);

    /// <summary>A write of this number was answered.</summary>
    public void Wrote(long number)
    {
        for (var known = Number; number > known; known = Number)
        {
            if (Interlocked.CompareExchange(ref _number, number, known) == known)
            {
                return;
            }
        }
    }

    /// <summary>Takes note of what the store says of itself, where it is asked for the first time, is another one, or has gone back.</summary>
    public void Is(string storeId, long number)
    {
        _storeId = storeId;
        Interlocked.Exchange(ref _number, number);
    }

    public void Loaded() => _isLoaded = true;

    /// <summary>The node began with the store at this number.</summary>
    public void Began(long number) => _beginning = new Beginning(number, clock.GetUtcNow() - LongestWrite);

    public bool HasBegun => _beginning is not null;

    /// <summary>Whether a token of before this node's start tells of a write that the store did not know of at the start: it has gone back meanwhile.</summary>
    public bool IsBeyond(long number, DateTimeOffset issuedAt) =>
        _beginning is { } beginning && number > beginning.Number && issuedAt < beginning.At && Losses.LostAt(number) is null;

    private DateTimeOffset? Recent(Loss? loss) => loss is not null && clock.GetElapsedTime(loss.Timestamp) < LossIsReportedFor ? loss.At : null;

    private sealed record Beginning(long Number, DateTimeOffset At);

    private sealed record Loss(long Timestamp, DateTimeOffset At);
}
