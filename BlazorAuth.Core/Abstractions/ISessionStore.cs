using System.Buffers.Text;
using System.Security.Cryptography;

namespace BlazorAuth;

/// <summary>
/// Where sessions are remembered. The cookie makes a session fast, its row here makes it revocable and lets its owner see it.
/// Every implementation passes the same contract tests. Members throw <see cref="SessionStoreException"/> when the store cannot be used; nothing
/// here decides who is signed in. Texts are compared exactly, times are kept to the millisecond, claims may take 64 KiB (UTF-8) and other texts
/// 1,024 characters; NUL and halves of surrogate pairs are refused (<see cref="ArgumentException"/>).
/// </summary>
public interface ISessionStore
{
    /// <summary>Creates the schema, or upgrades it. Safe when several nodes start together, harmless when repeated.</summary>
    Task InitializeAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Remembers a new session as it is given. One that is revoked already, or whose version is above 1, is reported as a change.
    /// </summary>
    /// <exception cref="InvalidOperationException">A session with this id exists.</exception>
    Task CreateAsync(SessionRecord session, CancellationToken cancellationToken = default);

    /// <summary>Returns a session by its id, revoked or expired ones included; <see langword="null"/> when there is none.</summary>
    Task<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken = default);

    /// <summary>Returns the live sessions of a user (neither revoked nor expired), the most recently seen first.</summary>
    Task<IReadOnlyList<SessionRecord>> ListAsync(string userId, CancellationToken cancellationToken = default);

    /// <summary>
    /// Returns the sessions of a user that the store still remembers, ended ones included, those that began or ended last first, at most
    /// <paramref name="count"/>: the account page's recent activity.
    /// </summary>
    Task<IReadOnlyList<SessionRecord>> ListHistoryAsync(string userId, int count, CancellationToken cancellationToken = default);

    /// <summary>
    /// Revokes one session of a user. A session of somebody else is <see cref="RevokeResult.NotFound"/>, and so is one that has expired, revoked
    /// or not. Of several calls at once exactly one is answered with <see cref="RevokeResult.Revoked"/>.
    /// </summary>
    Task<RevokeResult> RevokeAsync(string userId, string sessionId, CancellationToken cancellationToken = default);

    /// <summary>Revokes all live sessions of a user but <paramref name="exceptSessionId"/>, and returns the ids of those it revoked.</summary>
    Task<IReadOnlyList<string>> RevokeAllAsync(string userId, string? exceptSessionId = null, CancellationToken cancellationToken = default);

    /// <summary>
    /// Moves a live session's last-seen time and expiry forward; neither ever moves back. Returns false, and changes nothing, when the
    /// session is unknown, revoked or expired: a renewal never brings a session back.
    /// </summary>
    Task<bool> TouchAsync(string sessionId, DateTimeOffset lastSeenAt, DateTimeOffset expiresAt, CancellationToken cancellationToken = default);

    /// <summary>
    /// Moves the times of many live sessions forward as the other overload does for one, all in one transaction, and returns how many it moved. Each
    /// session stands in <paramref name="touches"/> once. One that somebody else is changing at this moment may be left out: it tells of past use, and
    /// the next call tells of it again.
    /// </summary>
    Task<int> TouchAsync(IReadOnlyCollection<SessionTouch> touches, CancellationToken cancellationToken = default);

    /// <summary>
    /// Replaces the claims of a live session only while their version is <paramref name="expectedVersion"/>. Returns the new version, or
    /// <see langword="null"/> when there is no such live session or somebody else has replaced them: of several calls at once exactly one succeeds.
    /// </summary>
    Task<int?> UpdateClaimsAsync(string sessionId, int expectedVersion, string claims, CancellationToken cancellationToken = default);

    /// <summary>
    /// Returns the sessions revoked or updated after <paramref name="cursor"/> (0: all of them) that have not expired, with the cursor
    /// to ask with next time. A session appears once, with its newest state. A change may be reported twice; none is left out. A cursor above
    /// all changes comes from a store that was emptied or replaced since; it counts as 0.
    /// </summary>
    Task<SessionChangeSet> ReadChangesAsync(long cursor, CancellationToken cancellationToken = default);

    /// <summary>Forgets the sessions that have expired, revoked ones included, and returns how many.</summary>
    Task<int> RemoveExpiredAsync(CancellationToken cancellationToken = default);
}

/// <summary>A session as a store remembers it.</summary>
public sealed record SessionRecord
{
    /// <summary>The session's id. It names a session and proves nothing: only the encrypted cookie does.</summary>
    public required string Id { get; init; }

    /// <summary>The user's id: the <c>sub</c> claim.</summary>
    public required string UserId { get; init; }

    /// <summary>The provider that signed the user in, by its id, such as <c>github</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>The user's id at the provider (its subject), as the provider sent it.</summary>
    public string? ProviderAccountId { get; init; }

    /// <summary>The session's claims as a JSON object: profile and the app's own, without times and ids.</summary>
    public required string Claims { get; init; }

    /// <summary>The version of <see cref="Claims"/>: 1 at sign-in, one more at every update.</summary>
    public int Version { get; init; } = 1;

    /// <summary>When the user signed in.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the session was last seen; not more exact than a minute.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>When the session ends unless it is renewed.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>The browser and system in words, such as <c>Firefox on Windows</c>; <see langword="null"/> when unknown.</summary>
    public string? Device { get; init; }

    /// <summary>When the session was revoked; <see langword="null"/> while it was not.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>Whether the session can be used: neither revoked nor expired.</summary>
    internal bool IsLive(DateTimeOffset now) => RevokedAt is null && ExpiresAt > now;
}

/// <summary>The use of a session, as a store is told of it.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="LastSeenAt">When it was seen last.</param>
/// <param name="ExpiresAt">When it ends unless it is renewed.</param>
public readonly record struct SessionTouch(string SessionId, DateTimeOffset LastSeenAt, DateTimeOffset ExpiresAt);

/// <summary>What became of a request to revoke a session.</summary>
public enum RevokeResult
{
    /// <summary>The user has no such session; perhaps somebody else has.</summary>
    NotFound,

    /// <summary>The session was live and is now revoked.</summary>
    Revoked,

    /// <summary>The session had been revoked before.</summary>
    AlreadyRevoked,
}

/// <summary>A session that was revoked, or whose claims changed.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Revoked">Whether it was revoked.</param>
/// <param name="Version">The newest version of its claims.</param>
/// <param name="ExpiresAt">When the session ends anyway, and the change may be forgotten.</param>
public readonly record struct SessionChange(string SessionId, bool Revoked, int Version, DateTimeOffset ExpiresAt);

/// <summary>What changed since a cursor.</summary>
/// <param name="Items">The changes.</param>
/// <param name="Cursor">What to ask with next time.</param>
public sealed record SessionChangeSet(IReadOnlyList<SessionChange> Items, long Cursor)
{
    /// <summary>
    /// The epoch of the store; <see langword="null"/> (default) when it has none. Without one a store that loses its data revives revoked cookies
    /// that are younger than <see cref="AuthSessionOptions.UpdateAge"/>.
    /// </summary>
    public SessionStoreEpoch? Epoch { get; init; }
}

/// <summary>
/// The time since which a store has known every session. It is written once, when the store is empty, so a store that lost its data has
/// another one: sessions that began before it and have no row are refused.
/// </summary>
/// <param name="Id">Random; tells one epoch from another.</param>
/// <param name="StartedAt">When the empty store was found.</param>
public sealed record SessionStoreEpoch(string Id, DateTimeOffset StartedAt)
{
    internal static string NewId() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
}
