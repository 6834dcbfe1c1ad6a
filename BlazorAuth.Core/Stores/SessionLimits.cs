using System.Text;
using BlazorAuth.Tokens;

namespace BlazorAuth;

/// <summary>What every session store accepts, and the form in which it is stored, so that changing the store never changes a session's behavior.</summary>
public static class SessionLimits
{
    /// <summary>The maximum size of <see cref="SessionRecord.Content"/> in UTF-8: sealed claims of 64 KiB and what is stored with them, in base64.</summary>
    public const int ContentBytes = 128 * 1024;

    /// <summary>The maximum length of an ID, a provider, a device or a used key, in characters; in UTF-8 it is 2,000 bytes, because indexes hold no more.</summary>
    public const int NameLength = StoredText.IdLength;

    /// <summary>The maximum number of sessions that one call of <see cref="ISessionStore.LimitAsync"/> ends.</summary>
    public const int MostEnded = 100;

    /// <summary>Returns a session as it is stored: in UTC, to the millisecond.</summary>
    /// <exception cref="ArgumentException">A string is empty or too long, or contains characters that not every store supports.</exception>
    public static SessionRecord Normalize(SessionRecord session)
    {
        ArgumentNullException.ThrowIfNull(session);
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

    /// <summary>Returns a session that replaces another one as it is stored (<see cref="ISessionStore.ReplaceAsync"/>).</summary>
    /// <exception cref="ArgumentException">As for <see cref="Normalize"/>, or the ID contains a space, which separates IDs in <see cref="SessionSignalText"/>.</exception>
    public static SessionRecord NormalizeReplacing(SessionRecord session)
    {
        ArgumentNullException.ThrowIfNull(session);
        return session.Id.Contains(' ', StringComparison.Ordinal)
            ? throw new ArgumentException("The id of a session that replaces another must not contain a space.", nameof(session))
            : Normalize(session) with { IsAdopted = false, RevokedAt = null, RevokedFor = null, ReplacedBy = null };
    }

    /// <summary>Checks the content of a session.</summary>
    /// <exception cref="ArgumentException">The content is too large, or contains characters that not every store supports.</exception>
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

    /// <summary>Checks how many sessions a call asks for: 1 to <see cref="ISessionStore.MostAtOnce"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is out of range.</exception>
    public static void CheckCount(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, ISessionStore.MostAtOnce);
    }

    /// <summary>Checks a key of <see cref="ISessionStore.TryUseAsync"/>.</summary>
    /// <exception cref="ArgumentException">The key is empty or too long, or contains characters that not every store supports.</exception>
    public static void CheckKey(string key)
    {
        ArgumentException.ThrowIfNullOrEmpty(key);
        CheckLength(key, nameof(key));
    }

    /// <summary>Returns a time as it is stored: in UTC, to the millisecond.</summary>
    public static DateTimeOffset ToMilliseconds(DateTimeOffset time) => DateTimeOffset.FromUnixTimeMilliseconds(time.ToUnixTimeMilliseconds());

    /// <summary>
    /// Whether every store can hold a text: PostgreSQL has no NUL, and UTF-8 no unpaired surrogate. An ID for which this is false belongs to no session.
    /// </summary>
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

        if (Encoding.UTF8.GetByteCount(value ?? "") is > StoredText.IndexedBytes and var size)
        {
            throw new ArgumentException($"{name} has {size} bytes in UTF-8; {StoredText.IndexedBytes} are allowed.", name);
        }
    }
}
