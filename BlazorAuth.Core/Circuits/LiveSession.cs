using System.Diagnostics.CodeAnalysis;
using System.Security.Claims;
using BlazorAuth.Sessions;
using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Components.Authorization;

namespace BlazorAuth.Circuits;

/// <summary>A session that circuits of this node show. Its owner, <see cref="CircuitSessions"/>, guards it with its lock.</summary>
internal sealed class LiveSession
{
    private readonly IdentityShape _shape;
    private SessionStateProvider[] _circuits = [];
    private Task<AuthenticationState>? _state;

    public LiveSession(SessionTicket ticket, DateTimeOffset expiresAt, IdentityShape shape)
    {
        _shape = shape;
        Use(ticket);
        ExpiresAt = expiresAt;
        DueAt = expiresAt;
    }

    /// <summary>The newest that is known of the session.</summary>
    public SessionTicket Ticket { get; private set; }

    /// <summary>
    /// The principal for circuits whose own is an earlier one: what the session grants, and nothing that the app has added to one connection.
    /// </summary>
    public Task<AuthenticationState> State => _state ??= Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new SessionIdentity(Ticket, _shape))));

    /// <summary>When the session ends, unless the store knows of a renewal by then.</summary>
    public DateTimeOffset ExpiresAt { get; private set; }

    /// <summary>When the session's row is to be looked at next: when it expires, or earlier when a look at it failed.</summary>
    public DateTimeOffset DueAt { get; set; }

    /// <summary>When the session ends because another one took its place; null while none did.</summary>
    public DateTimeOffset? EndsAt { get; private set; }

    /// <summary>When pages that have not moved to the other session by themselves are loaded again.</summary>
    public DateTimeOffset? ReloadAt { get; set; }

    /// <summary>The circuits. The array is replaced, never changed, so it may be read outside the lock.</summary>
    public SessionStateProvider[] Circuits => _circuits;

    public void Add(SessionStateProvider circuit)
    {
        if (!_circuits.Contains(circuit))
        {
            _circuits = [.. _circuits, circuit];
        }
    }

    public void Remove(SessionStateProvider circuit) => _circuits = Array.FindAll(_circuits, other => other != circuit);

    /// <summary>Takes all circuits out at once, and returns them.</summary>
    public SessionStateProvider[] RemoveAll()
    {
        var circuits = _circuits;
        _circuits = [];
        return circuits;
    }

    /// <summary>Takes the newer ticket.</summary>
    [MemberNotNull(nameof(Ticket))]
    public void Use(SessionTicket ticket) => (Ticket, _state) = (ticket, null);

    public void ExtendTo(DateTimeOffset expiresAt)
    {
        ExpiresAt = expiresAt > ExpiresAt ? expiresAt : ExpiresAt;
        DueAt = ReloadAt ?? EndsAt ?? ExpiresAt;
    }

    /// <summary>Notes that another session took its place, or the exact time at which it ends because of that. False when the replacement was already known.</summary>
    public bool EndAt(DateTimeOffset endsAt, DateTimeOffset reloadAt)
    {
        var isNews = EndsAt is null;
        ReloadAt = isNews ? reloadAt : ReloadAt;
        ReloadAt = ReloadAt < endsAt ? ReloadAt : null;
        EndsAt = endsAt;
        DueAt = ReloadAt ?? endsAt;
        return isNews;
    }
}
