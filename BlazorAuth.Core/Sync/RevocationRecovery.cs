using Microsoft.Extensions.Logging;

namespace BlazorAuth.Sync;

/// <summary>
/// Writes back what a store forgot: emptied, restarted from an old snapshot, failed over to a replica that lagged behind. Each node gives what it knows.
/// </summary>
internal sealed class RevocationRecovery(ISessionStore store, KnownChanges changes, StoreOutbox activity, SharedClock clock, ILogger<RevocationRecovery> logger)
{
    // What ends within a minute anyway may be gone from the store by its own clock.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    /// <summary>Compares with all changes that the store knows. True when something was missing.</summary>
    public async Task<bool> WriteBackAsync(IReadOnlyList<SessionChange> known, CancellationToken cancellationToken)
    {
        var revoked = known.Where(change => change.Revoked).Select(change => change.SessionId).ToHashSet(StringComparer.Ordinal);
        var replaced = known.Where(change => change.ReplacedBy is not null).Select(change => change.SessionId).ToHashSet(StringComparer.Ordinal);
        var now = clock.GetUtcNow();
        var count = 0;
        foreach (var lost in changes.Endings().Where(change =>
            change.ExpiresAt > now + Margin && !revoked.Contains(change.SessionId) && (change.Revoked || !replaced.Contains(change.SessionId))
            && !activity.IsPending(change.SessionId)))
        {
            count += await WriteBackAsync(lost, now, cancellationToken) ? 1 : 0;
        }

        if (count > 0)
        {
            logger.RevocationsWrittenBack(count);
        }

        return count > 0;
    }

    // One that was replaced a moment ago ends at once: whoever replaced it has the other one.
    private async Task<bool> WriteBackAsync(SessionChange lost, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await store.FindAsync(lost.SessionId, cancellationToken) is { } row)
        {
            var revocation = new SessionRevocation(RevocationReason.Revoked, lost.ExpiresAt);
            return (row.RevokedAt is null || (lost.Revoked && row.IsEnding(now))) && await store.RevokeAsync(row.UserId, row.Id, revocation, cancellationToken) == RevokeResult.Revoked;
        }

        return await RevokedRow.WriteAsync(
            store, lost.SessionId, "unknown", Math.Max(lost.Version, 1), now, new SessionRevocation(RevocationReason.Revoked, lost.ExpiresAt), cancellationToken);
    }
}
