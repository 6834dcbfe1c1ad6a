using System.Data.Common;

namespace BlazorAuth;

/// <summary>Reads rows of users, accounts and pending links from any SQL database. Times are whole milliseconds since 1970.</summary>
public static class AccountRows
{
    /// <summary>Returns a time as it is stored.</summary>
    public static long? Number(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    /// <summary>
    /// Reads a user. The first columns are, in this order: ID, name, e-mail address, when that was verified, picture, created, last seen, banned until, reason of the
    /// ban, deleted.
    /// </summary>
    public static UserRecord ToUser(DbDataReader row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new()
        {
            Id = row.GetString(0), Name = TextOrNull(row, 1), Email = TextOrNull(row, 2), EmailVerifiedAt = TimeOrNull(row, 3), Image = TextOrNull(row, 4),
            CreatedAt = Time(row, 5), LastSeenAt = Time(row, 6), BannedUntil = TimeOrNull(row, 7), BanReason = TextOrNull(row, 8), DeletedAt = TimeOrNull(row, 9),
        };
    }

    /// <summary>Reads a pending link. The first columns are, in this order: browser, issuer, subject, provider, name, e-mail address, created, expires.</summary>
    public static PendingLink ToLink(DbDataReader row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new()
        {
            Browser = row.GetString(0), Issuer = row.GetString(1), Subject = row.GetString(2), Provider = row.GetString(3), Name = TextOrNull(row, 4),
            Email = row.GetString(5), CreatedAt = Time(row, 6), ExpiresAt = Time(row, 7),
        };
    }

    /// <summary>Reads an account. From column <paramref name="first"/> on, in this order: issuer, subject, user ID, provider, linked, last used.</summary>
    public static AccountRecord ToAccount(DbDataReader row, int first)
    {
        ArgumentNullException.ThrowIfNull(row);
        return new()
        {
            Issuer = row.GetString(first), Subject = row.GetString(first + 1), UserId = row.GetString(first + 2), Provider = row.GetString(first + 3),
            LinkedAt = Time(row, first + 4), LastUsedAt = Time(row, first + 5),
        };
    }

    private static DateTimeOffset Time(DbDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private static DateTimeOffset? TimeOrNull(DbDataReader row, int column) => row.IsDBNull(column) ? null : Time(row, column);

    private static string? TextOrNull(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
