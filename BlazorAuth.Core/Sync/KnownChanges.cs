using System.Collections.Concurrent;

namespace BlazorAuth.Sync;

/// <summary>
/// What this node knows of sessions that were revoked or updated and have not expired: a look-up costs the same however many sessions there
/// are. It is loaded at start, told at once of what happens here, and brought up to date from the store every few seconds.
/// </summary>
internal sealed class KnownChanges(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, SessionChange> _changes = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private Action<SessionChange>[] _observers = [];

    public int Count => _changes.Count;

    /// <summary>What changed about a session; null when nothing did.</summary>
    public SessionChange? Find(string sessionId) => _changes.TryGetValue(sessionId, out var change) ? change : null;

    /// <summary>Takes note of a change and tells the observers, if it is news.</summary>
    public void Apply(SessionChange change)
    {
        var isNews = false;
        _changes.AddOrUpdate(
            change.SessionId,
            _ =>
            {
                isNews = true;
                return change;
            },
            (_, known) =>
            {
                isNews = (change.Revoked && !known.Revoked) || change.Version > known.Version;
                return isNews ? change with { Revoked = change.Revoked || known.Revoked, Version = Math.Max(change.Version, known.Version) }
                    : change.Revoked && change.ExpiresAt < known.ExpiresAt ? known with { ExpiresAt = change.ExpiresAt }
                    : known;
            });

        if (isNews)
        {
            foreach (var observer in Volatile.Read(ref _observers))
            {
                observer(change);
            }
        }
    }

    /// <summary>The revocations that this node knows.</summary>
    public IEnumerable<SessionChange> Revocations() => _changes.Values.Where(change => change.Revoked);

    /// <summary>Observers must not throw; they live as long as the node.</summary>
    public void Observe(Action<SessionChange> observer)
    {
        lock (_gate)
        {
            _observers = [.. _observers, observer];
        }
    }

    /// <summary>Forgets the sessions that have expired: their tokens are refused by their own time.</summary>
    public void Forget()
    {
        var now = clock.GetUtcNow();
        foreach (var (id, change) in _changes)
        {
            if (change.ExpiresAt <= now)
            {
                _changes.TryRemove(id, out _);
            }
        }
    }
}
