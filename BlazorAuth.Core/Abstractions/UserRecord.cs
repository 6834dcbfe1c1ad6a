using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace BlazorAuth;

/// <summary>A user as an account store remembers them: a person, whatever way they sign in.</summary>
public sealed record UserRecord
{
    /// <summary>The user's id: what <c>sub</c> of a token holds, and what other tables point to. It is never given to somebody else.</summary>
    public required string Id { get; init; }

    /// <summary>The user's name, if it is known.</summary>
    public string? Name { get; init; }

    /// <summary>The user's e-mail address, if it is known. It counts as theirs only with <see cref="EmailVerifiedAt"/>.</summary>
    public string? Email { get; init; }

    /// <summary>When a provider said that the address is the user's own; <see langword="null"/> when none did.</summary>
    public DateTimeOffset? EmailVerifiedAt { get; init; }

    /// <summary>The address of the user's picture, if it is known.</summary>
    public string? Image { get; init; }

    /// <summary>When the user came for the first time.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the user was last seen; not more exact than a minute.</summary>
    public required DateTimeOffset LastSeenAt { get; init; }

    /// <summary>Until when the user may not sign in; <see langword="null"/> when they may.</summary>
    public DateTimeOffset? BannedUntil { get; init; }

    /// <summary>Why the user was banned, for administrators; the user does not see it.</summary>
    public string? BanReason { get; init; }

    /// <summary>
    /// When the user was deleted, or the id was given up; <see langword="null"/> for a user. Nothing else is left of a deleted user but the id, so that
    /// nobody else ever gets it.
    /// </summary>
    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>Whether the user may not sign in at this moment.</summary>
    public bool IsBanned(DateTimeOffset now) => BannedUntil > now;

    /// <inheritdoc />
    public override string ToString() => $"{nameof(UserRecord)} {{ Id = {Id} }}";
}

/// <summary>A way in of a user: an account at a provider, named by issuer and subject.</summary>
public sealed record AccountRecord
{
    private const int IdLength = 22;

    /// <summary>Who vouches for the subject: two providers may both know a person "1".</summary>
    public required string Issuer { get; init; }

    /// <summary>The person's id there, as it came.</summary>
    public required string Subject { get; init; }

    /// <summary>Whose way in it is.</summary>
    public required string UserId { get; init; }

    /// <summary>The provider, by its id in this app, such as <c>github</c>.</summary>
    public required string Provider { get; init; }

    /// <summary>When it became the user's.</summary>
    public required DateTimeOffset LinkedAt { get; init; }

    /// <summary>When the user last signed in this way; not more exact than a minute.</summary>
    public required DateTimeOffset LastUsedAt { get; init; }

    /// <summary>
    /// The id of a new user who comes this way, unless it was ever used: the first 22 characters of base64url(SHA-256(UTF-8(issuer + "\n" + subject))).
    /// A store gives it up for good when the account is unlinked.
    /// </summary>
    public string DefaultUserId => DefaultUserIdOf(Issuer, Subject);

    /// <summary>The id that <see cref="DefaultUserId"/> is for these two. The formula is kept forever.</summary>
    internal static string DefaultUserIdOf(string issuer, string subject) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer}\n{subject}")))[..IdLength];

    /// <inheritdoc />
    public override string ToString() => $"{nameof(AccountRecord)} {{ Provider = {Provider}, UserId = {UserId} }}";
}

/// <summary>An account and whose it is.</summary>
/// <param name="Account">The account.</param>
/// <param name="User">Its user.</param>
public sealed record AccountMatch(AccountRecord Account, UserRecord User);

/// <summary>The use of an account or of a session, as an account store is told of it.</summary>
/// <param name="UserId">Who was seen.</param>
/// <param name="At">When.</param>
/// <param name="Issuer">The issuer of the account they signed in with; <see langword="null"/> when a session was used.</param>
/// <param name="Subject">The subject of that account.</param>
public readonly record struct AccountUse(string UserId, DateTimeOffset At, string? Issuer = null, string? Subject = null);

/// <summary>
/// An account that is to be linked once its owner has signed in the way they did before: they came with an address that a user here has verified. It belongs to one
/// browser, and lasts ten minutes.
/// </summary>
public sealed record PendingLink
{
    /// <summary>The hash that names the browser.</summary>
    public required string Browser { get; init; }

    /// <summary>The account's issuer.</summary>
    public required string Issuer { get; init; }

    /// <summary>The account's subject.</summary>
    public required string Subject { get; init; }

    /// <summary>The provider, by its id.</summary>
    public required string Provider { get; init; }

    /// <summary>The name that the provider has for the person, if it told one.</summary>
    public string? Name { get; init; }

    /// <summary>The address that the provider verified.</summary>
    public required string Email { get; init; }

    /// <summary>When the person came with it.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Until when it can be linked.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <inheritdoc />
    public override string ToString() => $"{nameof(PendingLink)} {{ Provider = {Provider} }}";
}
