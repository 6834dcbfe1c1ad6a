using System.Collections.Concurrent;
using BlazorAuth.Tokens;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Sync;

/// <summary>
/// Writes to the store later, outside requests: when sessions were last seen, and sign-outs that could not be stored. Only a store that does not respond ends an
/// attempt: an entry that it refuses keeps no other one from being written.
/// </summary>
internal sealed partial class StoreOutbox(ISessionStore store, KnownChanges changes, SharedClock clock, ILogger<StoreOutbox> logger)
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
    /// <param name="userId">Whose session.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="revocation">How it is revoked.</param>
    /// <param name="erases">Whether what it granted is erased then.</param>
    public async Task<RevokeResult> RevokeAsync(string userId, string sessionId, SessionRevocation revocation, bool erases = false)
    {
        // What was to be erased stays so.
        var pending = _revocations.AddOrUpdate(
            sessionId,
            _ => new(userId, revocation, IsUnderWay: true, erases),
            (_, before) => new(userId, revocation, IsUnderWay: true, erases || before.Erases));
        try
        {
            // Not the request's token: a browser that closes the connection has still requested the sign-out.
            var result = await RevokeInStoreAsync(sessionId, pending, CancellationToken.None);
            _revocations.TryRemove(sessionId, out _);
            return result;
        }
        catch
        {
            _revocations[sessionId] = pending with { IsUnderWay = false };
            throw;
        }
    }

    /// <summary>How many sign-outs still have to be written to the store.</summary>
    public int PendingSignOuts => _revocations.Count + _unproven.Count(entry => !entry.Value.IsStored);

    /// <summary>Whether the sign-out of a session still has to be written to the store.</summary>
    public bool IsPending(string sessionId) => _revocations.ContainsKey(sessionId) || _unproven.Any(entry => entry.Key.SessionId == sessionId);

    /// <summary>Writes what is new to the store. What could not be written is kept for the next time.</summary>
    public async Task FlushSeenAsync(CancellationToken cancellationToken)
    {
        foreach (var touches in _seen.Values.Chunk(Batch))
        {
            await TouchAsync(touches, cancellationToken);
            Array.ForEach(touches, touch => _seen.TryRemove(touch.SessionId, out _));
        }
    }

    /// <summary>Stores the sign-outs that could not be stored before.</summary>
    public async Task FlushRevocationsAsync(CancellationToken cancellationToken)
    {
        foreach (var (id, pending) in _revocations.Where(entry => !entry.Value.IsUnderWay))
        {
            if (await TryAsync(() => RevokePendingAsync(id, pending, cancellationToken), pending.Attempt, cancellationToken))
            {
                _revocations.TryRemove(id, out _);
                logger.PostponedSignOutStored(id);
            }
        }

        foreach (var (key, unproven) in _unproven.Where(entry => !entry.Value.NeedsOwner))
        {
            if (await TryAsync(() => RevokeUnprovenAsync(key.UserId, key.SessionId, unproven, cancellationToken), unproven.Attempt, cancellationToken))
            {
                Remove(key);
            }
        }
    }

    private async Task TouchAsync(SessionTouch[] touches, CancellationToken cancellationToken)
    {
        try
        {
            await store.TouchAsync(touches, cancellationToken);
            OnTouched?.Invoke(touches);
        }
        catch (ArgumentException exception)
        {
            if (touches.Length == 1)
            {
                logger.EntryRefused(exception);
                return;
            }

            foreach (var touch in touches)
            {
                await TouchAsync([touch], cancellationToken);
            }
        }
    }

    /// <summary>False when the entry is to be tried again: it is not finished, or the store has a defect. What it refuses, it would refuse forever.</summary>
    private async Task<bool> TryAsync(Func<Task<bool>> write, Attempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            return await write();
        }
        catch (ArgumentException exception)
        {
            logger.EntryRefused(exception);
            return true;
        }
        catch (Exception exception) when (exception is not SessionStoreException && !cancellationToken.IsCancellationRequested)
        {
            if (!attempt.HasFailed)
            {
                logger.UpkeepFailed(exception);
            }

            attempt.HasFailed = true;
            return false;
        }
    }

    private async Task<bool> RevokePendingAsync(string sessionId, Pending pending, CancellationToken cancellationToken)
    {
        await RevokeInStoreAsync(sessionId, pending, cancellationToken);
        return true;
    }

    private async Task<RevokeResult> RevokeInStoreAsync(string sessionId, Pending pending, CancellationToken cancellationToken)
    {
        var result = await RevokeInStoreAsync(pending.UserId, sessionId, pending.Revocation, cancellationToken);
        if (pending.Erases)
        {
            await store.EraseAsync(pending.UserId, sessionId, cancellationToken);
        }

        return result;
    }

    // A session that the store does not know, because it has lost its row, is written down as revoked.
    private async Task<RevokeResult> RevokeInStoreAsync(string userId, string sessionId, SessionRevocation revocation, CancellationToken cancellationToken)
    {
        var result = await store.RevokeAsync(userId, sessionId, revocation, cancellationToken);
        return result == RevokeResult.NotFound && await store.FindAsync(sessionId, cancellationToken) is null
            && await RevokedRow.WriteAsync(store, sessionId, userId, version: 1, clock.GetUtcNow(), revocation, isAdopted: false, cancellationToken)
                ? RevokeResult.Revoked
                : result;
    }

    /// <param name="UserId">Whose session.</param>
    /// <param name="Revocation">How it is revoked.</param>
    /// <param name="IsUnderWay">Whether the store is being told just now, by whoever wants to know what it says.</param>
    /// <param name="Erases">Whether what it granted is erased then.</param>
    private sealed record Pending(string UserId, SessionRevocation Revocation, bool IsUnderWay, bool Erases)
    {
        public Attempt Attempt { get; } = new();
    }

    private sealed class Attempt
    {
        public bool HasFailed { get; set; }
    }
}
