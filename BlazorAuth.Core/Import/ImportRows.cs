using System.Data.Common;
using System.Globalization;
using System.Runtime.CompilerServices;
using BlazorAuth.Configuration;

namespace BlazorAuth.Import;

/// <summary>Reads users from the rows of a query: one row for an account, the rows of a user one after another.</summary>
internal static class ImportRows
{
    private const string Id = "id";
    private const long EarliestMilliseconds = 946_684_800_000;

    public static async IAsyncEnumerable<ImportedUser> ReadAsync(DbDataReader rows, DateTimeOffset now, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var columns = Enumerable.Range(0, rows.FieldCount).ToDictionary(rows.GetName, index => index, StringComparer.OrdinalIgnoreCase);
        if (!columns.ContainsKey(Id))
        {
            throw new ArgumentException($"The query has no column '{Id}'. docs/migrate.md has the queries.", nameof(rows));
        }

        ImportedUser? user = null;
        var accounts = new List<ImportedAccount>();
        while (await rows.ReadAsync(cancellationToken))
        {
            var row = new Row(rows, columns);
            var id = row.Text(Id) ?? "";
            if (user is not null && user.Id != id)
            {
                yield return user with { Accounts = accounts };
                (user, accounts) = (null, []);
            }

            user ??= row.User(id, now);
            if (row.Account() is { } account)
            {
                accounts.Add(account);
            }
        }

        if (user is not null)
        {
            yield return user with { Accounts = accounts };
        }
    }

    private readonly struct Row(DbDataReader rows, Dictionary<string, int> columns)
    {
        public string? Text(string column) => Value(column) is { } value ? Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null : null;

        public ImportedUser User(string id, DateTimeOffset now)
        {
            try
            {
                return Read(id, now);
            }
            catch (Exception exception) when (exception is ArgumentException or ArithmeticException or FormatException or InvalidCastException)
            {
                // A value that is not a valid time, or that the database driver cannot read.
                return new() { Id = id, IsUnreadable = true };
            }
        }

        public ImportedAccount? Account() => Text("provider") is { } provider ? new(provider, Text("account_id") ?? "") { Issuer = Text("issuer") } : null;

        private ImportedUser Read(string id, DateTimeOffset now)
        {
            var created = Time("created_at");
            return new()
            {
                Id = id,
                Name = Text("name"),
                Email = Text("email"),
                EmailVerifiedAt = Flag("email_verified") == true ? created ?? now : Flag("email_verified") is null ? Time("email_verified") : null,
                Image = Text("image"),
                CreatedAt = created,
                BannedUntil = Ban(),
                BanReason = Text("ban_reason"),
            };
        }

        /// <summary>When a ban ends. What cannot be understood is no "not banned".</summary>
        private DateTimeOffset? Ban()
        {
            bool? isBanned = Value("banned") is null ? null : Flag("banned") ?? throw new FormatException();
            var until = Value("banned_until") switch
            {
                null => (DateTimeOffset?)null,
                // Seconds, probably.
                long number when number < EarliestMilliseconds => throw new FormatException(),
                _ => Time("banned_until") ?? throw new FormatException(),
            };
            return isBanned == false ? null : until ?? (isBanned == true ? DateTimeOffset.MaxValue : null);
        }

        private object? Value(string column) => columns.TryGetValue(column, out var index) && rows.GetValue(index) is { } value and not DBNull ? value : null;

        // SQLite has no booleans, and other databases represent them in different ways.
        private bool? Flag(string column) => Value(column) switch
        {
            bool flag => flag,
            long number and (0 or 1) => number == 1,
            int number and (0 or 1) => number == 1,
            string text when bool.TryParse(text, out var flag) => flag,
            _ => null,
        };

        private DateTimeOffset? Time(string column) => Value(column) switch
        {
            DateTimeOffset time => time,
            DateTime { Kind: DateTimeKind.Local } time => new DateTimeOffset(time),
            DateTime time => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)),
            long milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds),
            string text => WrittenMoment.Read(text),
            _ => null,
        };
    }
}
