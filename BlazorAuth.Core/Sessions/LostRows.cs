using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using BlazorAuth.Sync;
using BlazorAuth.Tokens;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Sessions;

/// <summary>
/// The rows that a store has lost, while nodes remember all that was revoked since: each is written again from the token of its session, so that nobody is signed
/// out. Outside of what was lost a row that is missing stays so: somebody has removed it.
/// </summary>
internal sealed class LostRows(ISessionStore store, SealedRows rows, StoreState state, SharedClock clock, ILogger<LostRows> logger)
{
    /// <summary>Whether a token, written by us under the first secret about a row of this store, tells of a write that was lost.</summary>
    public bool MayBring(KnownTicket known) =>
        known.IsCurrent && known.Own.Mark is { } mark && mark.StoreId == state.StoreId && state.Losses.LostAt(mark.Number) is not null;

    /// <summary>Writes the row again; null when the person's sessions were all ended meanwhile.</summary>
    public async Task<SessionRow?> BringAsync(KnownTicket known, CancellationToken cancellationToken)
    {
        var ticket = known.Own;
        if (await store.ListHistoryAsync(NameOf(ticket.UserId), 1, cancellationToken: cancellationToken) is [{ RevokedAt: { } endedAt }] && endedAt >= ticket.SignedInAt)
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
            // Another node was faster, or gave back that it was revoked.
        }

        return await rows.FindAsync(ticket.Id, cancellationToken);
    }

    /// <summary>Takes note that all sessions of a person were ended, those included that the store does not know at the moment.</summary>
    public async Task EndAllAsync(string userId, DateTimeOffset until, CancellationToken cancellationToken)
    {
        if (state.Losses.Any)
        {
            await RevokedRow.WriteAsync(
                store, Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)), NameOf(userId), version: 1, clock.GetUtcNow(),
                new SessionRevocation(RevocationReason.Banned, until), cancellationToken);
        }
    }

    // Nobody's id: it stands in no list of a person.
    private static string NameOf(string userId) => "all-sessions-of:" + Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(userId)));
}
