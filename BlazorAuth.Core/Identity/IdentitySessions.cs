using BlazorAuth.Circuits;
using BlazorAuth.Identity;
using BlazorAuth.Scheme;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth;

/// <summary>
/// Ends sessions when ASP.NET Core Identity changes a user. BlazorAuth calls it automatically, unless the app has its own <c>UserManager</c>, which
/// then has to call it around each update. Registered as a scoped service.
/// </summary>
public sealed class IdentitySessions
{
    private readonly SessionManager _sessions;
    private readonly SessionStateProvider _circuit;
    private readonly IHttpContextAccessor _requests;
    private readonly IStoredStamps _stamps;
    private readonly IUntoldChanges _untold;

    private Change? _last;

    internal IdentitySessions(SessionManager sessions, SessionStateProvider circuit, IHttpContextAccessor requests, IStoredStamps stamps, IUntoldChanges untold)
    {
        _sessions = sessions;
        _circuit = circuit;
        _requests = requests;
        _stamps = stamps;
        _untold = untold;
    }

    /// <summary>
    /// The stamp that a user has in Identity's database. Call it before the user is changed, and give <see cref="StampChangedAsync"/> the result: the session that
    /// makes the change only goes on if it has this stamp. <see langword="null"/> if the current session is not the user's, which needs no stamp, or if the stamp
    /// cannot be read.
    /// </summary>
    /// <param name="userId">The user.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<string?> StoredStampAsync(string userId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        if (await CurrentAsync(userId) is null)
        {
            return null;
        }

        // A request that changes the user again may have a transaction open, which hides its first change or keeps others from reading.
        var last = _last?.UserId == userId ? _last : null;
        if (last is not null && _circuit.Live is null)
        {
            return last.Stamp;
        }

        var stored = await _stamps.FindAsync(userId, cancellationToken);
        return last is not null && stored == last.Earlier ? last.Stamp : stored;
    }

    /// <summary>
    /// Ends every session of a user that has a different stamp, on every node and in open circuits. The current session, which makes the change, gets the new stamp
    /// and goes on if it had <paramref name="earlierStamp"/>; otherwise its stamp was out of date before, and it ends too. If both stamps are known and
    /// differ, the user's sign-ins that are under way have to start again. Call it after each update, whether or not that changed the stamp.
    /// </summary>
    /// <param name="userId">The user.</param>
    /// <param name="securityStamp">The user's current stamp.</param>
    /// <param name="earlierStamp">What <see cref="StoredStampAsync"/> returned before the update. Without it, a new stamp ends the current session too.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many sessions ended.</returns>
    public async Task<int> StampChangedAsync(string userId, string securityStamp, string? earlierStamp, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(userId);
        ArgumentNullException.ThrowIfNull(securityStamp);
        if (earlierStamp is not null && earlierStamp != securityStamp)
        {
            await EndSignInsAsync(userId, cancellationToken);
        }

        return await EndOtherStampsAsync(userId, securityStamp, earlierStamp, cancellationToken);
    }

    /// <summary>Keeps all sign-ins of a user that have begun from becoming sessions.</summary>
    internal Task EndSignInsAsync(string userId, CancellationToken cancellationToken = default) => TellOrKeepAsync(
        async () =>
        {
            await _sessions.EndSignInsAsync(userId, cancellationToken);
            return true;
        },
        () => _untold.KeepSignIns(userId));

    internal async Task<int> EndOtherStampsAsync(string userId, string securityStamp, string? earlierStamp, CancellationToken cancellationToken = default)
    {
        var current = await CurrentAsync(userId);
        var (ended, stays) = await TellOrKeepAsync(
            () => _sessions.RevokeOtherStampsAsync(userId, securityStamp, earlierStamp, current, cancellationToken), () => _untold.Keep(userId, earlierStamp, current, securityStamp));
        if (stays && earlierStamp != securityStamp)
        {
            _last = new Change(userId, earlierStamp, securityStamp);
        }

        return ended;
    }

    /// <summary>Ends every session of a user who no longer exists, and returns how many there were.</summary>
    public Task<int> UserDeletedAsync(string userId, CancellationToken cancellationToken = default) =>
        TellOrKeepAsync(() => _sessions.RevokeUserAsync(userId, RevocationReason.Revoked, cancellationToken), () => _untold.Keep(userId, earlierStamp: null, changingId: null, madeStamp: null));

    /// <summary>Tells the store; if it does not respond, the caller hears that, and it is told later.</summary>
    private static async Task<T> TellOrKeepAsync<T>(Func<Task<T>> tell, Action keep)
    {
        try
        {
            return await tell();
        }
        catch (SessionStoreException)
        {
            keep();
            throw;
        }
    }

    private async Task<string?> CurrentAsync(string userId)
    {
        var ticket = _circuit.Live?.Ticket;
        if (ticket is null && _requests.HttpContext is { } http)
        {
            ticket = http.Features.Get<BegunSession>()?.Ticket ?? await http.CurrentTicketAsync();
        }

        return ticket?.UserId == userId ? ticket.Id : null;
    }

    /// <summary>A change that this scope made.</summary>
    private sealed record Change(string UserId, string? Earlier, string Stamp);
}
