using System.Text.Json.Nodes;
using BlazorAuth.Http;
using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using BlazorAuth.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth;

/// <summary>Lists, updates and revokes sessions. What it revokes is signed out at once: cookies are refused and open Blazor circuits become anonymous.</summary>
public sealed partial class SessionManager
{
    private readonly ISessionStore _store;
    private readonly KnownChanges _changes;
    private readonly StoreOutbox _activity;
    private readonly StoreState _state;
    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _clock;
    private readonly ILogger<SessionManager> _logger;

    internal SessionManager(
        ISessionStore store,
        KnownChanges changes,
        StoreOutbox activity,
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
        Lifetimes = new SessionLifetimes(options.Value.Session, clock);
        _logger = logger;
    }

    /// <summary>How long sessions live.</summary>
    internal SessionLifetimes Lifetimes { get; }

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

    /// <summary>Revokes all sessions of a user but one, and returns how many it revoked.</summary>
    /// <param name="userId">Whose sessions.</param>
    /// <param name="keptSessionId">The session that stays, usually the one at hand. <see cref="RevokeAsync(string, string, CancellationToken)"/> takes the one that ends.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="SessionStoreException">The store cannot be reached.</exception>
    public Task<int> RevokeOthersAsync(string userId, string keptSessionId, CancellationToken cancellationToken = default) =>
        RevokeAllAsync(userId, keptSessionId, cancellationToken);

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
        while (await _store.FindAsync(sessionId, cancellationToken) is { } row && row.UserId == userId && row.IsLive(_clock.GetUtcNow()))
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
        _changes.Apply(new SessionChange(sessionId, Revoked: true, Version: 0, Lifetimes.EndOfAnything));
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
