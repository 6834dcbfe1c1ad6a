using BlazorAuth.Sync;
using BlazorAuth.Tokens;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Sessions;

/// <summary>The arithmetic of how long sessions and their tokens live: idle, renewal and absolute lifetime against this node's clock.</summary>
internal sealed class SessionLifetimes(IOptions<AuthOptions> options, SharedClock clock)
{
    /// <summary>How far the clock of another node may be ahead.</summary>
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LeastAge = TimeSpan.FromMinutes(1);

    private readonly AuthSessionOptions _options = options.Value.Session;

    /// <summary>How long a session lasts from now on unless it is renewed.</summary>
    public TimeSpan LeftOf(Session session) => session.ExpiresAt - clock.Earliest;

    /// <summary>How long an active page may wait before it asks for its session, so that the cookie is renewed in time.</summary>
    public TimeSpan RefreshInterval => (_options.UpdateAge < _options.IdleLifetime / 2 ? _options.UpdateAge : _options.IdleLifetime / 2) / 2;

    /// <summary>When a session ends by itself unless it is renewed.</summary>
    public DateTimeOffset EndOf(SessionTicket ticket) => Earlier(ticket.ExpiresAt, ticket.SignedInAt + _options.AbsoluteLifetime);

    /// <summary>When the session of a row ends by itself: its writer may have allowed longer lives.</summary>
    public DateTimeOffset EndOf(SessionRecord row) => Earlier(row.ExpiresAt, row.CreatedAt + _options.AbsoluteLifetime);

    /// <summary>Whether a session began before the moment from which on sessions count (<c>AUTH_SESSIONS_NOT_BEFORE</c>).</summary>
    public bool IsTooOld(DateTimeOffset signedInAt) => signedInAt < _options.NotBefore;

    /// <summary>The ticket of a token that was read: whatever its <c>exp</c> says, it lives no longer than it was allowed to when it was written.</summary>
    public SessionTicket Shortened(SessionTicket ticket) =>
        ticket.With(ticket.IssuedAt, Earlier(ticket.ExpiresAt, ticket.IssuedAt + _options.IdleLifetime));

    /// <summary>Gives a ticket that is about to be written its times: now, and now + idle lifetime, at most the absolute lifetime.</summary>
    public SessionTicket WithTimes(SessionTicket ticket)
    {
        var now = Now();
        return ticket.With(now, Earlier(now + _options.IdleLifetime, ticket.SignedInAt + _options.AbsoluteLifetime));
    }

    /// <summary>The ticket as it can be written without telling the store; null when a renewal would give it a noticeably longer life.</summary>
    public SessionTicket? WithTimesOf(SessionTicket ticket, SessionRecord row)
    {
        var renewed = WithTimes(ticket);
        return row.ExpiresAt + _options.UpdateAge > renewed.ExpiresAt && row.ExpiresAt > renewed.IssuedAt
            ? ticket.With(renewed.IssuedAt, DateTimeOffset.FromUnixTimeSeconds(Earlier(row.ExpiresAt, renewed.ExpiresAt).ToUnixTimeSeconds()))
            : null;
    }

    /// <summary>Whether what was true at a moment is old enough to be asked again. A moment in the future is.</summary>
    public bool IsDue(DateTimeOffset moment) => clock.GetUtcNow() is var now && (moment + _options.UpdateAge <= now || moment > now + ClockSkew);

    /// <summary>Whether a token was written so recently that its session would gain nothing by another renewal.</summary>
    public bool WasJustWritten(DateTimeOffset issuedAt) =>
        clock.GetUtcNow() is var now && issuedAt <= now && now < issuedAt + (_options.UpdateAge < LeastAge ? _options.UpdateAge : LeastAge);

    /// <summary>Until when a node has to remember a revocation at most: the longest-lived token of the session has ended by itself then.</summary>
    public DateTimeOffset EndOfAnything => clock.GetUtcNow() + _options.AbsoluteLifetime;

    /// <summary>How a session is revoked now. Its row stays at least as long as a token that Auth.js made before can live.</summary>
    public SessionRevocation Revocation(RevocationReason reason) => new(reason, clock.GetUtcNow() + _options.IdleLifetime);

    private DateTimeOffset Now() => DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;
}
