namespace BlazorAuth.Tokens;

/// <summary>
/// What this node knows of one token: the ticket in it and, once the token's row was asked, what was found. A token whose row has to be asked is asked
/// about once, and not again with every request of a client that takes no new cookie.
/// </summary>
internal sealed class KnownTicket(SessionTicket ticket, bool isCurrent)
{
    private volatile Sight? _sight;

    /// <summary>The newest that is known: from the row, where it was asked; otherwise from the token.</summary>
    public SessionTicket Ticket => _sight?.Ticket ?? ticket;

    /// <summary>What the token says itself.</summary>
    public SessionTicket Own => ticket;

    /// <summary>Whether the token is in the current format and encrypted with the first secret.</summary>
    public bool IsCurrent => isCurrent;

    /// <summary>When the row was last found alive; null while it was not asked.</summary>
    public Sight? Sight => _sight;

    /// <summary>Whether the browser is to get another cookie: the token says less than what is known.</summary>
    public bool NeedsCookie => _sight is { } sight && !ReferenceEquals(sight.Ticket, ticket);

    /// <summary>A token that this node wrote, about a row that it had just found alive. One for an adopted session is still to come back.</summary>
    public static KnownTicket Written(SessionTicket ticket)
    {
        var known = new KnownTicket(ticket, isCurrent: true);
        if (ticket is { Mark: { } mark, IsAdopted: false })
        {
            known.Saw(new Sight(ticket, mark.StoreId, ticket.IssuedAt, IsWritten: true));
        }

        return known;
    }

    public void Saw(Sight sight) => _sight = sight;
}

/// <summary>A row that was found alive.</summary>
/// <param name="Ticket">The ticket as the row has it.</param>
/// <param name="StoreId">The store that was asked.</param>
/// <param name="At">When it was asked.</param>
/// <param name="IsWritten">Whether the ticket has the times of a new token; otherwise those have to be given to the row first.</param>
internal sealed record Sight(SessionTicket Ticket, string StoreId, DateTimeOffset At, bool IsWritten);
