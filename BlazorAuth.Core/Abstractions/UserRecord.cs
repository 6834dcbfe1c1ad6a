using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace BlazorAuth;

/// <summary>A user in the account store: one person, no matter how they sign in.</summary>
public sealed record UserRecord
{
    /// <summary>The user's ID: the <c>sub</c> of a token, and what other tables reference. It is never given to anyone else.</summary>
    public required string Id { get; init; }

    /// <summary>The user's name, if known.</summary>
    public string? Name { get; init; }

    /// <summary>The user's e-mail address, if known. It only counts as theirs if <see cref="EmailVerifiedAt"/> is set.</summary>
    public string? Email { get; init; }

    /// <summary>When a provider confirmed that the address is the user's own; <see langword="null"/> if none did.</summary>
    public DateTimeOffset? EmailVerifiedAt { get; init; }

    /// <summary>The address of the user's picture, if known.</summary>
    public string? Image { get; init; }

    /// <summary>When the user signed in for the first time.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the user was last seen, to the minute.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>Until when the user is banned; <see langword="null"/> if they are not.</summary>
    public DateTimeOffset? BannedUntil { get; init; }

    /// <summary>Why the user was banned, for administrators. The user does not see it.</summary>
    public string? BanReason { get; init; }

    /// <summary>
    /// When the user was deleted, or the ID was retired; <see langword="null"/> for an existing user. Only the ID of a deleted user is kept, so that
    /// nobody else ever gets it.
    /// </summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Whether the user is banned at the given time.</summary>
    public bool IsBanned(DateTimeOffset now) => BannedUntil > now;

    /// <inheritdoc />
    public override string ToString() => $"{nameof(UserRecord)} {{ Id = {Id} }}";
}

/// <summary>A user's way to sign in: an account at a provider, identified by issuer and subject.</summary>
public sealed record AccountRecord
{
    /// <summary>
    /// The issuer of placeholders, which keep the ID of an imported user who has no way to sign in, and where they came from, or the ID of someone who was banned before they
    /// had a row. Nobody can sign in with one, and a store does not count them as ways to sign in.
    /// </summary>
    public const string ImportIssuer = "import/none";

    private const int IdLength = 22;

    /// <summary>Who issued the subject, since two providers may both have a user "1".</summary>
    public required string Issuer { get; init; }

    /// <summary>The user's ID at the issuer, unchanged.</summary>
    public required string Subject { get; init; }

    /// <summary>The user whose account it is.</summary>
    public required string UserId { get; init; }

    /// <summary>The provider's ID in this app, such as <c>github</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>When the account was linked to the user.</summary>
    public required DateTimeOffset LinkedAt { get; init; }

    /// <summary>When the user last signed in this way, to the minute.</summary>
    public required DateTimeOffset LastUsedAt { get; init; }

    /// <summary>
    /// The ID of a new user who signs in this way, unless it has ever been used: the first 22 characters of base64url(SHA-256(UTF-8(issuer + "\n" + subject))).
    /// A store retires it for good when the account is unlinked.
    /// </summary>
    public string DefaultUserId => DefaultUserIdOf(Issuer, Subject);

    /// <summary>Returns <see cref="DefaultUserId"/> for an issuer and a subject. The formula never changes.</summary>
    public static string DefaultUserIdOf(string issuer, string subject) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer}\n{subject}")))[..IdLength];

    /// <inheritdoc />
    public override string ToString() => $"{nameof(AccountRecord)} {{ Provider = {Provider}, UserId = {UserId} }}";
}

/// <summary>An account and its user.</summary>
/// <param name="Account">The account.</param>
/// <param name="User">Its user.</param>
public sealed record AccountMatch(AccountRecord Account, UserRecord User);

/// <summary>A use of an account or a session, for the last-used times in the account store.</summary>
/// <param name="UserId">The user's ID.</param>
/// <param name="At">When.</param>
/// <param name="Issuer">The issuer of the account they signed in with; <see langword="null"/> when a session was used.</param>
/// <param name="Subject">The subject of that account.</param>
public readonly record struct AccountUse(string UserId, DateTimeOffset At, string? Issuer = null, string? Subject = null);

/// <summary>
/// An account that is not linked until its owner has signed in the way they did before, because an existing user has verified the same address. It belongs to one
/// browser and expires after ten minutes.
/// </summary>
public sealed record PendingLink
{
    /// <summary>The hash that identifies the browser.</summary>
    public required string Browser { get; init; }

    /// <summary>The account's issuer.</summary>
    public required string Issuer { get; init; }

    /// <summary>The account's subject.</summary>
    public required string Subject { get; init; }

    /// <summary>The provider's ID.</summary>
    public required string Provider { get; init; }

    /// <summary>The person's name at the provider, if it sent one.</summary>
    public string? Name { get; init; }

    /// <summary>The address that the provider verified.</summary>
    public required string Email { get; init; }

    /// <summary>When the person signed in with it.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the link expires.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"{nameof(PendingLink)} {{ Provider = {Provider} }}";
}
