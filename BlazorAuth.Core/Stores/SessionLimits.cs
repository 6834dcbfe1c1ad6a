using System.Text;
using BlazorAuth.Sync;

namespace BlazorAuth.Stores;

/// <summary>What every store of ours accepts, so that no session behaves differently after a change of store.</summary>
internal static class SessionLimits
{
    /// <summary>Sealed content: claims of 64 KiB and what is stored with them, in base64.</summary>
    public const int ContentBytes = 128 * 1024;

    /// <summary>Characters of an id, a provider, a device.</summary>
    public const int NameLength = 1024;

    /// <summary>How many sessions <see cref="ISessionStore.LimitAsync"/> ends at most.</summary>
    public const int MostEnded = 100;

    /// <summary>Returns the record as it can be kept: in UTC, to the millisecond.</summary>
    /// <exception cref="ArgumentException">A text is empty or too long, or holds what not every store can keep.</exception>
    public static SessionRecord Normalize(SessionRecord session)
    {
        ArgumentException.ThrowIfNullOrEmpty(session.Id);
        ArgumentException.ThrowIfNullOrEmpty(session.UserId);
        ArgumentException.ThrowIfNullOrEmpty(session.Provider);
        CheckLength(session.Id, nameof(session.Id));
        CheckLength(session.UserId, nameof(session.UserId));
        CheckLength(session.Provider, nameof(session.Provider));
        CheckLength(session.Device, nameof(session.Device));
        CheckLength(session.ReplacedBy, nameof(session.ReplacedBy));
        CheckContent(session.Content);

        return session with
        {
            CreatedAt = ToMilliseconds(session.CreatedAt),
            LastSeenAt = ToMilliseconds(session.LastSeenAt),
            ExpiresAt = ToMilliseconds(session.ExpiresAt),
            RevokedAt = session.RevokedAt is { } revokedAt ? ToMilliseconds(revokedAt) : null,
        };
    }

    /// <summary>Returns the record of a session that takes the place of another, as it can be kept.</summary>
    /// <exception cref="ArgumentException">As <see cref="Normalize"/>; or the id holds a space, which parts it from others where changes are announced.</exception>
    public static SessionRecord NormalizeReplacing(SessionRecord session) =>
        session.Id.Contains(' ', StringComparison.Ordinal)
            ? throw new ArgumentException("The id of a session that replaces another must not contain a space.", nameof(session))
            : Normalize(session) with { IsAdopted = false, RevokedAt = null, RevokedFor = null, ReplacedBy = null };

    /// <exception cref="ArgumentException">The content is too large.</exception>
    public static void CheckContent(string content)
    {
        ArgumentNullException.ThrowIfNull(content);
        CheckCharacters(content, nameof(content));
        var size = Encoding.UTF8.GetByteCount(content);
        if (size > ContentBytes)
        {
            throw new ArgumentException($"The content of a session has {size} bytes; {ContentBytes} are allowed. Store large data outside the session.", nameof(content));
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">A call may not take so many.</exception>
    public static void CheckCount(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, ISessionStore.MostAtOnce);
    }

    /// <exception cref="ArgumentException">The key is empty or too long, or holds what not every store can keep.</exception>
    public static void CheckKey(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        CheckLength(key, nameof(key));
    }

    public static DateTimeOffset ToMilliseconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    /// <inheritdoc cref="StoredText.CanBeKept" />
    public static bool CanBeKept(string text) => StoredText.CanBeKept(text);

    private static void CheckCharacters(string value, string name)
    {
        if (!CanBeKept(value))
        {
            throw new ArgumentException($"{name} contains a NUL or an unpaired surrogate, which not every store can hold.", name);
        }
    }

    private static void CheckLength(string? value, string name)
    {
        CheckCharacters(value ?? "", name);
        if (value?.Length > NameLength)
        {
            throw new ArgumentException($"{name} has {value.Length} characters; {NameLength} are allowed.", name);
        }
    }
}
