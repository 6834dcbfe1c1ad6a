using System.Text;
using BlazorAuth.Sync;

namespace BlazorAuth.Stores;

/// <summary>What every store of ours accepts, so that no session behaves differently after a change of store.</summary>
internal static class SessionLimits
{
    /// <summary>A sealed content: claims of 64 KiB and what stands beside them, in base64.</summary>
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
        CheckContent(session.Content);

        return session with
        {
            CreatedAt = ToMilliseconds(session.CreatedAt),
            LastSeenAt = ToMilliseconds(session.LastSeenAt),
            ExpiresAt = ToMilliseconds(session.ExpiresAt),
            RevokedAt = session.RevokedAt is { } revokedAt ? ToMilliseconds(revokedAt) : null,
        };
    }

    /// <exception cref="ArgumentException">The content is too large.</exception>
    public static void CheckContent(string content)
    {
        ArgumentNullException.ThrowIfNull(content);
        CheckCharacters(content, nameof(content));
        var size = Encoding.UTF8.GetByteCount(content);
        if (size > ContentBytes)
        {
            throw new ArgumentException($"The content of a session takes {size} bytes; {ContentBytes} are allowed. Keep large data out of the session.", nameof(content));
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
            throw new ArgumentException($"{name} holds a NUL or half a surrogate pair, which not every store can keep.", name);
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
