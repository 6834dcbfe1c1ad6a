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

    /// <summary>Of how many the app is asked whose they are, once the store has responded: they take no place from those that wait for it.</summary>
    private const int MostAskedAbout = 1000;

    /// <summary>Among how many of a user's sessions one of an earlier token is looked for, as requests do.</summary>
    private const int MostAdopted = 100;

    // An app's callback may throw for somebody forever.
    private static readonly TimeSpan OwnerSoughtFor = TimeSpan.FromDays(1);

    private const int AskedAtATime = 4;

    private static readonly TimeSpan LongestLook = TimeSpan.FromSeconds(5);

    // After each look that brought nothing, twice as long.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string UserId, string SessionId), Unproven> _unproven = new();
    private int _unprovenCount;
    private int _askedAboutCount;

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

    /// <summary>
    /// Ends sessions of earlier tokens of an Auth.js, for sign-outs with one that has no session here. Apart from everything else that is written: the app is asked whose
    /// they are, and may take long, or fail, for whatever it asks itself.
    /// </summary>
    /// <param name="all">Whether those are asked about, too, for which it is too early to ask again.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task FlushUnusedAsync(bool all, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        _unproven.Where(entry => all ? entry.Value.NeedsOwner : entry.Value.IsDue(clock)),
        new ParallelOptions { MaxDegreeOfParallelism = AskedAtATime, CancellationToken = cancellationToken },
        async (entry, token) =>
        {
            if (await TryAsync(() => RevokeUnusedAsync(entry.Key.SessionId, entry.Value, token), entry.Value.Attempt, token))
            {
                Remove(entry.Key);
            }
        });

    private void Remove((string UserId, string SessionId) key)
    {
        if (_unproven.TryRemove(key, out var unproven))
        {
            _ = unproven.NeedsOwner ? Interlocked.Decrement(ref _askedAboutCount) : Interlocked.Decrement(ref _unprovenCount);
        }
    }

    /// <summary>False when it is not finished: the app has to be asked, too.</summary>
    private async Task<bool> RevokeUnprovenAsync(string userId, string sessionId, Unproven unproven, CancellationToken cancellationToken)
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
            lock (unproven)
            {
                if (!unproven.NeedsOwner)
                {
                    Interlocked.Decrement(ref _unprovenCount);
                    unproven.IsOneTooMany = Interlocked.Increment(ref _askedAboutCount) > MostAskedAbout;
                    unproven.NeedsOwner = true;
                }
            }

            return false;
        }
        else
        {
            // Such a token becomes no session, so nothing is written of it, now or when the store forgets something.
            changes.Withdraw(sessionId);
        }

        return true;
    }

    /// <summary>Signs out with a token of an Auth.js that has no session here: the request would have gone on with that of an earlier token, and ended it.</summary>
    private async Task<bool> RevokeUnusedAsync(string sessionId, Unproven unproven, CancellationToken cancellationToken)
    {
        var (owner, isKnown) = await OwnerOfAsync(unproven, cancellationToken);
        foreach (var earlier in owner is null ? [] : await store.ListAsync(owner, MostAdopted, after: null, cancellationToken))
        {
            // Whoever has signed in there again since has begun another one.
            if (earlier.IsAdopted && earlier.Device == unproven.AuthJs!.Device && earlier.CreatedAt <= unproven.At)
            {
                Note(earlier.Id, await store.RevokeAsync(owner!, earlier.Id, unproven.Revocation, cancellationToken), unproven);
            }
        }

        if (!isKnown)
        {
            return false;
        }

        // If it is nobody's, this token is signed out all the same, whatever the app says later.
        var userId = owner ?? RevokedRow.UnknownUser;
        var isWritten = await RevokedRow.WriteAsync(
            store, sessionId, userId, version: 1, unproven.At, unproven.Revocation, isAdopted: owner is not null, cancellationToken);
        Note(sessionId, isWritten ? RevokeResult.Revoked : await store.RevokeAsync(userId, sessionId, unproven.Revocation, cancellationToken), unproven);
        if (!isWritten && owner is not null && (await store.FindAsync(sessionId, cancellationToken))?.UserId == RevokedRow.UnknownUser)
        {
            // It was nobody's when it was written. Among the owner's own, it keeps out earlier tokens that were never used here.
            await RevokedRow.WriteAsync(
                store, RevokedRow.NewId(), owner, version: 1, unproven.At, unproven.Revocation, isAdopted: true, cancellationToken);
        }

        unproven.IsStored = true;
        return owner is not null || IsGivenUp(unproven);
    }

    /// <summary>
    /// Whose session it would be, and whether the app has said that: null for somebody whom it lets in nowhere, perhaps because its own database does not respond. Both are
    /// asked again for a day.
    /// </summary>
    private async Task<(string? UserId, bool IsKnown)> OwnerOfAsync(Unproven unproven, CancellationToken cancellationToken)
    {
        unproven.Postpone(clock);
        try
        {
            // One that is still under way is waited for again: a callback that never returns is called once.
            var asking = unproven.Asking is { IsCompleted: false } before ? before : unproven.AuthJs!.FindOwner(cancellationToken);
            unproven.Asking = asking;
            return (await asking.WaitAsync(LongestLook, clock, cancellationToken), IsKnown: true);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (!unproven.IsOwnerUnknown)
            {
                logger.OwnerNotFound(exception);
            }

            unproven.IsOwnerUnknown = true;
            return (null, IsGivenUp(unproven));
        }
    }

    private bool IsGivenUp(Unproven unproven) => unproven.IsOneTooMany || clock.GetUtcNow() >= unproven.At + OwnerSoughtFor;

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
        private long? _askedAt;
        private TimeSpan _pause = TimeSpan.Zero;

        public Attempt Attempt { get; } = new();

        /// <summary>Whether the store knows no session of the token, and the app has to say whose it would be.</summary>
        public bool NeedsOwner { get; set; }

        /// <summary>Whether the app is asked about so many already that it is asked about this one only once.</summary>
        public bool IsOneTooMany { get; set; }

        /// <summary>The question to the app whose it is.</summary>
        public Task<string?>? Asking { get; set; }

        /// <summary>Whether that was said not to be known.</summary>
        public bool IsOwnerUnknown { get; set; }

        /// <summary>Whether the token itself is signed out in the store, and only the sessions of earlier ones may be left.</summary>
        public bool IsStored { get; set; }

        public bool IsDue(TimeProvider clock) => NeedsOwner && (_askedAt is not { } before || clock.GetElapsedTime(before) >= _pause);

        public void Postpone(TimeProvider clock)
        {
            _askedAt = clock.GetTimestamp();
            _pause = _pause == TimeSpan.Zero ? ShortestPause : _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
        }
    }
}

/// <summary>How a token of an Auth.js came.</summary>
/// <param name="Device">The name of the device that sent it.</param>
/// <param name="MayBegin">Whether it may still become a session.</param>
/// <param name="FindOwner">Finds whose session it would become; null for nobody's. Fails while that cannot be found out.</param>
internal sealed record AuthJsToken(string? Device, bool MayBegin, Func<CancellationToken, Task<string?>> FindOwner);
