using System.Text.Json.Nodes;
using BlazorAuth.Http;
using BlazorAuth.Sessions;
using BlazorAuth.Tokens;

namespace BlazorAuth;

/// <content>What the cookie, the endpoints and the circuits ask, ticket in hand.</content>
public sealed partial class SessionManager
{
    /// <summary>Whether the session of a token lives, with its newest claims. A hash look-up, unless the claims changed or the token is due for renewal.</summary>
    internal async ValueTask<SessionCheck> CheckAsync(SessionTicket ticket, CancellationToken cancellationToken, bool isUse = true)
    {
        var now = _clock.GetUtcNow();
        if (Lifetimes.EndOf(ticket) <= now)
        {
            return SessionCheck.Refused(SessionRefusal.Expired);
        }

        var change = _changes.Find(ticket.Id);
        if (change is { Revoked: true })
        {
            return SessionCheck.Refused(SessionRefusal.Revoked);
        }

        if (!_state.IsLoaded)
        {
            throw new SessionStoreException("The session store has not been read since this node started, so nobody knows what was revoked.");
        }

        if (isUse)
        {
            _activity.Seen(ticket, now);
        }

        var isDue = Lifetimes.IsDue(ticket) || _state.IsOlderThanStore(ticket.IssuedAt);
        var isStale = change is { } newer && newer.Version > ticket.Version;
        return isDue || isStale ? await CheckRowAsync(ticket, isDue, cancellationToken) : SessionCheck.Live(ticket);
    }

    /// <summary>The session was used, though no request carried its cookie.</summary>
    internal void Seen(SessionTicket ticket) => _activity.Seen(ticket, _clock.GetUtcNow());

    /// <summary>A ticket with new times, moved forward in the store first; null when the session no longer lives.</summary>
    internal async Task<SessionTicket?> RenewAsync(SessionTicket ticket, CancellationToken cancellationToken)
    {
        var renewed = Lifetimes.WithTimes(ticket);
        return await _store.TouchAsync(ticket.Id, renewed.IssuedAt, renewed.ExpiresAt, cancellationToken) ? renewed : null;
    }

    internal async Task CreateAsync(SessionTicket ticket, string? providerAccountId, string? device, CancellationToken cancellationToken)
    {
        await _store.CreateAsync(
            new SessionRecord
            {
                Id = ticket.Id,
                UserId = ticket.UserId,
                Provider = ticket.Provider,
                ProviderAccountId = providerAccountId,
                Claims = ticket.Claims.ToJsonString(AuthJson.Compact),
                Version = ticket.Version,
                CreatedAt = ticket.SignedInAt,
                LastSeenAt = ticket.IssuedAt,
                ExpiresAt = ticket.ExpiresAt,
                Device = device,
            },
            cancellationToken);
        _logger.SessionCreated(ticket.Id, ticket.Provider);
    }

    internal Task<IReadOnlyList<SessionRecord>> ListHistoryAsync(string userId, int count, CancellationToken cancellationToken) =>
        _store.ListHistoryAsync(userId, count, cancellationToken);

    internal Task<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken) => _store.FindAsync(sessionId, cancellationToken);

    /// <summary>The ticket with the newest claims of its session; null when it no longer lives.</summary>
    internal async Task<SessionTicket?> RefreshAsync(SessionTicket ticket, CancellationToken cancellationToken) =>
        await _store.FindAsync(ticket.Id, cancellationToken) is { } row && row.UserId == ticket.UserId && row.IsLive(_clock.GetUtcNow())
            ? ticket.With(row)
            : null;

    /// <summary>Stores new claims of a live session; null when it no longer lives, or when somebody else has changed them since the ticket's version.</summary>
    internal async Task<SessionTicket?> UpdateAsync(SessionTicket ticket, JsonObject claims, CancellationToken cancellationToken)
    {
        if (await _store.UpdateClaimsAsync(ticket.Id, ticket.Version, claims.ToJsonString(AuthJson.Compact), cancellationToken) is not { } version)
        {
            return null;
        }

        _changes.Apply(new SessionChange(ticket.Id, Revoked: false, version, ticket.ExpiresAt));
        return ticket.With(claims, version);
    }

    /// <summary>Signs a session out. When the store cannot be reached the session is dead here at once, and the store is told as soon as it answers.</summary>
    /// <returns>False when it was over before.</returns>
    internal async Task<bool> EndAsync(SessionTicket ticket)
    {
        _changes.Apply(new SessionChange(ticket.Id, Revoked: true, ticket.Version, Lifetimes.EndOfAnything));
        _activity.RevokeLater(ticket.UserId, ticket.Id);
        try
        {
            // Not the request's token: a browser that closes the connection has asked to be signed out all the same.
            var result = await _store.RevokeAsync(ticket.UserId, ticket.Id, CancellationToken.None);
            _activity.WasRevoked(ticket.Id);
            return result == RevokeResult.Revoked;
        }
        catch (SessionStoreException exception)
        {
            _logger.SignOutPostponed(exception, ticket.Id);
            return true;
        }
    }

    /// <summary>Ends a session that nobody signed out: another took its place, or the app's token callback said no. The app is told.</summary>
    internal async Task RevokeAsync(SessionTicket ticket)
    {
        if (await EndAsync(ticket))
        {
            await TellAsync(ticket.UserId, ticket.Id);
        }
    }

    private async ValueTask<SessionCheck> CheckRowAsync(SessionTicket ticket, bool isDue, CancellationToken cancellationToken)
    {
        SessionRecord? row;
        try
        {
            row = await _store.FindAsync(ticket.Id, cancellationToken);
        }
        catch (SessionStoreException exception) when (!_state.IsOlderThanStore(ticket.IssuedAt))
        {
            // Nobody is signed out because a dependency blinked. What was revoked before is known here.
            _logger.RowCheckFailed(exception, ticket.Id);
            return SessionCheck.Live(ticket);
        }

        if (row is null && _state.IsOlderThanStore(ticket.IssuedAt))
        {
            // Its row was lost and does not come back: the next request need not ask.
            _changes.Apply(new SessionChange(ticket.Id, Revoked: true, ticket.Version, ticket.ExpiresAt));
        }

        if (row is null || row.UserId != ticket.UserId || !row.IsLive(_clock.GetUtcNow()))
        {
            return SessionCheck.Refused(row is null ? SessionRefusal.Unknown : row.RevokedAt is null ? SessionRefusal.Expired : SessionRefusal.Revoked);
        }

        var current = row.Version > ticket.Version ? ticket.With(row) : ticket;
        return SessionCheck.Live(current, isDue, isChanged: row.Version > ticket.Version);
    }
}
