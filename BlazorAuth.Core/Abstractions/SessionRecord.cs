namespace BlazorAuth;

/// <summary>A session as it is stored.</summary>
public sealed record SessionRecord
{
    /// <summary>The session's ID. It identifies the session but grants nothing: only the encrypted cookie does.</summary>
    public required string Id { get; init; }

    /// <summary>The user's ID: the <c>sub</c> claim.</summary>
    public required string UserId { get; init; }

    /// <summary>The ID of the provider that signed the user in, such as <c>github</c>, for lists. The authoritative one is in <see cref="Content"/>.</summary>
    public required string Provider { get; init; }

    /// <summary>
    /// What the session grants: claims, account and when the person authenticated. BlazorAuth seals it with <c>AUTH_SECRET</c> for this session,
    /// user and version; a store keeps it unchanged.
    /// </summary>
    public required string Content { get; init; }

    /// <summary>The version of <see cref="Content"/>: 1 at sign-in, one more at every update.</summary>
    public int Version { get; init; } = 1;

    /// <summary>When the user signed in.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the session was last seen, to the minute.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>When the session ends unless it is renewed.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The browser and operating system, such as <c>Firefox on Windows</c>; <see langword="null"/> when unknown.</summary>
    public string? Device { get; init; }

    /// <summary>
    /// Whether the session was created from an Auth.js token, and its client has not sent one of BlazorAuth's tokens yet. Such sessions are the first to end
    /// when a user has too many.
    /// </summary>
    public bool IsAdopted { get; init; }

    /// <summary>
    /// When the session was revoked or, if it has <see cref="ReplacedBy"/>, when it ends: until then it stays valid, and no call changes it.
    /// Otherwise <see langword="null"/>.
    /// </summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Why the session was revoked; <see langword="null"/> unless it was.</summary>
    public RevocationReason? RevokedFor { get; init; }

    /// <summary>The session of the same user that replaced this one; <see langword="null"/> unless it was replaced.</summary>
    public string? ReplacedBy { get; init; }

    /// <summary>
    /// The number of the latest write to this session: higher than those of all earlier writes. Set by the store, and ignored as input.
    /// </summary>
    public long Number { get; init; }

    /// <summary>Whether the session is neither revoked, replaced nor expired.</summary>
    internal bool IsLive(DateTimeOffset now) => RevokedAt is null && ExpiresAt > now;

    /// <summary>Whether the session was replaced and has not ended yet.</summary>
    internal bool IsEnding(DateTimeOffset now) => ReplacedBy is not null && RevokedAt > now && ExpiresAt > now;
}

/// <summary>A use of a session.</summary>
/// <param name="UserId">The user's ID.</param>
/// <param name="SessionId">The session.</param>
/// <param name="LastSeenAt">When it was last seen.</param>
/// <param name="ExpiresAt">When it ends unless it is renewed.</param>
public readonly record struct SessionTouch(string UserId, string SessionId, DateTimeOffset LastSeenAt, DateTimeOffset ExpiresAt);

/// <summary>A batch of a store's sessions.</summary>
/// <param name="Sessions">The sessions.</param>
/// <param name="Position">Where to continue; <see langword="null"/> when these were the last.</param>
public sealed record SessionSlice(IReadOnlyList<SessionRecord> Sessions, string? Position);
