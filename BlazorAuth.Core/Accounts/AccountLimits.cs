using System.Text;
using BlazorAuth.Tokens;

namespace BlazorAuth;

/// <summary>What every account store accepts, and the form in which it is stored.</summary>
public static class AccountLimits
{
    /// <summary>The maximum length of an ID, an issuer, a name, an e-mail address or a reason, in characters.</summary>
    public const int NameLength = 1024;

    /// <summary>The maximum length of a picture's address, in characters.</summary>
    public const int ImageLength = 8192;

    /// <summary>Sorts after every other character: appended to a prefix, it ends the range of the strings that begin with it.</summary>
    public const string Highest = "\U0010FFFF";

    /// <summary>Returns a user as they are stored: in UTC, to the millisecond.</summary>
    /// <exception cref="ArgumentException">A string is empty or too long, or contains characters that not every store supports.</exception>
    public static UserRecord Normalize(UserRecord user)
    {
        ArgumentNullException.ThrowIfNull(user);
        CheckId(user.Id, nameof(user.Id));
        Check(user.Name, nameof(user.Name));
        Check(user.Email, nameof(user.Email));
        Check(user.BanReason, nameof(user.BanReason));
        Check(user.Image, nameof(user.Image), ImageLength);
        return user with
        {
            EmailVerifiedAt = ToMilliseconds(user.EmailVerifiedAt),
            CreatedAt = ToMilliseconds(user.CreatedAt)!.Value,
            LastSeenAt = ToMilliseconds(user.LastSeenAt)!.Value,
            BannedUntil = ToMilliseconds(user.BannedUntil),
            DeletedAt = null,
        };
    }

    /// <summary>Returns an account as it is stored: in UTC, to the millisecond.</summary>
    /// <exception cref="ArgumentException">A string is empty or too long, or contains characters that not every store supports.</exception>
    public static AccountRecord Normalize(AccountRecord account)
    {
        ArgumentNullException.ThrowIfNull(account);
        CheckId(account.Issuer, nameof(account.Issuer));
        CheckId(account.Subject, nameof(account.Subject));
        CheckId(account.UserId, nameof(account.UserId));
        CheckId(account.Provider, nameof(account.Provider));
        if (Encoding.UTF8.GetByteCount(account.Issuer) + Encoding.UTF8.GetByteCount(account.Subject) is > StoredText.IndexedPairBytes and var size)
        {
            throw new ArgumentException($"Issuer and subject have {size} bytes in UTF-8; {StoredText.IndexedPairBytes} are kept.", nameof(account));
        }

        return account with { LinkedAt = ToMilliseconds(account.LinkedAt)!.Value, LastUsedAt = ToMilliseconds(account.LastUsedAt)!.Value };
    }

    /// <summary>Returns a pending link as it is stored: in UTC, to the millisecond.</summary>
    /// <exception cref="ArgumentException">A string is empty or too long, or contains characters that not every store supports.</exception>
    public static PendingLink Normalize(PendingLink link)
    {
        ArgumentNullException.ThrowIfNull(link);
        CheckId(link.Browser, nameof(link.Browser));
        CheckId(link.Issuer, nameof(link.Issuer));
        CheckId(link.Subject, nameof(link.Subject));
        CheckId(link.Provider, nameof(link.Provider));
        CheckId(link.Email, nameof(link.Email));
        Check(link.Name, nameof(link.Name));
        return link with { CreatedAt = ToMilliseconds(link.CreatedAt)!.Value, ExpiresAt = ToMilliseconds(link.ExpiresAt)!.Value };
    }

    /// <summary>Checks a string.</summary>
    /// <param name="value">The string; <see langword="null"/> is fine.</param>
    /// <param name="name">What it is, for the exception.</param>
    /// <param name="longest">Its maximum length.</param>
    /// <exception cref="ArgumentException">The string is too long, or contains characters that not every store supports.</exception>
    public static void Check(string? value, string name, int longest = NameLength)
    {
        if (value?.Length > longest)
        {
            throw new ArgumentException($"{name} has {value.Length} characters; {longest} are allowed.", name);
        }

        if (value is not null && !StoredText.CanBeKept(value))
        {
            throw new ArgumentException($"{name} holds a NUL or half a surrogate pair, which not every store can keep.", name);
        }
    }

    /// <summary>Checks how many users a call asks for: 1 to <see cref="IAccountStore.MostAtOnce"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is out of range.</exception>
    public static void CheckCount(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, IAccountStore.MostAtOnce);
    }

    /// <summary>
    /// Returns the case-insensitive search key of a name or an e-mail address, cut to what every index holds. No letter becomes an ASCII letter: the Kelvin sign is
    /// not a k.
    /// </summary>
    public static string? SearchKey(string? text)
    {
        if (text is null || Ascii.IsValid(text))
        {
            return text?.ToLowerInvariant();
        }

        var key = new StringBuilder(text.Length);
        var bytes = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            var lower = Rune.ToLowerInvariant(rune);
            lower = lower.IsAscii && !rune.IsAscii ? rune : lower;
            if ((bytes += lower.Utf8SequenceLength) > StoredText.IndexedBytes)
            {
                break;
            }

            key.Append(lower.ToString());
        }

        return key.ToString();
    }

    /// <summary>
    /// An address in a form that can be compared: in lower case, and null unless it is plain ASCII. Other letters have more than one form, and look like others:
    /// nobody is taken for somebody else because of that. Dots and what follows a plus stay: providers differ about them.
    /// </summary>
    internal static string? ComparableEmail(string? email) => email is not null && Ascii.IsValid(email) ? email.ToLowerInvariant() : null;

    /// <summary>Returns a time as it is stored: in UTC, to the millisecond.</summary>
    public static DateTimeOffset? ToMilliseconds(DateTimeOffset? time) =>
        time is { } moment ? DateTimeOffset.FromUnixTimeMilliseconds(moment.ToUnixTimeMilliseconds()) : null;

    private static void CheckId(string value, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(value, name);
        Check(value, name);
        if (Encoding.UTF8.GetByteCount(value) is > StoredText.IndexedBytes and var size)
        {
            throw new ArgumentException($"{name} has {size} bytes in UTF-8; {StoredText.IndexedBytes} are kept.", name);
        }
    }
}
