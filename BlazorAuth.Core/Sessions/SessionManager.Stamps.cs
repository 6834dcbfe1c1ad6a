using System.Text.Json.Nodes;
using BlazorAuth.Sessions;
using BlazorAuth.Tokens;

namespace BlazorAuth;

/// <content>Security stamps of ASP.NET Core Identity.</content>
public sealed partial class SessionManager
{
    /// <summary>Ends the sessions of a user that began with another stamp. The one that stays gets the new one.</summary>
    internal async Task<int> RevokeOtherStampsAsync(string userId, string stamp, string? keptSessionId, CancellationToken cancellationToken)
    {
        var count = 0;
        await foreach (var record in LiveOfAsync(userId, cancellationToken))
        {
            var row = _rows.Open(record)!;
            if (row.Content?.Stamp?.Value == stamp)
            {
                continue;
            }

            if (record.Id == keptSessionId)
            {
                await StampAsync(row, stamp, cancellationToken);

                // The session that it replaced may have been copied before.
                _changes.EndReplacedBy(record.Id);
            }
            else if (await RevokeAsync(userId, record.Id, cancellationToken) == RevokeResult.Revoked)
            {
                count++;
            }
        }

        return count;
    }

    /// <summary>Brings the stamp and the claims of a session up to date; what something else changes meanwhile is left for the next time.</summary>
    internal async Task StampAsync(SessionRow row, UserStamp? stamp, JsonObject claims, CancellationToken cancellationToken)
    {
        var content = row.Content!;
        if (!JsonNode.DeepEquals(content.Claims, claims))
        {
            await UpdateAsync(row, content with { Claims = SessionTicket.WithoutReserved(claims), Stamp = stamp }, cancellationToken);
        }
        else if (content.Stamp is null != stamp is null || content.Stamp?.Claims.SequenceEqual(stamp!.Claims) == false)
        {
            await _rows.RewriteAsync(row.Record, content with { Stamp = stamp }, cancellationToken);
        }
    }

    private async Task StampAsync(SessionRow row, string stamp, CancellationToken cancellationToken)
    {
        // If another change comes first, the version differs: then the newest row gets the stamp.
        for (SessionRow? newest = row; newest is { Content: { } content };)
        {
            if (await _rows.RewriteAsync(newest.Record, content with { Stamp = new UserStamp(stamp, content.Stamp?.Claims ?? []) }, cancellationToken))
            {
                return;
            }

            var next = await _rows.FindAsync(row.Record.Id, cancellationToken);
            newest = next?.Record.IsLive(_clock.Earliest) == true && next.Record.Version > newest.Record.Version ? next : null;
        }
    }
}
