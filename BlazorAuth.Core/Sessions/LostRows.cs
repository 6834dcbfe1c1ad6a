using BlazorAuth.Sync;
using BlazorAuth.Tokens;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Sessions;

/// <summary>
/// The rows that a store has lost, while nodes remember all that was revoked since: each is written again from the token of its session, so that nobody is signed
/// out. Outside of what was lost a row that is missing stays so: somebody has removed it. No token has the stamp of ASP.NET Core Identity: where it counts, people sign
/// in again.
/// </summary>
internal sealed class LostRows(
    ISessionStore store, SealedRows rows, StoreState state, StoreWatch watch, KnownChanges changes, SharedClock clock, StampUse stamps, ILogger<LostRows> logger)
{
    /// <summary>Whether a token, written by BlazorAuth with the first secret about a row of this store, tells of a write that was lost.</summary>
    public bool MayBring(KnownTicket known) =>
        !stamps.Counts && known.IsCurrent && known.Own.Mark is { } mark && mark.StoreId == state.StoreId && state.Losses.LostAt(mark.Number) is not null;

    /// <summary>Writes the row again; null when the person's sessions were all ended meanwhile.</summary>
    public async Task<SessionRow?> BringAsync(KnownTicket known, CancellationToken cancellationToken)
    {
        var ticket = known.Ticket;
        if (await WasEndedAsync(ticket, cancellationToken))
        {
            return null;
        }

        try
        {
            await rows.CreateAsync(ticket, new SessionOrigin(Device: null) { IsAdopted = ticket.IsAdopted }, cancellationToken);
            logger.SessionWrittenAgain(ticket.Id);
        }
        catch (InvalidOperationException)
        {
            // Another node was faster, or has written its revocation back.
        }

        // A revocation between the two calls did not find the row.
        if (await WasEndedAsync(ticket, cancellationToken))
        {
            await store.RevokeAsync(
                ticket.UserId, ticket.Id, new SessionRevocation(RevocationReason.Revoked, ticket.ExpiresAt), CancellationToken.None);
            await store.EraseAsync(ticket.UserId, ticket.Id, CancellationToken.None);
        }

        return await rows.FindAsync(ticket.Id, cancellationToken);
    }

    /// <summary>Takes note that all sessions of a person were ended, those included that the store does not know at the moment.</summary>
    /// <param name="userId">Whose sessions.</param>
    /// <param name="until">Until when it is remembered.</param>
    /// <param name="looks">Whether to look first if the store has gone back a moment ago, and nobody has noticed.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task EndAllAsync(string userId, DateTimeOffset until, bool looks, CancellationToken cancellationToken)
    {
        if (looks && !state.Losses.Any)
        {
            await watch.RoundAsync(all: false, cancellationToken);
        }

        // Once for each loss: lost sessions began before the loss was detected.
        var lostAt = state.Losses.Any ? state.Losses.LastAt : state.LostAt;
        if (lostAt is { } at && !(await EndOfAllAsync(userId, cancellationToken) >= at))
        {
            var (id, now) = (EndOfAll.NewId(userId), clock.GetUtcNow());
            await RevokedRow.WriteAsync(
                store, id, EndOfAll.NameOf(userId), version: 1, now, new SessionRevocation(RevocationReason.Banned, until), isAdopted: false, cancellationToken);
            changes.Apply(new SessionChange(id, Revoked: true, Version: 1, until, now));
        }
    }

    private async Task<bool> WasEndedAsync(SessionTicket ticket, CancellationToken cancellationToken) =>
        await EndOfAllAsync(ticket.UserId, cancellationToken) >= ticket.SignedInAt;

    private async Task<DateTimeOffset?> EndOfAllAsync(string userId, CancellationToken cancellationToken) =>
        await store.ListHistoryAsync(EndOfAll.NameOf(userId), 1, cancellationToken: cancellationToken) is [{ RevokedAt: { } endedAt }] ? endedAt : null;
}
