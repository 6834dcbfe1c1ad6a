using BlazorAuth.Tokens;

namespace BlazorAuth.Sessions;

/// <summary>Whether a session lives.</summary>
/// <param name="Ticket">The ticket of a session that lives, with its newest claims; otherwise null.</param>
/// <param name="Refusal">Why it does not.</param>
/// <param name="Row">Its row, where it was asked just now.</param>
internal readonly record struct SessionCheck(SessionTicket? Ticket, SessionRefusal Refusal, SessionRow? Row)
{
    /// <summary>Whether another session took its place: it keeps its rights for a moment, and gets nothing new.</summary>
    public bool IsReplaced { get; init; }

    public static SessionCheck Live(SessionTicket ticket, SessionRow? row = null) => new(ticket, default, row);

    public static SessionCheck Refused(SessionRefusal refusal) => new(null, refusal, null);
}
