using System.Net;

namespace BlazorAuth.Http;

/// <summary>
/// Who is counted: an address, for one half of a sign-in, as a client or as a proxy for all its clients. A client that only an unknown proxy names is another than
/// the one who connects from that address: anybody in that network can name it.
/// </summary>
internal readonly record struct AttemptKey(IPAddress Address, SignInStep Step, bool IsProxy, IPAddress? NamedBy = null);

/// <summary>Counts attempts in windows of a fixed length that is the same for all. At the end of one all counts go, and their memory with them.</summary>
internal sealed class AttemptWindow : IDisposable
{
    // About 20 MB. Counting sign-ins cannot stop a flood from more addresses than this; the excess is let through.
    private const int MostCounted = 200_000;

    private readonly TimeSpan _length;
    private readonly TimeProvider _clock;
    private readonly ITimer _end;
    private readonly Lock _gate = new();
    private Dictionary<AttemptKey, int> _counts = [];
    private long _began;

    public AttemptWindow(TimeSpan length, TimeProvider clock)
    {
        _length = length;
        _clock = clock;
        _end = clock.CreateTimer(_ => Forget(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _counts.Count;
            }
        }
    }

    /// <summary>Counts an attempt unless there were as many as may be; then <paramref name="wait"/> says how long it takes until there may be more.</summary>
    public bool Take(AttemptKey key, int limit, out TimeSpan wait)
    {
        lock (_gate)
        {
            wait = _length - _clock.GetElapsedTime(_began);
            if (_counts.Count == 0 || wait <= TimeSpan.Zero)
            {
                Begin();
                wait = _length;
            }

            var count = _counts.GetValueOrDefault(key);
            if (count >= limit)
            {
                return false;
            }

            if (count > 0 || _counts.Count < MostCounted)
            {
                _counts[key] = count + 1;
            }

            return true;
        }
    }

    public void Dispose() => _end.Dispose();

    private void Begin()
    {
        _counts = [];
        _began = _clock.GetTimestamp();
        _end.Change(_length, Timeout.InfiniteTimeSpan);
    }

    private void Forget()
    {
        lock (_gate)
        {
            if (_clock.GetElapsedTime(_began) >= _length)
            {
                _counts = [];
            }
        }
    }
}
