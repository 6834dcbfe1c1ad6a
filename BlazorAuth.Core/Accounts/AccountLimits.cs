using System.Text;
using BlazorAuth.Sync;

namespace BlazorAuth.Accounts;

/// <summary>What every account store of ours accepts.</summary>
internal static class AccountLimits
{
    /// <summary>Characters of an id, an issuer, a name, an address, a reason.</summary>
    public const int NameLength = 1024;

    /// <summary>Characters of a picture's address.</summary>
    public const int ImageLength = 8192;

    /// <summary>What comes after every character in a text: the end of a range of texts with one beginning.</summary>
    public const string Highest = "\U0010FFFF";

    /// <summary>Returns the user as they can be kept: in UTC, to the millisecond.</summary>
    /// <exception cref="ArgumentException">A text is empty or too long, or holds what not every store can keep.</exception>
    public static UserRecord Normalize(UserRecord user)
    {
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

    /// <summary>Returns the account as it can be kept: in UTC, to the millisecond.</summary>
    /// <exception cref="ArgumentException">A text is empty or too long, or holds what not every store can keep.</exception>
    public static AccountRecord Normalize(AccountRecord account)
    {
        CheckId(account.Issuer, nameof(account.Issuer));
        CheckId(account.Subject, nameof(account.Subject));
        CheckId(account.UserId, nameof(account.UserId));
        CheckId(account.Provider, nameof(account.Provider));
        return account with { LinkedAt = ToMilliseconds(account.LinkedAt)!.Value, LastUsedAt = ToMilliseconds(account.LastUsedAt)!.Value };
    }

    /// <summary>Returns the link as it can be kept: in UTC, to the millisecond.</summary>
    /// <exception cref="ArgumentException">A text is empty or too long, or holds what not every store can keep.</exception>
    public static PendingLink Normalize(PendingLink link)
    {
        CheckId(link.Browser, nameof(link.Browser));
        CheckId(link.Issuer, nameof(link.Issuer));
        CheckId(link.Subject, nameof(link.Subject));
        CheckId(link.Provider, nameof(link.Provider));
        CheckId(link.Email, nameof(link.Email));
        Check(link.Name, nameof(link.Name));
        return link with { CreatedAt = ToMilliseconds(link.CreatedAt)!.Value, ExpiresAt = ToMilliseconds(link.ExpiresAt)!.Value };
    }

    /// <exception cref="ArgumentException">The text is too long, or holds what not every store can keep.</exception>
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

    /// <exception cref="ArgumentOutOfRangeException">A call may not take so many.</exception>
    public static void CheckCount(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, IAccountStore.MostAtOnce);
    }

    /// <summary>The form of a name or an address by which it is found, whatever the case.</summary>
    public static string? SearchKey(string? text) => text?.ToLowerInvariant();

    /// <summary>
    /// An address in a form that can be compared: in lower case, and null unless it is plain ASCII. Other letters have more than one form, and look like others:
    /// nobody is taken for somebody else because of that. Dots and what follows a plus stay: providers differ about them.
    /// </summary>
    public static string? ComparableEmail(string? email) => email is not null && Ascii.IsValid(email) ? email.ToLowerInvariant() : null;

    /// <summary>The time as it is kept: to the millisecond.</summary>
    public static DateTimeOffset? ToMilliseconds(DateTimeOffset? time) =>
        time is { } moment ? DateTimeOffset.FromUnixTimeMilliseconds(moment.ToUnixTimeMilliseconds()) : null;

    private static void CheckId(string value, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(value, name);
        Check(value, name);
    }
}
