using System.Text.Json.Nodes;
using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using BlazorAuth.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth;

/// <summary>Lists, updates and revokes sessions. Revoked sessions are signed out immediately: cookies are rejected and open Blazor circuits become anonymous.</summary>
public sealed partial class SessionManager
{
    /// <summary>How many sessions a list holds.</summary>
    internal const int PageSize = 100;

    // More than one call is needed only if the option was lowered; otherwise a sign-in exceeds the limit by one.
    private const int MostLimitings = 10;
    private const int MostHistoryPages = 10;

    private readonly ISessionStore _store;
    private readonly SealedRows _rows;
    private readonly KnownChanges _changes;
    private readonly StoreOutbox _activity;
    private readonly StoreState _state;
    private readonly StoreWatch _watch;
    private readonly ChangeReader _reader;
    private readonly LostRows _lostRows;
    private readonly UserMoments _moments;
    private readonly IServiceScopeFactory _scopes;
    private readonly AuthSessionOptions _options;
    private readonly SharedClock _clock;
    private readonly ILogger<SessionManager> _logger;

    internal SessionManager(
        ISessionStore store,
        SealedRows rows,
        KnownChanges changes,
        StoreOutbox activity,
        StoreState state,
        StoreWatch watch,
        ChangeReader reader,
        LostRows lostRows,
        UserMoments moments,
        SessionLifetimes lifetimes,
        IServiceScopeFactory scopes,
        IOptions<AuthOptions> options,
        SharedClock clock,
        ILogger<SessionManager> logger)
    {
        _store = store;
        _rows = rows;
        _changes = changes;
        _activity = activity;
        _state = state;
        _watch = watch;
        _reader = reader;
        _lostRows = lostRows;
        _moments = moments;
        _scopes = scopes;
        _options = options.Value.Session;
        _clock = clock;
        Lifetimes = lifetimes;
        _logger = logger;
    }

    /// <summary>How long sessions live.</summary>
    internal SessionLifetimes Lifetimes { get; }

    /// <summary>The live sessions of a user, most recently seen first: at most a hundred. <see cref="ListAfterAsync"/> lists more.</summary>
    /// <exception cref="SessionStoreException">The store cannot be reached.</exception>
    public Task<IReadOnlyList<Session>> ListAsync(string userId, CancellationToken cancellationToken = default) =>
        ListAsync(userId, current: null, after: null, cancellationToken);

    /// <summary>
    /// The live sessions of a signed-in person, most recently seen first: at most a hundred. <see cref="ListAfterAsync"/> lists more. The current one, if it is among
    /// these, has <see cref="Session.IsCurrent"/> set, as long as requests of it are accepted.
    /// </summary>
    /// <exception cref="SessionStoreException">The store cannot be reached.</exception>
    public async Task<IReadOnlyList<Session>> ListAsync(Session current, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(current);
        return await ListAsync(current.User.Id, await AcceptedAsync(current, cancellationToken), after: null, cancellationToken);
    }

    /// <summary>The next page of a list: a hundred more sessions at most. A user has more than one page only if <see cref="AuthSessionOptions.MostPerUser"/> allows it.</summary>
    /// <param name="last">The last session of the previous page.</param>
    /// <param name="current">The current session, to be marked as such.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="SessionStoreException">The store cannot be reached.</exception>
    public async Task<IReadOnlyList<Session>> ListAfterAsync(Session last, Session? current = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(last);
        return await ListAsync(last.User.Id, await AcceptedAsync(current, cancellationToken), last, cancellationToken);
    }

    /// <summary>
    /// Whether the person authenticated within this time (<see cref="Session.AuthenticatedAt"/>), by this server's clock. False if unknown. Signing
    /// in again without being prompted, as providers may allow, does not count, nor does a provider that is not among
    /// <see cref="AuthSessionOptions.FreshProviders"/>.
    /// </summary>
    public bool IsFresh(Session session, TimeSpan within)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.AuthenticatedAt + within > _clock.GetUtcNow()
            && (_options.FreshProviders.Count == 0 || _options.FreshProviders.Contains(session.Provider, StringComparer.OrdinalIgnoreCase));
    }

    /// <summary>Ends the sessions that a person has too many of, now that there is one more: also when whoever began it does not wait for it.</summary>
    private async Task LimitAsync(SessionTicket newest)
    {
        for (var i = 0; i < MostLimitings && _options.MostPerUser > 0; i++)
        {
            IReadOnlyList<string> ended;
            try
            {
                ended = await _store.LimitAsync(
                    newest.UserId, newest.Id, _options.MostPerUser, Lifetimes.Revocation(RevocationReason.TooMany), CancellationToken.None);
            }
            catch (SessionStoreException exception)
            {
                // The session is in the store: whoever began it is to have its cookie.
                _logger.LimitPostponed(exception, newest.Id);
                return;
            }

            foreach (var id in ended)
            {
                await AnnounceAsync(newest.UserId, id, RevocationReason.TooMany);
            }

            if (ended.Count == 0)
            {
                return;
            }
        }
    }

    private async Task<IReadOnlyList<Session>> ListAsync(string userId, Session? current, Session? after, CancellationToken cancellationToken) =>
        [.. (await _rows.ListAsync(userId, PageSize, PlaceOf(after), cancellationToken)).Select(row => ToSession(row, IsUsable(row) ? current?.Id : null))];

    /// <summary>The session, if the app lets it go on; otherwise null. With Identity, its claims are up to date then, as after a request: a hub asks without one.</summary>
    private async ValueTask<Session?> AcceptedAsync(Session? session, CancellationToken cancellationToken)
    {
        if (session is null)
        {
            return null;
        }

        // Not injected: what answers needs this manager.
        await using var scope = _scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<IAppSignIn>().MayGoOnAsync(session, cancellationToken) ? session : null;
    }

    // All that a store uses.
    private static SessionRecord? PlaceOf(Session? session) => session is null ? null : new()
    {
        Id = session.Id, UserId = session.User.Id, Provider = session.Provider, Content = "", CreatedAt = session.CreatedAt,
        LastSeenAt = session.LastSeenAt, ExpiresAt = session.ExpiresAt,
    };

    private static Session ToSession(SessionRow row, string? currentId = null)
    {
        var record = row.Record;
        var claims = row.Content?.Claims ?? [];
        return new Session
        {
            Id = record.Id,
            User = SessionTicket.UserOf(record.UserId, claims),
            Provider = row.Content?.Provider ?? record.Provider,
            CreatedAt = record.CreatedAt,
            AuthenticatedAt = row.Content?.AuthenticatedAt,
            LastSeenAt = record.LastSeenAt,
            ExpiresAt = record.ExpiresAt,
            Device = record.Device,
            IsCurrent = record.Id == currentId,
            Claims = SessionTicket.AppClaims(claims),
        };
    }
}
