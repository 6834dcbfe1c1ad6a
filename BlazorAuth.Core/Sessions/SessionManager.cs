using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth;

/// <summary>Lists, updates and revokes sessions. What it revokes is signed out at once: cookies are refused and open Blazor circuits become anonymous.</summary>
public sealed class SessionManager
{
    private readonly ISessionStore _store;
    private readonly ChangedSessions _changes;
    private readonly SessionActivity _activity;
    private readonly StoreState _state;
    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _clock;
    private readonly AuthSessionOptions _options;
    private readonly ILogger<SessionManager> _logger;

    internal SessionManager(
        ISessionStore store,
        ChangedSessions changes,
        SessionActivity activity,
        StoreState state,
        IServiceScopeFactory scopes,
        IOptions<AuthOptions> options,
        TimeProvider clock,
        ILogger<SessionManager> logger)
    {
        _store = store;
        _changes = changes;
        _activity = activity;
        _state = state;
        _scopes = scopes;
        _clock = clock;
        _options = options.Value.Session;
        _logger = logger;
    }

    /// <summary>The live sessions of a user, the most recently seen first.</summary>
    /// <exception cref="SessionStoreException">The store cannot be reached.</exception>
    public async Task<IReadOnlyList<Session>> ListAsync(string userId, CancellationToken cancellationToken = default)
    {
        var records = await _store.ListAsync(userId, cancellationToken);
        return [.. records.Select(record => ToSession(record))];
    }

    /// <summary>The live sessions of the person at hand, the most recently seen first. The one at hand has <see cref="Session.IsCurrent"/> set.</summary>
    /// <exception cref="SessionStoreException">The store cannot be reached.</exception>
    public async Task<IReadOnlyList<Session>> ListAsync(Session current, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(current);
        var records = await _store.ListAsync(current.User.Id, cancellationToken);
        return [.. records.Select(record => ToSession(record, current.Id))];
    }

    /// <summary>Revokes one session of a user. Somebody else's session is <see cref="RevokeResult.NotFound"/>.</summary>
    /// <exception cref="SessionStoreException">The store cannot be reached.</exception>
    public async Task<RevokeResult> RevokeAsync(string userId, string sessionId, CancellationToken cancellationToken = default)
    {
        var result = await _store.RevokeAsync(userId, sessionId, cancellationToken);
        if (result == RevokeResult.Revoked)
        {
            await AnnounceAsync(userId, sessionId);
        }

        return result;
    }

    /// <summary>Revokes all sessions of a user but one, usually the one at hand, and returns how many it revoked.</summary>
    /// <exception cref="SessionStoreException">The store cannot be reached.</exception>
    public Task<int> RevokeOthersAsync(string userId, string sessionId, CancellationToken cancellationToken = default) =>
        RevokeAllAsync(userId, sessionId, cancellationToken);

    /// <summary>Revokes all sessions of a user: "sign out everywhere", or a ban. Returns how many it revoked. It names no owner to check: for administrators.</summary>
    /// <exception cref="SessionStoreException">The store cannot be reached.</exception>
    public Task<int> RevokeUserAsync(string userId, CancellationToken cancellationToken = default) =>
        RevokeAllAsync(userId, null, cancellationToken);

    /// <summary>
    /// Whether the person showed within this time who they are (<see cref="Session.AuthenticatedAt"/>), by the clock of this server. False when nobody
    /// knows. Signing in once more without being asked again, as a provider may let people do, does not count.
    /// </summary>
    public bool IsFresh(Session session, TimeSpan within)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.AuthenticatedAt + within > _clock.GetUtcNow();
    }

    /// <summary>
    /// Changes the claims of one live session of a user, for instance its roles. Open circuits of the session show the change within a moment, its
    /// cookie with the next request. <paramref name="change"/> receives the newest claims, without ids and times, which cannot be changed; it is called
    /// again when somebody else changed them meanwhile, so that no change is lost.
    /// </summary>
    /// <returns>The session with its new claims; <see langword="null"/> when the user has no such live session.</returns>
    /// <exception cref="SessionStoreException">The store cannot be reached.</exception>
    public async Task<Session?> UpdateClaimsAsync(
        string userId, string sessionId, Action<JsonObject> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        while (await _store.FindAsync(sessionId, cancellationToken) is { RevokedAt: null } row && row.UserId == userId && row.ExpiresAt > _clock.GetUtcNow())
        {
            var before = JsonNode.Parse(row.Claims)!.AsObject();
            var after = (JsonObject)before.DeepClone();
            change(after);
            after = SessionTicket.WithoutReserved(after);
            if (JsonNode.DeepEquals(before, after))
            {
                return ToSession(row);
            }

            var claims = after.ToJsonString(AuthJson.Compact);
            if (await _store.UpdateClaimsAsync(sessionId, row.Version, claims, cancellationToken) is { } version)
            {
                _changes.Apply(new SessionChange(sessionId, Revoked: false, version, row.ExpiresAt));
                return ToSession(row with { Claims = claims, Version = version });
            }
        }

        return null;
    }

    /// <summary>Changes the claims of all live sessions of a user, as <see cref="UpdateClaimsAsync"/> does for one, and returns how many there were.</summary>
    /// <exception cref="SessionStoreException">The store cannot be reached.</exception>
    public async Task<int> UpdateUserClaimsAsync(string userId, Action<JsonObject> change, CancellationToken cancellationToken = default)
    {
        var updated = 0;
        foreach (var record in await _store.ListAsync(userId, cancellationToken))
        {
            updated += await UpdateClaimsAsync(userId, record.Id, change, cancellationToken) is null ? 0 : 1;
        }

        return updated;
    }

    /// <summary>Whether the session of a token lives, with its newest claims. A hash look-up, unless the claims changed or the token is due for renewal.</summary>
    internal async ValueTask<SessionCheck> CheckAsync(SessionTicket ticket, CancellationToken cancellationToken, bool isUse = true)
    {
        var now = _clock.GetUtcNow();
        if (EndOf(ticket) <= now)
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

        var isDue = ticket.IssuedAt + _options.UpdateAge <= now || _state.IsOlderThanStore(ticket.IssuedAt);
        var isStale = change is { } newer && newer.Version > ticket.Version;
        return isDue || isStale ? await CheckRowAsync(ticket, isDue, cancellationToken) : SessionCheck.Live(ticket);
    }

    /// <summary>How long a session lasts from now on unless it is renewed.</summary>
    internal TimeSpan LeftOf(Session session) => session.ExpiresAt - _clock.GetUtcNow();

    /// <summary>How long an active page may wait before it asks for its session, so that the cookie is renewed in time.</summary>
    internal TimeSpan RefreshInterval => (_options.UpdateAge < _options.IdleLifetime / 2 ? _options.UpdateAge : _options.IdleLifetime / 2) / 2;

    /// <summary>When a session ends by itself unless it is renewed.</summary>
    internal DateTimeOffset EndOf(SessionTicket ticket)
    {
        var absolute = ticket.SignedInAt + _options.AbsoluteLifetime;
        return ticket.ExpiresAt < absolute ? ticket.ExpiresAt : absolute;
    }

    /// <summary>The session was used, though no request carried its cookie.</summary>
    internal void Seen(SessionTicket ticket) => _activity.Seen(ticket, _clock.GetUtcNow());

    /// <summary>A ticket with new times, moved forward in the store first; null when the session no longer lives.</summary>
    internal async Task<SessionTicket?> RenewAsync(SessionTicket ticket, CancellationToken cancellationToken)
    {
        var renewed = WithTimes(ticket);
        return await _store.TouchAsync(ticket.Id, renewed.IssuedAt, renewed.ExpiresAt, cancellationToken) ? renewed : null;
    }

    /// <summary>Gives a ticket that is about to be written its times: now, and now + idle lifetime, at most the absolute lifetime.</summary>
    internal SessionTicket WithTimes(SessionTicket ticket)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(_clock.GetUtcNow().ToUnixTimeSeconds());
        var idle = now + _options.IdleLifetime;
        var absolute = ticket.SignedInAt + _options.AbsoluteLifetime;
        return ticket.With(now, idle < absolute ? idle : absolute);
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
        await _store.FindAsync(ticket.Id, cancellationToken) is { RevokedAt: null } row && row.UserId == ticket.UserId && row.ExpiresAt > _clock.GetUtcNow()
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
        _changes.Apply(new SessionChange(ticket.Id, Revoked: true, ticket.Version, _clock.GetUtcNow() + _options.AbsoluteLifetime));
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

        if (row is null || row.RevokedAt is not null || row.UserId != ticket.UserId)
        {
            return SessionCheck.Refused(row is null ? SessionRefusal.Unknown : SessionRefusal.Revoked);
        }

        var current = row.Version > ticket.Version ? ticket.With(row) : ticket;
        return SessionCheck.Live(current, isDue, isChanged: row.Version > ticket.Version);
    }

    private async Task<int> RevokeAllAsync(string userId, string? exceptSessionId, CancellationToken cancellationToken)
    {
        var revoked = await _store.RevokeAllAsync(userId, exceptSessionId, cancellationToken);
        foreach (var id in revoked)
        {
            await AnnounceAsync(userId, id);
        }

        return revoked.Count;
    }

    private async Task AnnounceAsync(string userId, string sessionId)
    {
        // A revocation is remembered until the longest-lived token of the session has ended by itself.
        _changes.Apply(new SessionChange(sessionId, Revoked: true, Version: 0, _clock.GetUtcNow() + _options.AbsoluteLifetime));
        await TellAsync(userId, sessionId);
    }

    private async Task TellAsync(string userId, string sessionId)
    {
        _logger.SessionRevoked(sessionId);
        await using var scope = _scopes.CreateAsyncScope();
        await AuthEventRunner.RunAsync(
            scope.ServiceProvider,
            events => events.SessionRevokedAsync(new SessionRevokedContext { UserId = userId, SessionId = sessionId, Services = scope.ServiceProvider }));
    }

    private static Session ToSession(SessionRecord record, string? currentId = null)
    {
        var claims = JsonNode.Parse(record.Claims)!.AsObject();
        return new Session
        {
            Id = record.Id,
            User = SessionTicket.UserOf(record.UserId, claims),
            Provider = record.Provider,
            CreatedAt = record.CreatedAt,
            LastSeenAt = record.LastSeenAt,
            ExpiresAt = record.ExpiresAt,
            Device = record.Device,
            IsCurrent = record.Id == currentId,
            Claims = SessionTicket.AppClaims(claims),
        };
    }
}

/// <summary>Whether a session lives.</summary>
internal readonly record struct SessionCheck(SessionTicket? Ticket, SessionRefusal Refusal, bool IsDue, bool IsChanged)
{
    /// <summary>It lives. <paramref name="isDue"/>: its token is old enough to be renewed, and the store has vouched for it. <paramref name="isChanged"/>: its claims are newer than the token's.</summary>
    public static SessionCheck Live(SessionTicket ticket, bool isDue = false, bool isChanged = false) => new(ticket, default, isDue, isChanged);

    public static SessionCheck Refused(SessionRefusal refusal) => new(null, refusal, false, false);
}
