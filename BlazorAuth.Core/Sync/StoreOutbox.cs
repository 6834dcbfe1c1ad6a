using System.Collections.Concurrent;
using BlazorAuth.Tokens;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Sync;

/// <summary>
/// Writes to the store later, outside requests: when sessions were last seen, and sign-outs that could not be stored. Only a store that does not respond ends an
/// attempt: an entry that it refuses keeps no other one from being written.
/// </summary>
internal sealed class StoreOutbox(ISessionStore store, KnownChanges changes, SharedClock clock, ILogger<StoreOutbox> logger)
{
    /// <summary>How many sign-outs of tokens that prove nothing are kept: clients can make them up, and each costs a call when the store responds again.</summary>
    public const int MostUnproven = 1000;

    /// <summary>How many of these are kept for one user: with an Auth.js token for each, one person takes no place from all others.</summary>
    public const int MostUnprovenOfUser = 20;

    /// <summary>Among how many of a user's sessions one of an earlier token is looked for, as requests do.</summary>
    private const int MostAdopted = 100;

    // One transaction each: few enough not to keep a sign-in waiting.
    private const int Batch = 500;

    private readonly ConcurrentDictionary<string, SessionTouch> _seen = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Pending> _revocations = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string UserId, string SessionId), Unproven> _unproven = new();
    private int _unprovenCount;

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
    public int PendingSignOuts => _revocations.Count + _unproven.Count;

    /// <summary>Whether the sign-out of a session still has to be written to the store.</summary>
    public bool IsPending(string sessionId) => _revocations.ContainsKey(sessionId) || _unproven.Any(entry => entry.Key.SessionId == sessionId);

    /// <summary>
    /// Keeps the sign-out of a token that only its row can vouch for, until the store responds: it ends the session then if that is the user's, and changes nothing
    /// otherwise. False when so many are kept that it is not.
    /// </summary>
    /// <param name="ticket">Whose session it may be.</param>
    /// <param name="authJs">How an Auth.js token came, from which the id was derived: nobody else can know it. Null for a token of BlazorAuth's.</param>
    /// <param name="revocation">How it is revoked.</param>
    public bool KeepUnproven(SessionTicket ticket, AuthJsToken? authJs, SessionRevocation revocation)
    {
        var key = (ticket.UserId, ticket.Id);
        if (_unproven.ContainsKey(key))
        {
            return true;
        }

        if (_unproven.Keys.Count(other => other.UserId == ticket.UserId) >= MostUnprovenOfUser)
        {
            return false;
        }

        if (Interlocked.Increment(ref _unprovenCount) <= MostUnproven && _unproven.TryAdd(key, new Unproven(revocation, authJs)))
        {
            return true;
        }

        Interlocked.Decrement(ref _unprovenCount);
        return _unproven.ContainsKey(key);
    }

    /// <summary>Whether such a sign-out is kept for the session of this user.</summary>
    public bool IsUnprovenKept(string userId, string sessionId) => !_unproven.IsEmpty && _unproven.ContainsKey((userId, sessionId));

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
            if (await TryAsync(() => RevokeInStoreAsync(id, pending, cancellationToken), pending.Attempt, cancellationToken))
            {
                _revocations.TryRemove(id, out _);
                logger.PostponedSignOutStored(id);
            }
        }

        foreach (var (key, unproven) in _unproven)
        {
            if (await TryAsync(() => RevokeUnprovenAsync(key.UserId, key.SessionId, unproven, cancellationToken), unproven.Attempt, cancellationToken)
                && _unproven.TryRemove(key, out _))
            {
                Interlocked.Decrement(ref _unprovenCount);
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

    /// <summary>False when the entry is to be tried again: the store has a defect. What it refuses, it would refuse forever.</summary>
    private async Task<bool> TryAsync(Func<Task> write, Attempt attempt, CancellationToken cancellationToken)
    {
        try
        {
            await write();
            return true;
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

    private async Task RevokeUnprovenAsync(string userId, string sessionId, Unproven unproven, CancellationToken cancellationToken)
    {
        if (unproven.AuthJs is not { } authJs)
        {
            Note(sessionId, await store.RevokeAsync(userId, sessionId, unproven.Revocation, cancellationToken), unproven);
        }
        else if (await store.FindAsync(sessionId, cancellationToken) is { } row)
        {
            // It may belong to a user whose id is not the token's.
            Note(sessionId, await store.RevokeAsync(row.UserId, sessionId, unproven.Revocation, cancellationToken), unproven);
        }
        else if (authJs.MayBegin)
        {
            // The request would have gone on with the session of an earlier token, and ended that.
            foreach (var earlier in (await store.ListAsync(userId, MostAdopted, after: null, cancellationToken)).Where(record => record.IsAdopted && record.Device == authJs.Device))
            {
                Note(earlier.Id, await store.RevokeAsync(userId, earlier.Id, unproven.Revocation, cancellationToken), unproven);
            }

            var isWritten = await RevokedRow.WriteAsync(
                store, sessionId, userId, version: 1, clock.GetUtcNow(), unproven.Revocation, cancellationToken, isAdopted: true);
            Note(sessionId, isWritten ? RevokeResult.Revoked : await store.RevokeAsync(userId, sessionId, unproven.Revocation, cancellationToken), unproven);
        }
        else
        {
            // Such a token becomes no session, so nothing is written of it, now or when the store forgets something.
            changes.Withdraw(sessionId);
        }
    }

    private void Note(string sessionId, RevokeResult result, Unproven unproven)
    {
        if (result == RevokeResult.Revoked)
        {
            changes.Apply(new SessionChange(sessionId, Revoked: true, Version: 1, unproven.Revocation.RememberUntil, clock.GetUtcNow()));
            logger.PostponedSignOutStored(sessionId);
        }
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
            && await RevokedRow.WriteAsync(store, sessionId, userId, version: 1, clock.GetUtcNow(), revocation, cancellationToken)
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

    private sealed record Unproven(SessionRevocation Revocation, AuthJsToken? AuthJs)
    {
        public Attempt Attempt { get; } = new();
    }

    private sealed class Attempt
    {
        public bool HasFailed { get; set; }
    }
}

/// <summary>How a token of an Auth.js came.</summary>
/// <param name="Device">The name of the device that sent it.</param>
/// <param name="MayBegin">Whether it may still become a session.</param>
internal sealed record AuthJsToken(string? Device, bool MayBegin);
