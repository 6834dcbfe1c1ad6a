using System.Buffers.Text;
using System.Security.Cryptography;

namespace BlazorAuth;

/// <summary>A session that was revoked or replaced, or whose content changed.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Revoked">Whether it was revoked.</param>
/// <param name="Version">The newest version of its content.</param>
/// <param name="ExpiresAt">When the session expires in any case, and the change can be forgotten.</param>
/// <param name="ChangedAt">When it last changed.</param>
public readonly record struct SessionChange(string SessionId, bool Revoked, int Version, DateTimeOffset ExpiresAt, DateTimeOffset ChangedAt)
{
    /// <summary>The session that replaced it; <see langword="null"/> unless it was replaced.</summary>
    public string? ReplacedBy { get; init; }

    /// <summary>The end of a session that was replaced but is not revoked yet.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>Returns the latest change of a stored session. A replaced session counts as revoked from its end on.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="revokedAt">Its <see cref="SessionRecord.RevokedAt"/>.</param>
    /// <param name="replacedBy">Its <see cref="SessionRecord.ReplacedBy"/>.</param>
    /// <param name="version">Its <see cref="SessionRecord.Version"/>.</param>
    /// <param name="expiresAt">Its <see cref="SessionRecord.ExpiresAt"/>.</param>
    /// <param name="changedAt">When it last changed.</param>
    /// <param name="now">The current time.</param>
    public static SessionChange FromRow(
        string sessionId, DateTimeOffset? revokedAt, string? replacedBy, int version, DateTimeOffset expiresAt, DateTimeOffset changedAt, DateTimeOffset now)
    {
        var isEnding = replacedBy is not null && revokedAt > now;
        return new SessionChange(sessionId, revokedAt is not null && !isEnding, version, expiresAt, changedAt)
        {
            ReplacedBy = isEnding ? replacedBy : null, EndsAt = isEnding ? revokedAt : null,
        };
    }

    /// <summary>Whether the session can no longer be used.</summary>
    internal bool IsOver(DateTimeOffset now) => Revoked || EndsAt <= now;
}

/// <summary>The changes since a cursor, and the store that they come from.</summary>
/// <param name="Items">The changes.</param>
/// <param name="Cursor">The cursor for the next call.</param>
/// <param name="StoreId">
/// The store's ID: random, written once when the store was empty, and never changed. A different ID means a different store: the earlier rows are
/// gone. Tokens contain it.
/// </param>
/// <param name="Number">
/// The highest write number so far (<see cref="SessionRecord.Number"/>). A number lower than a known one means that the store has reverted to an
/// older state. Tokens contain the number of their write.
/// </param>
public sealed record SessionChangeSet(IReadOnlyList<SessionChange> Items, long Cursor, string StoreId, long Number)
{
    /// <summary>Creates an ID for an empty store.</summary>
    public static string NewStoreId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}
