using BlazorAuth.Tokens;

namespace BlazorAuth.Sessions;

/// <summary>The arithmetic of how long sessions and their tokens live: idle, renewal and absolute lifetime against this node's clock.</summary>
internal sealed class SessionLifetimes(AuthSessionOptions options, TimeProvider clock)
{
    /// <summary>How long a session lasts from now on unless it is renewed.</summary>
    public TimeSpan LeftOf(Session session) => session.ExpiresAt - clock.GetUtcNow();

    /// <summary>How long an active page may wait before it asks for its session, so that the cookie is renewed in time.</summary>
    public TimeSpan RefreshInterval => (options.UpdateAge < options.IdleLifetime / 2 ? options.UpdateAge : options.IdleLifetime / 2) / 2;

    /// <summary>When a session ends by itself unless it is renewed.</summary>
    public DateTimeOffset EndOf(SessionTicket ticket)
    {
        var absolute = ticket.SignedInAt + options.AbsoluteLifetime;
        return ticket.ExpiresAt < absolute ? ticket.ExpiresAt : absolute;
    }

    /// <summary>Gives a ticket that is about to be written its times: now, and now + idle lifetime, at most the absolute lifetime.</summary>
    public SessionTicket WithTimes(SessionTicket ticket)
    {
        var now = DateTimeOffset.FromUnixTimeSeconds(clock.GetUtcNow().ToUnixTimeSeconds());
        var idle = now + options.IdleLifetime;
        var absolute = ticket.SignedInAt + options.AbsoluteLifetime;
        return ticket.With(now, idle < absolute ? idle : absolute);
    }

    /// <summary>Whether a token is old enough to be renewed.</summary>
    public bool IsDue(SessionTicket ticket) => ticket.IssuedAt + options.UpdateAge <= clock.GetUtcNow();

    /// <summary>Until when a revocation has to be remembered: the longest-lived token of the session has ended by itself then.</summary>
    public DateTimeOffset EndOfAnything => clock.GetUtcNow() + options.AbsoluteLifetime;
}
