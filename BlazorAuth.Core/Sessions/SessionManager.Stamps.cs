using System.Text.Json.Nodes;
using BlazorAuth.Http;
using BlazorAuth.Sessions;
using BlazorAuth.Tokens;

namespace BlazorAuth;

/// <content>Security stamps of ASP.NET Core Identity.</content>
public sealed partial class SessionManager
{
    /// <summary>Ends the sessions of a user that have another stamp. The one that made the change stays with the new one, if it had the stamp from before the change.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="stamp">The stamp since the change.</param>
    /// <param name="earlierStamp">The stamp until then; null if unknown.</param>
    /// <param name="changingId">The session that made the change.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>How many ended, and whether the one that made the change has the new stamp.</returns>
    internal async Task<(int Ended, bool Stays)> RevokeOtherStampsAsync(
        string userId, string stamp, string? earlierStamp, string? changingId, CancellationToken cancellationToken)
    {
        // First: another change of the same person, a moment later, is to find it up to date.
        var stays = changingId is not null && await StaysAsync(userId, changingId, stamp, earlierStamp, cancellationToken);
        var count = 0;
        await foreach (var record in LiveOfAsync(userId, cancellationToken))
        {
            if (!(stays && record.Id == changingId) && _rows.Open(record)!.Content?.Stamp?.Value != stamp
                && await RevokeAsync(userId, record.Id, cancellationToken) == RevokeResult.Revoked)
            {
                count++;
            }
        }

        if (stamp != earlierStamp)
        {
            // Those that the store has lost are in no list.
            await _lostRows.EndAllAsync(userId, Lifetimes.EndOfAnything, looks: count > 0 || earlierStamp is not null, cancellationToken);
        }

        return (count, stays);
    }

    /// <summary>Whether the session that made a change may go on; then it has the new stamp. One whose stamp was out of date before has no right to it.</summary>
    private async Task<bool> StaysAsync(string userId, string sessionId, string stamp, string? earlierStamp, CancellationToken cancellationToken)
    {
        if (await _rows.FindAsync(sessionId, cancellationToken) is not { Content: { } content } row || row.Record.UserId != userId || content.Stamp?.Value == stamp)
        {
            return true;
        }

        // Without a stamp, it began before Identity was there.
        if (content.Stamp is { } own && own.Value != earlierStamp)
        {
            return false;
        }

        await StampAsync(row, stamp, cancellationToken);

        // The session that it replaced may have been copied before.
        await EndReplacedAsync(userId, cancellationToken);
        return true;
    }

    /// <summary>Brings the stamp and the claims of a session up to date, whatever else changes them meanwhile.</summary>
    /// <param name="looked">The row whose stamp was compared.</param>
    /// <param name="stamp">What Identity knows of the user.</param>
    /// <param name="change">The claims from now on, made of what the session has.</param>
    /// <param name="cancellationToken">Cancels the wait for the turn.</param>
    /// <returns>False when the session has got another stamp meanwhile, and nothing was written.</returns>
    internal async Task<bool> StampAsync(SessionRow looked, UserStamp? stamp, Func<RowContent, JsonObject> change, CancellationToken cancellationToken)
    {
        var isOther = false;
        var (row, isWritten) = await _rows.ChangeAsync(
            looked.Record.Id,
            found =>
            {
                if (found.Content is not { } content || !found.Record.IsLive(_clock.Earliest))
                {
                    return null;
                }

                isOther = content.Stamp?.Value != looked.Content!.Stamp?.Value;
                var claims = isOther ? content.Claims : SessionTicket.WithoutReserved(change(content));
                return isOther || (JsonEquality.AreSame(content.Claims, claims) && AreSame(content.Stamp, stamp)) ? null : content with { Claims = claims, Stamp = stamp };
            },
            cancellationToken);
        if (isWritten)
        {
            Tell(row!);
        }

        return !isOther;
    }

    private static bool AreSame(UserStamp? one, UserStamp? other) =>
        one is null || other is null ? one is null && other is null : one.Value == other.Value && one.Claims.SequenceEqual(other.Claims);

    /// <summary>Whether more is known of a session than a ticket says.</summary>
    internal bool IsOutdated(SessionTicket ticket) => _changes.Find(ticket.Id) is { } change && change.Version > ticket.Version;

    private async Task StampAsync(SessionRow row, string stamp, CancellationToken cancellationToken)
    {
        // If another change comes first, the version differs: then the newest row gets the stamp, unless it got another one.
        var before = row.Content?.Stamp?.Value;
        for (SessionRow? newest = row; newest is { Content: { } content } && content.Stamp?.Value == before;)
        {
            // With a version of its own: a check that has read the row before doesn't write the earlier stamp over it.
            if (await UpdateAsync(newest, content with { Stamp = new UserStamp(stamp, content.Stamp?.Claims ?? []) }, cancellationToken) is not null)
            {
                return;
            }

            var next = await _rows.FindAsync(row.Record.Id, cancellationToken);
            newest = next?.Record.IsLive(_clock.Earliest) == true && next.Record.Version > newest.Record.Version ? next : null;
        }
    }
}
