using System.Buffers.Text;
using System.Security.Cryptography;

namespace BlazorAuth;

/// <summary>A session that was revoked or replaced, or whose content changed.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Revoked">Whether it was revoked.</param>
/// <param name="Version">The newest version of its content.</param>
/// <param name="ExpiresAt">When the session ends anyway, and the change may be forgotten.</param>
/// <param name="ChangedAt">When it changed last.</param>
public readonly record struct SessionChange(string SessionId, bool Revoked, int Version, DateTimeOffset ExpiresAt, DateTimeOffset ChangedAt)
{
    /// <summary>The session that took its place; <see langword="null"/> unless it was replaced.</summary>
    public string? ReplacedBy { get; init; }

    /// <summary>When a session that was replaced, and is not revoked yet, ends.</summary>
    public DateTimeOffset? EndsAt { get; init; }

    /// <summary>Whether the session cannot be used any more.</summary>
    internal bool IsOver(DateTimeOffset now) => Revoked || EndsAt <= now;
}

/// <summary>What changed since a cursor, and which store says so.</summary>
/// <param name="Items">The changes.</param>
/// <param name="Cursor">What to ask with next time.</param>
/// <param name="StoreId">
/// The store's id: random, written once when the store was empty, and never changed. Another id means another store, and that the rows of before are gone.
/// Tokens carry it.
/// </param>
/// <param name="Number">
/// The highest number of a write so far (<see cref="SessionRecord.Number"/>). A number below one that is known already means that the store went back to
/// an older state. Tokens carry theirs.
/// </param>
public sealed record SessionChangeSet(IReadOnlyList<SessionChange> Items, long Cursor, string StoreId, long Number)
{
    /// <summary>An id for an empty store.</summary>
    public static string NewStoreId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}
