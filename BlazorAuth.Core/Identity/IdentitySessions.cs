using BlazorAuth.Circuits;
using BlazorAuth.Scheme;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth;

/// <summary>
/// Ends sessions when ASP.NET Core Identity changes a user. BlazorAuth calls it automatically, unless the app has its own <c>UserManager</c>, which
/// then has to call it after each update. Registered as a scoped service.
/// </summary>
public sealed class IdentitySessions
{
    private readonly SessionManager _sessions;
    private readonly SessionStateProvider _circuit;
    private readonly IHttpContextAccessor _requests;

    internal IdentitySessions(SessionManager sessions, SessionStateProvider circuit, IHttpContextAccessor requests)
    {
        _sessions = sessions;
        _circuit = circuit;
        _requests = requests;
    }

    /// <summary>
    /// Ends every session of a user that began with a different stamp, on every node and in open circuits, except the one that made the change. Does
    /// nothing if the stamp has not changed.
    /// </summary>
    /// <param name="userId">The user.</param>
    /// <param name="securityStamp">The user's current stamp.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many sessions ended.</returns>
    public async Task<int> StampChangedAsync(string userId, string securityStamp, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        ArgumentNullException.ThrowIfNull(securityStamp);
        return await _sessions.RevokeOtherStampsAsync(userId, securityStamp, await CurrentAsync(userId), cancellationToken);
    }

    /// <summary>Ends every session of a user who no longer exists, and returns how many there were.</summary>
    public Task<int> UserDeletedAsync(string userId, CancellationToken cancellationToken = default) =>
        _sessions.RevokeUserAsync(userId, RevocationReason.Revoked, cancellationToken);

    private async Task<string?> CurrentAsync(string userId)
    {
        var ticket = _circuit.Live?.Ticket;
        if (ticket is null && _requests.HttpContext is { } http)
        {
            ticket = http.Features.Get<BegunSession>()?.Ticket ?? await http.CurrentTicketAsync();
        }

        return ticket?.UserId == userId ? ticket.Id : null;
    }
}
