using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Sync;

/// <summary>
/// What this node knows of sessions that were revoked or updated lately: a look-up costs the same however many sessions there are. It is loaded at start,
/// told at once of what happens here, and brought up to date from the store every few seconds. It goes back as far as a token is believed without its
/// row, and a little more: for older tokens the row is asked.
/// </summary>
internal sealed class KnownChanges(IOptions<AuthOptions> options, SharedClock clock)
{
    // The nodes' clocks differ, and responses may be slow.
    private static readonly TimeSpan Margin = TimeSpan.FromHours(1);

    private readonly ChangeTable _changes = new();

    // Replaced sessions, by the session that replaced them: they end with it.
    private readonly ConcurrentDictionary<string, string[]> _replaced = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private Action<SessionChange>[] _observers = [];
    private long _horizon = long.MaxValue;

    public int Count => _changes.Count;

    /// <summary>How long a change is remembered.</summary>
    public TimeSpan Span => options.Value.Session.UpdateAge + Margin;

    /// <summary>The changes since then are known; those before may have been forgotten.</summary>
    public DateTimeOffset Horizon =>
        Interlocked.Read(ref _horizon) is var ticks && ticks == long.MaxValue ? clock.GetUtcNow() - Span : new DateTimeOffset(ticks, TimeSpan.Zero);

    /// <summary>What changed about a session; null when nothing did.</summary>
    public SessionChange? Find(string sessionId) => _changes.Find(sessionId);

    /// <summary>Takes note of a change and tells the observers, if it is news.</summary>
    public void Apply(SessionChange change)
    {
        var isNews = false;
        _changes.Update(change.SessionId, before =>
        {
            if (before is not { } known)
            {
                isNews = true;
                return change;
            }

            isNews = (change.Revoked && !known.Revoked) || change.Version > known.Version || (change.ReplacedBy is not null && known.ReplacedBy is null && !known.Revoked);
            return Merge(known, change, isNews);
        });
        if (change is { ReplacedBy: { } replacement, Revoked: false })
        {
            _replaced.AddOrUpdate(replacement, [change.SessionId], (_, ids) => ids.Contains(change.SessionId) ? ids : [.. ids, change.SessionId]);
        }

        if (isNews)
        {
            foreach (var observer in Volatile.Read(ref _observers))
            {
                observer(change);
            }
        }

        // Whichever of the two came last.
        if (change.Revoked)
        {
            EndReplacedBy(change.SessionId);
        }
        else if (change.ReplacedBy is { } by && Find(by) is { Revoked: true })
        {
            EndReplacedBy(by);
        }
    }

    /// <summary>Ends the sessions that another one replaced, ahead of their time.</summary>
    public void EndReplacedBy(string sessionId)
    {
        if (_replaced.TryRemove(sessionId, out var ids))
        {
            foreach (var change in ids.Select(Find).OfType<SessionChange>())
            {
                Apply(change with { Revoked = true, EndsAt = null, ChangedAt = clock.GetUtcNow() });
            }
        }
    }

    /// <summary>All known revocations, replacements and claim changes.</summary>
    public IEnumerable<SessionChange> All() => _changes.All();

    /// <summary>Observers must not throw; they live as long as the node.</summary>
    public void Observe(Action<SessionChange> observer)
    {
        lock (_gate)
        {
            _observers = [.. _observers, observer];
        }
    }

    /// <summary>
    /// Forgets what is too old, and the sessions that have expired: their tokens are refused by their own time. Not to be called while the store is silent:
    /// what was found alive is believed then for as long as all changes since are known.
    /// </summary>
    public void Forget()
    {
        var (now, horizon) = (clock.Earliest, clock.GetUtcNow() - Span);
        Interlocked.Exchange(ref _horizon, horizon.UtcTicks);
        foreach (var change in _changes.Remove(change => change.ExpiresAt <= now || change.ChangedAt < horizon))
        {
            if (change.ReplacedBy is { } by)
            {
                _replaced.TryRemove(by, out _);
            }
        }
    }

    /// <summary>Forgets a change that turned out to be about no session.</summary>
    public void Withdraw(string sessionId) => _changes.Remove(sessionId);

    /// <summary>The store was read back to this moment.</summary>
    public void Loaded(DateTimeOffset since) => Interlocked.CompareExchange(ref _horizon, since.UtcTicks, long.MaxValue);

    private static SessionChange Merge(SessionChange known, SessionChange change, bool isNews) => new(
        known.SessionId,
        known.Revoked || change.Revoked,
        Math.Max(known.Version, change.Version),
        isNews || (change.Revoked && change.ExpiresAt < known.ExpiresAt) ? change.ExpiresAt : known.ExpiresAt,
        change.ChangedAt > known.ChangedAt ? change.ChangedAt : known.ChangedAt)
    {
        ReplacedBy = known.ReplacedBy ?? change.ReplacedBy, EndsAt = change.EndsAt ?? known.EndsAt,
    };
}
