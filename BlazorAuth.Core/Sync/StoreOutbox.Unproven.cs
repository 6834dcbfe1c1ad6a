using System.Collections.Concurrent;
using BlazorAuth.Tokens;

namespace BlazorAuth.Sync;

/// <content>Sign-outs with tokens that only their row can vouch for, until the store responds.</content>
internal sealed partial class StoreOutbox
{
    /// <summary>How many sign-outs of tokens that prove nothing are kept: clients can make them up, and each costs a call when the store responds again.</summary>
    public const int MostUnproven = 1000;

    /// <summary>How many of these are kept for one user: with an Auth.js token for each, one person takes no place from all others.</summary>
    public const int MostUnprovenOfUser = 20;

    /// <summary>Among how many of a user's sessions one of an earlier token is looked for, as requests do.</summary>
    private const int MostAdopted = 100;

    // An app's callback may throw for somebody forever.
    private static readonly TimeSpan OwnerSoughtFor = TimeSpan.FromDays(1);

    private readonly ConcurrentDictionary<(string UserId, string SessionId), Unproven> _unproven = new();
    private int _unprovenCount;

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

        if (Interlocked.Increment(ref _unprovenCount) <= MostUnproven && _unproven.TryAdd(key, new Unproven(revocation, authJs, clock.GetUtcNow())))
        {
            return true;
        }

        Interlocked.Decrement(ref _unprovenCount);
        return _unproven.ContainsKey(key);
    }

    /// <summary>Whether such a sign-out is kept for the session of this user.</summary>
    public bool IsUnprovenKept(string userId, string sessionId) => !_unproven.IsEmpty && _unproven.ContainsKey((userId, sessionId));

    /// <summary>Whether a sign-out with a token of an Auth.js about this user is kept, that was made at this moment or later.</summary>
    public bool IsAuthJsKept(string subject, DateTimeOffset since) =>
        !_unproven.IsEmpty && _unproven.Any(entry => entry.Key.UserId == subject && entry.Value is { AuthJs.MayBegin: true, At: var at } && at >= since);

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
            await RevokeUnusedAsync(sessionId, unproven, authJs, cancellationToken);
        }
        else
        {
            // Such a token becomes no session, so nothing is written of it, now or when the store forgets something.
            changes.Withdraw(sessionId);
        }
    }

    /// <summary>Signs out with a token of an Auth.js that has no session here: the request would have gone on with that of an earlier token, and ended it.</summary>
    private async Task RevokeUnusedAsync(string sessionId, Unproven unproven, AuthJsToken authJs, CancellationToken cancellationToken)
    {
        var owner = await OwnerOfAsync(authJs, unproven, cancellationToken);
        foreach (var earlier in owner is null ? [] : await store.ListAsync(owner, MostAdopted, after: null, cancellationToken))
        {
            // Whoever has signed in there again since has begun another one.
            if (earlier.IsAdopted && earlier.Device == authJs.Device && earlier.CreatedAt <= unproven.At)
            {
                Note(earlier.Id, await store.RevokeAsync(owner!, earlier.Id, unproven.Revocation, cancellationToken), unproven);
            }
        }

        // If it is nobody's, this token is signed out all the same, whatever the app says later.
        var userId = owner ?? RevokedRow.UnknownUser;
        var isWritten = await RevokedRow.WriteAsync(
            store, sessionId, userId, version: 1, unproven.At, unproven.Revocation, isAdopted: owner is not null, cancellationToken);
        Note(sessionId, isWritten ? RevokeResult.Revoked : await store.RevokeAsync(userId, sessionId, unproven.Revocation, cancellationToken), unproven);
    }

    /// <summary>
    /// Whose session it would be; null for nobody's. Users may be in another store, and the app's callback asks whatever it wants: if they do not respond, this sign-out is
    /// tried again for a day, and keeps no other waiting.
    /// </summary>
    private async Task<string?> OwnerOfAsync(AuthJsToken authJs, Unproven unproven, CancellationToken cancellationToken)
    {
        try
        {
            return await authJs.FindOwner(cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return clock.GetUtcNow() < unproven.At + OwnerSoughtFor ? throw new InvalidOperationException("It could not be found out whose sign-out it is.", exception) : null;
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

    private sealed record Unproven(SessionRevocation Revocation, AuthJsToken? AuthJs, DateTimeOffset At)
    {
        public Attempt Attempt { get; } = new();
    }
}

/// <summary>How a token of an Auth.js came.</summary>
/// <param name="Device">The name of the device that sent it.</param>
/// <param name="MayBegin">Whether it may still become a session.</param>
/// <param name="FindOwner">Finds whose session it would become; null for nobody's. Fails while that cannot be found out.</param>
internal sealed record AuthJsToken(string? Device, bool MayBegin, Func<CancellationToken, Task<string?>> FindOwner);
