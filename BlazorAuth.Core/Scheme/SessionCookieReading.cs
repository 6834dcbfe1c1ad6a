using System.Text.Json.Nodes;
using BlazorAuth.Tokens;

namespace BlazorAuth.Scheme;

/// <summary>What a session cookie contains: a ticket, the claims of a token that Auth.js made, or why it was refused.</summary>
internal sealed record SessionCookieReading
{
    public KnownTicket? Known { get; init; }

    public JsonObject? ForeignClaims { get; init; }

    /// <summary>Whether the token is one of next-auth 4.</summary>
    public bool IsV4 { get; init; }

    /// <summary>Whether the first secret encrypted a foreign token.</summary>
    public bool IsOfFirstSecret { get; init; }

    /// <summary>Remembers the ticket that was made for an Auth.js token.</summary>
    public Action<KnownTicket>? Remember { get; init; }

    public SessionRefusal Refusal { get; init; }

    /// <summary>Whether there were cookies of two people, or more cookies than are looked at, so that none is accepted.</summary>
    public bool IsConflict { get; init; }

    /// <summary>Whether a cookie that is refused may be deleted. One that another site of this domain may have set cannot be, and it must not cost the browser its own.</summary>
    public bool MayBeDeleted { get; init; } = true;

    /// <summary>Whose session it is; null unless it was read.</summary>
    public string? UserId => Known?.Ticket.UserId ?? (ForeignClaims is null ? null : SessionTicket.Text(ForeignClaims, AuthClaims.Subject) ?? "");

    /// <summary>How new it is, in seconds.</summary>
    public long IssuedAt => Known?.Ticket.IssuedAt.ToUnixTimeSeconds() ?? (ForeignClaims?["iat"] is JsonValue iat && iat.TryGetValue(out double seconds) ? (long)seconds : 0);
}
