using System.Collections.Concurrent;
using BlazorAuth.Tokens;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Sync;

/// <summary>Writes to the store later, outside requests: when sessions were last seen, and sign-outs that could not be stored.</summary>
internal sealed class StoreOutbox(ISessionStore store, SharedClock clock, ILogger<StoreOutbox> logger)
{
    // One transaction each: few enough not to keep a sign-in waiting.
    private const int Batch = 500;

    private readonly ConcurrentDictionary<string, SessionTouch> _seen = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Pending> _revocations = new(StringComparer.Ordinal);

    /// <summary>Who else is notified of the sessions that were used.</summary>
    public Action<IReadOnlyCollection<SessionTouch>>? OnTouched { get; set; }

    public void Seen(SessionTicket ticket, DateTimeOffset now)
    {
        // One write a minute and session at most: the dictionary is emptied once a minute.
        if (!_seen.ContainsKey(ticket.Id))
        {
            _seen.TryAdd(ticket.Id, new SessionTouch(ticket.UserId, ticket.Id, now, ticket.ExpiresAt));
        }
    }

    /// <summary>Tells the store that a session was signed out; if it cannot be told now, later as well.</summary>
    public async Task<RevokeResult> RevokeAsync(string userId, string sessionId, SessionRevocation revocation)
    {
        _revocations[sessionId] = new(userId, revocation, IsUnderWay: true);
        try
        {
            // Not the request's token: a browser that closes the connection has still requested the sign-out.
            var result = await RevokeInStoreAsync(userId, sessionId, revocation, CancellationToken.None);
            _revocations.TryRemove(sessionId, out _);
            return result;
        }
        catch
        {
            _revocations[sessionId] = new(userId, revocation, IsUnderWay: false);
            throw;
        }
    }

    /// <summary>How many sign-outs still have to be written to the store.</summary>
    public int PendingSignOuts => _revocations.Count;

    /// <summary>Whether the sign-out of a session still has to be written to the store.</summary>
    public bool IsPending(string sessionId) => _revocations.ContainsKey(sessionId);

    /// <summary>Writes what is new to the store. What could not be written is kept for the next time.</summary>
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
        foreach (var (id, pending) in _revocations.Where(entry => !entry.Value.IsUnderWay))
        {
            await RevokeInStoreAsync(pending.UserId, id, pending.Revocation, cancellationToken);
            _revocations.TryRemove(id, out _);
            logger.PostponedSignOutStored(id);
        }
    }

    // A session that the store does not know, because it has lost its row, is written down as revoked.
    private async Task<RevokeResult> RevokeInStoreAsync(string userId, string sessionId, SessionRevocation revocation, CancellationToken cancellationToken)
    {
        var result = await store.RevokeAsync(userId, sessionId, revocation, cancellationToken);
        return result == RevokeResult.NotFound && await store.FindAsync(sessionId, cancellationToken) is null
            && await RevokedRow.WriteAsync(store, sessionId, userId, version: 1, clock.GetUtcNow(), revocation, cancellationToken)
                ? RevokeResult.Revoked
                : result;
    }

    /// <param name="UserId">Whose session.</param>
    /// <param name="Revocation">How it is revoked.</param>
    /// <param name="IsUnderWay">Whether the store is being told just now, by whoever wants to know what it says.</param>
    private sealed record Pending(string UserId, SessionRevocation Revocation, bool IsUnderWay);
}
