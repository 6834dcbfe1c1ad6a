using System.Buffers.Text;
using System.Security.Cryptography;

namespace BlazorAuth.Sync;

/// <summary>The row of a session that is over and that the store does not know: only id and revocation are known, and only they matter.</summary>
internal static class RevokedRow
{
    /// <summary>The user of a row of which it is not known whose it was.</summary>
    public const string UnknownUser = "unknown";

    /// <summary>An id of its own, for a row that only says that something of its user's was revoked.</summary>
    public static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    /// <summary>Writes it; false when the store knows the session by now.</summary>
    public static async Task<bool> WriteAsync(
        ISessionStore store, string sessionId, string userId, int version, DateTimeOffset now, SessionRevocation revocation, bool isAdopted, CancellationToken cancellationToken)
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
