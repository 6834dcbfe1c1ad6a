using System.Buffers.Text;
using System.Security.Cryptography;

namespace BlazorAuth;

/// <summary>A session that was revoked or replaced, or whose content changed.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Revoked">Whether it was revoked.</param>
/// <param name="Version">The newest version of its content.</param>
/// <param name="ExpiresAt">When the session expires anyway, and the change can be forgotten.</param>
/// <param name="ChangedAt">When it last changed.</param>
public readonly record struct SessionChange(string SessionId, bool Revoked, int Version, DateTimeOffset ExpiresAt, DateTimeOffset ChangedAt)
{
    /// <summary>The session that replaced it; <see langword="null"/> unless it was replaced.</summary>
    public string? ReplacedBy { get; init; }

    /// <summary>When a session that was replaced, but is not revoked yet, ends.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>Whether the session can no longer be used.</summary>
    internal bool IsOver(DateTimeOffset now) => Revoked || EndsAt <= now;
}

/// <summary>The changes since a cursor, and the store that they come from.</summary>
/// <param name="Items">The changes.</param>
/// <param name="Cursor">The cursor for the next call.</param>
/// <param name="StoreId">
/// The store's id: random, written once when the store was empty, and never changed. Another id means another store, and that the earlier rows are gone.
/// Tokens carry it.
/// </param>
/// <param name="Number">
/// The highest number of a write so far (<see cref="SessionRecord.Number"/>). A number lower than a known one means that the store went back to
/// an older state. Tokens carry theirs.
/// </param>
public sealed record SessionChangeSet(IReadOnlyList<SessionChange> Items, long Cursor, string StoreId, long Number)
{
    /// <summary>Creates an id for an empty store.</summary>
    public static string NewStoreId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}
