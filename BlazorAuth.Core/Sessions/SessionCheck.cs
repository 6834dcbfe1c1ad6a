using BlazorAuth.Tokens;

namespace BlazorAuth.Sessions;

/// <summary>Whether a session lives.</summary>
internal readonly record struct SessionCheck(SessionTicket? Ticket, SessionRefusal Refusal, bool IsDue, bool IsChanged)
{
    /// <summary>It lives. <paramref name="isDue"/>: its token is old enough to be renewed, and the store has vouched for it. <paramref name="isChanged"/>: its claims are newer than the token's.</summary>
    public static SessionCheck Live(SessionTicket ticket, bool isDue = false, bool isChanged = false) => new(ticket, default, isDue, isChanged);

    public static SessionCheck Refused(SessionRefusal refusal) => new(null, refusal, false, false);
}
