using System.Collections.Concurrent;
using BlazorAuth.Tokens;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Sync;

/// <summary>What the store is told later, off the path of requests: when sessions were last seen, and sign-outs that could not be stored.</summary>
internal sealed class StoreOutbox(ISessionStore store, ILogger<StoreOutbox> logger)
{
    // One transaction each: few enough not to keep a sign-in waiting.
    private const int Batch = 500;

    private readonly ConcurrentDictionary<string, SessionTouch> _seen = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (string UserId, SessionRevocation Revocation)> _revocations = new(StringComparer.Ordinal);

    /// <summary>Who else wants to know of the sessions that were used.</summary>
    public Action<IReadOnlyCollection<SessionTouch>>? OnTouched { get; set; }

    public void Seen(SessionTicket ticket, DateTimeOffset now)
    {
        // One write a minute and session at most: the dictionary is emptied once a minute.
        if (!_seen.ContainsKey(ticket.Id))
        {
            _seen.TryAdd(ticket.Id, new SessionTouch(ticket.UserId, ticket.Id, now, ticket.ExpiresAt));
        }
    }

    public void RevokeLater(string userId, string sessionId, SessionRevocation revocation) => _revocations[sessionId] = (userId, revocation);

    public void WasRevoked(string sessionId) => _revocations.TryRemove(sessionId, out _);

    public bool HasPending => !_revocations.IsEmpty;

    /// <summary>Whether the store still has to be told that a session was signed out.</summary>
    public bool IsPending(string sessionId) => _revocations.ContainsKey(sessionId);

    /// <summary>Tells the store what is new. What it could not be told is kept for the next time.</summary>
    public async Task FlushSeenAsync(CancellationToken cancellationToken)
    {
        foreach (var touches in _seen.Values.Chunk(Batch))
        {
            await store.TouchAsync(touches, cancellationToken);
            OnTouched?.Invoke(touches);
            Array.ForEach(touches, touch => _seen.TryRemove(touch.SessionId, out _));
        }
    }

    /// <summary>Stores the sign-outs that could not be stored before.</summary>
    public async Task FlushRevocationsAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, (userId, revocation)) in _revocations)
        {
            await store.RevokeAsync(userId, id, revocation, cancellationToken);
            _revocations.TryRemove(id, out _);
            logger.PostponedSignOutStored(id);
        }
    }
}
