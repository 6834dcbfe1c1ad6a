namespace BlazorAuth.Stores;

/// <summary>What a store's row tells of a change.</summary>
internal static class StoredChange
{
    /// <summary>The change that made a session what it is. One that was replaced counts as revoked from its end on.</summary>
    public static SessionChange Of(
        string sessionId, DateTimeOffset? revokedAt, string? replacedBy, int version, DateTimeOffset expiresAt, DateTimeOffset changedAt, DateTimeOffset now)
    {
        var isEnding = replacedBy is not null && revokedAt > now;
        return new SessionChange(sessionId, revokedAt is not null && !isEnding, version, expiresAt, changedAt)
        {
            ReplacedBy = isEnding ? replacedBy : null, EndsAt = isEnding ? revokedAt : null,
        };
    }
}
