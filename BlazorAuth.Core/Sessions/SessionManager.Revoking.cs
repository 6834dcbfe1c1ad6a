using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth;

/// <content>How sessions are ended.</content>
public sealed partial class SessionManager
{
    /// <summary>Revokes one session of a user. Another user's session is <see cref="RevokeResult.NotFound"/>.</summary>
    /// <exception cref="SessionStoreException">The store cannot be reached.</exception>
    public async Task<RevokeResult> RevokeAsync(string userId, string sessionId, CancellationToken cancellationToken = default)
    {
        var result = await _store.RevokeAsync(userId, sessionId, Lifetimes.Revocation(RevocationReason.Revoked), cancellationToken);
        if (result == RevokeResult.Revoked)
        {
            await AnnounceAsync(userId, sessionId, RevocationReason.Revoked);
            await HearWhatElseEndedAsync();
        }
        else if (result == RevokeResult.AlreadyRevoked)
        {
            // This node may have forgotten it, or not have heard of it yet.
            _changes.Apply(new SessionChange(sessionId, Revoked: true, Version: 0, Lifetimes.EndOfAnything, _clock.GetUtcNow()));
        }
        else if (result == RevokeResult.NotFound)
        {
            // It may be one that the store has lost. It is unknown which of those belong to this person, so all of them end.
            await _lostRows.EndAllAsync(userId, Lifetimes.EndOfAnything, looks: false, cancellationToken);
        }

        return result;
    }

    /// <summary>Revokes all sessions of a user except one, and returns how many it revoked.</summary>
    /// <param name="userId">The user's ID.</param>
    /// <param name="keptSessionId">The session that stays, usually the current one. <see cref="RevokeAsync(string, string, CancellationToken)"/> takes the one to end.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="SessionStoreException">The store cannot be reached.</exception>
    public Task<int> RevokeOthersAsync(string userId, string keptSessionId, CancellationToken cancellationToken = default) =>
        RevokeAllAsync(userId, keptSessionId, RevocationReason.Revoked, cancellationToken);

    /// <summary>Revokes all sessions of a user who was banned, and returns how many it revoked. It does not check the caller's permissions: it is for administrators.</summary>
    /// <exception cref="SessionStoreException">The store cannot be reached.</exception>
    public Task<int> RevokeUserAsync(string userId, CancellationToken cancellationToken = default) =>
        RevokeUserAsync(userId, RevocationReason.Banned, cancellationToken);

    /// <summary>Revokes all sessions of a user, and returns how many it revoked. It does not check the caller's permissions: it is for administrators.</summary>
    /// <param name="userId">The user's ID.</param>
    /// <param name="reason">The reason that <see cref="AuthEvents.OnSessionRevoked"/> gets, such as <see cref="RevocationReason.SignedOut"/> for "sign out everywhere".</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="SessionStoreException">The store cannot be reached.</exception>
    public Task<int> RevokeUserAsync(string userId, RevocationReason reason, CancellationToken cancellationToken = default) =>
        RevokeAllAsync(userId, null, reason, cancellationToken);

    /// <summary>Keeps all sign-ins of a user that have begun from becoming sessions.</summary>
    internal Task EndSignInsAsync(string userId, CancellationToken cancellationToken) => _moments.NoteAsync(userId, AllSessions.Ended, cancellationToken);

    /// <summary>Whether something was decided about all sessions of a user after some time in a sign-in, which does not know of it.</summary>
    internal Task<bool> IsLateAsync(string userId, AllSessions what, DateTimeOffset since, CancellationToken cancellationToken) =>
        _moments.IsSinceAsync(userId, what, since, cancellationToken);

    /// <summary>
    /// Whether all sessions of a user were ended, or grant something else, since a token of another program was written, which knows no fractions of a second.
    /// </summary>
    internal async Task<bool> IsLeftBehindAsync(string userId, DateTimeOffset issuedAt, CancellationToken cancellationToken)
    {
        var since = issuedAt + TimeSpan.FromSeconds(1);
        return await _moments.LastAsync(userId, AllSessions.Ended, cancellationToken) >= since || await _moments.LastAsync(userId, AllSessions.Changed, cancellationToken) >= since;
    }

    private async Task<int> RevokeAllAsync(string userId, string? exceptSessionId, RevocationReason reason, CancellationToken cancellationToken)
    {
        await _moments.NoteAsync(userId, AllSessions.Ended, cancellationToken);
        var count = 0;
        while (await _store.RevokeAllAsync(userId, exceptSessionId, PageSize, Lifetimes.Revocation(reason), cancellationToken) is { Count: > 0 } revoked)
        {
            count += revoked.Count;
            foreach (var id in revoked)
            {
                await AnnounceAsync(userId, id, reason);
            }
        }

        if (exceptSessionId is not null)
        {
            // The sessions that it replaced have ended too: a copy of one is another device.
            _changes.EndReplacedBy(exceptSessionId);
        }

        await _lostRows.EndAllAsync(userId, Lifetimes.EndOfAnything, looks: true, cancellationToken);
        await HearWhatElseEndedAsync();
        return count;
    }

    /// <summary>Reads what the store ended of which this node may not have heard: what the sessions that it ended had replaced, or what another node ended just now.</summary>
    private async Task HearWhatElseEndedAsync()
    {
        try
        {
            await _reader.ReadNewAsync(CancellationToken.None);
        }
        catch (SessionStoreException exception)
        {
            _logger.ChangesReadLater(exception);
        }
    }

    private async Task AnnounceAsync(string userId, string sessionId, RevocationReason reason)
    {
        _changes.Apply(new SessionChange(sessionId, Revoked: true, Version: 0, Lifetimes.EndOfAnything, _clock.GetUtcNow()));
        await TellAsync(userId, sessionId, reason);
    }

    private async Task TellAsync(string userId, string sessionId, RevocationReason reason)
    {
        _logger.SessionRevoked(sessionId);
        await using var scope = _scopes.CreateAsyncScope();
        await AuthEventRunner.RunAsync(
            scope.ServiceProvider,
            events => events.SessionRevokedAsync(
                new SessionRevokedContext { UserId = userId, SessionId = sessionId, Reason = reason, Services = scope.ServiceProvider }));
    }
}
