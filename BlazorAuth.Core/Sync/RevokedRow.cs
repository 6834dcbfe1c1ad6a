namespace BlazorAuth.Sync;

/// <summary>The row of a session that is over and that the store does not know: only id and revocation are known, and only they matter.</summary>
internal static class RevokedRow
{
    /// <summary>Writes it; false when the store knows the session by now.</summary>
    public static async Task<bool> WriteAsync(
        ISessionStore store, string sessionId, string userId, int version, DateTimeOffset now, SessionRevocation revocation, CancellationToken cancellationToken, bool isAdopted = false)
    {
        try
        {
            await store.CreateAsync(
                new SessionRecord
                {
                    Id = sessionId,
                    UserId = userId,
                    Provider = "unknown",
                    Content = "",
                    Version = version,
                    CreatedAt = now,
                    LastSeenAt = now,
                    ExpiresAt = revocation.RememberUntil,
                    IsAdopted = isAdopted,
                    RevokedAt = now,
                    RevokedFor = revocation.Reason,
                },
                cancellationToken);
            return true;
        }
        catch (InvalidOperationException)
        {
            // Another node was faster.
            return false;
        }
    }
}
