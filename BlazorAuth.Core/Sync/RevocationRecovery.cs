using Microsoft.Extensions.Logging;

namespace BlazorAuth.Sync;

/// <summary>
/// Writes back what a store forgot: emptied, restarted from an old snapshot, failed over to a replica that lagged behind. Each node gives what it knows.
/// </summary>
internal sealed class RevocationRecovery(ISessionStore store, KnownChanges changes, StoreOutbox activity, SharedClock clock, ILogger<RevocationRecovery> logger)
{
    // Entries that end within a minute may already be gone from the store by its own clock.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    /// <summary>Compares with all changes that the store knows. True when something was missing.</summary>
    public async Task<bool> WriteBackAsync(IReadOnlyList<SessionChange> known, CancellationToken cancellationToken)
    {
        var stored = new Dictionary<string, SessionChange>(known.Count, StringComparer.Ordinal);
        foreach (var change in known)
        {
            stored[change.SessionId] = change;
        }

        var now = clock.GetUtcNow();
        var count = 0;
        foreach (var lost in changes.All().Where(change =>
            change.ExpiresAt > now + Margin && !(stored.TryGetValue(change.SessionId, out var same) && Holds(same, change, now)) && !activity.IsPending(change.SessionId)))
        {
            try
            {
                count += await WriteBackAsync(lost, now, cancellationToken) ? 1 : 0;
            }
            catch (ArgumentException exception)
            {
                // One that the store refuses, it would refuse forever: the others are written back.
                logger.EntryRefused(exception);
            }
        }

        if (count > 0)
        {
            logger.RevocationsWrittenBack(count);
        }

        return count > 0;
    }

    // A session that was replaced, and not ended otherwise, ends by itself if the store has it. Otherwise it ends immediately: its user has the session that
    // replaced it. So does one whose new claims are lost: the older ones may grant rights that were removed.
    private static bool Holds(SessionChange stored, SessionChange known, DateTimeOffset now) =>
        stored.Revoked || (stored.ReplacedBy is not null && !known.IsOver(now)) || (IsAlive(known) && stored.Version >= known.Version);

    private static bool IsAlive(SessionChange change) => !change.Revoked && change.ReplacedBy is null;

    private async Task<bool> WriteBackAsync(SessionChange lost, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(lost.SessionId, cancellationToken) is { } row)
        {
            var revocation = new SessionRevocation(RevocationReason.Revoked, lost.ExpiresAt);
            return (row.RevokedAt is null ? !IsAlive(lost) || row.Version < lost.Version : row.IsEnding(now) && lost.IsOver(now))
                && await store.RevokeAsync(row.UserId, row.Id, revocation, cancellationToken) == RevokeResult.Revoked;
        }

        return await RevokedRow.WriteAsync(
            store, lost.SessionId, EndOfAll.NameIn(lost.SessionId) ?? RevokedRow.UnknownUser, Math.Max(lost.Version, 1), now, new SessionRevocation(RevocationReason.Revoked, lost.ExpiresAt), isAdopted: false, cancellationToken);
    }
}
