using BlazorAuth.Accounts;
using Microsoft.Data.Sqlite;
using static BlazorAuth.Stores.Sqlite.SqliteRows;
using static BlazorAuth.AccountRows;

namespace BlazorAuth.Stores.Sqlite;

/// <summary>Remembers users and their accounts in a SQLite file, beside the sessions or by themselves. Every write is one transaction, one after the other.</summary>
internal sealed partial class SqliteAccountStore(SqliteDatabase database, TimeProvider clock) : IAccountStore, IDisposable
{
    private const string UserColumns =
        "u.id, u.name, u.email, u.email_verified_at, u.image, u.created_at, u.last_seen_at, u.banned_until, u.ban_reason, u.deleted_at";

    private const string AccountColumns = "a.issuer, a.subject, a.user_id, a.provider, a.linked_at, a.last_used_at";

    /// <summary>The full path of the file.</summary>
    public string Path => database.Path;

    public Task InitializeAsync(CancellationToken cancellationToken = default) => Read(_ => true, cancellationToken);

    public Task<bool> IsEmptyAsync(CancellationToken cancellationToken = default) =>
        Read(connection => ReadAll(connection, "SELECT 1 FROM users LIMIT 1", row => row.GetInt32(0)).Count == 0, cancellationToken);

    public Task<AccountMatch?> FindAsync(string issuer, string subject, CancellationToken cancellationToken = default) => Read(
        connection => ReadAll(
            connection,
            $"SELECT {UserColumns}, {AccountColumns} FROM accounts a JOIN users u ON u.id = a.user_id WHERE a.issuer = $issuer AND a.subject = $subject",
            row => new AccountMatch(ToAccount(row, 10), ToUser(row)),
            ("$issuer", issuer), ("$subject", subject)).SingleOrDefault(),
        cancellationToken);

    public Task<UserRecord?> FindUserAsync(string userId, CancellationToken cancellationToken = default) => Read(
        connection => ReadAll(connection, $"SELECT {UserColumns} FROM users u WHERE u.id = $id", ToUser, ("$id", userId)).SingleOrDefault(), cancellationToken);

    public Task<IReadOnlyList<AccountRecord>> ListAccountsAsync(string userId, CancellationToken cancellationToken = default) =>
        Read<IReadOnlyList<AccountRecord>>(
            connection => ReadAll(
                connection,
                $"SELECT {AccountColumns} FROM accounts a WHERE a.user_id = $id ORDER BY a.linked_at, a.issuer, a.subject LIMIT {IAccountStore.MostAtOnce}",
                row => ToAccount(row, 0), ("$id", userId)),
            cancellationToken);

    public Task<IReadOnlyList<UserRecord>> SearchAsync(
        string prefix, int count, string? afterUserId = null, CancellationToken cancellationToken = default)
    {
        AccountLimits.CheckCount(count);
        var key = AccountLimits.SearchKey(prefix)!;
        var sql = key.Length == 0
            ? $"SELECT {UserColumns} FROM users u WHERE u.deleted_at IS NULL AND u.id > $after ORDER BY u.id LIMIT $count"
            : $"""
               SELECT {UserColumns} FROM users u JOIN (
                   SELECT id FROM users WHERE name_key >= $from AND name_key < $to UNION SELECT id FROM users WHERE email_key >= $from AND email_key < $to) found
               ON found.id = u.id WHERE u.id > $after ORDER BY u.id LIMIT $count
               """;
        return Read<IReadOnlyList<UserRecord>>(
            connection => ReadAll(connection, sql, ToUser, ("$from", key), ("$to", key + AccountLimits.Highest), ("$after", afterUserId ?? ""), ("$count", count)),
            cancellationToken);
    }

    public Task<IReadOnlyList<UserRecord>> FindVerifiedAsync(string email, CancellationToken cancellationToken = default) => Read<IReadOnlyList<UserRecord>>(
        connection => ReadAll(
            connection, $"SELECT {UserColumns} FROM users u WHERE u.email_key = $email AND u.email_verified_at IS NOT NULL ORDER BY u.id LIMIT 2", ToUser, ("$email", email)),
        cancellationToken);

    public Task<bool> UpdateProfileAsync(UserRecord user, CancellationToken cancellationToken = default)
    {
        user = AccountLimits.Normalize(user);
        return database.WriteAsync(
            connection => Execute(
                connection,
                """
                UPDATE users SET name = $name, name_key = $nameKey, email = $email, email_key = $emailKey, email_verified_at = $verified, image = $image
                WHERE id = $id AND deleted_at IS NULL
                """,
                ("$id", user.Id), ("$name", user.Name), ("$nameKey", AccountLimits.SearchKey(user.Name)), ("$email", user.Email),
                ("$emailKey", AccountLimits.SearchKey(user.Email)), ("$verified", Number(user.EmailVerifiedAt)), ("$image", user.Image)) == 1,
            cancellationToken);
    }

    public Task<bool> BanAsync(string userId, DateTimeOffset? until, string? reason, CancellationToken cancellationToken = default)
    {
        AccountLimits.Check(reason, nameof(reason));
        return database.WriteAsync(
            connection => Execute(
                connection, "UPDATE users SET banned_until = $until, ban_reason = $reason WHERE id = $id AND deleted_at IS NULL",
                ("$id", userId), ("$until", Number(until)), ("$reason", until is null ? null : reason)) == 1,
            cancellationToken);
    }

    public Task<bool> DeleteAsync(string userId, CancellationToken cancellationToken = default) => database.WriteAsync(
        connection =>
        {
            ReadAll(
                connection, "SELECT issuer, subject FROM accounts WHERE user_id = $id", row => (Issuer: row.GetString(0), Subject: row.GetString(1)), ("$id", userId))
                .ForEach(account => Remove(connection, account.Issuer, account.Subject));
            Execute(connection, "DELETE FROM pending_links WHERE email = (SELECT email_key FROM users WHERE id = $id)", ("$id", userId));
            return Execute(
                connection,
                """
                UPDATE users SET name = NULL, name_key = NULL, email = NULL, email_key = NULL, email_verified_at = NULL, image = NULL, banned_until = NULL,
                    ban_reason = NULL, deleted_at = $now
                WHERE id = $id AND deleted_at IS NULL
                """,
                ("$id", userId), ("$now", Now)) == 1;
        },
        cancellationToken);

    public Task TouchAsync(IReadOnlyCollection<AccountUse> uses, CancellationToken cancellationToken = default) => database.WriteAsync(
        connection =>
        {
            RemoveExpiredLinks(connection);
            foreach (var use in uses)
            {
                Execute(
                    connection, "UPDATE users SET last_seen_at = $at WHERE id = $id AND last_seen_at < $at AND deleted_at IS NULL",
                    ("$id", use.UserId), ("$at", Number(use.At)));
                if (use.Issuer is not null)
                {
                    Execute(
                        connection,
                        "UPDATE accounts SET last_used_at = $at WHERE issuer = $issuer AND subject = $subject AND user_id = $id AND last_used_at < $at",
                        ("$id", use.UserId), ("$at", Number(use.At)), ("$issuer", use.Issuer), ("$subject", use.Subject));
                }
            }

            return true;
        },
        cancellationToken);

    public void Dispose() => database.Dispose();

    private long Now => SqliteRows.Number(clock.GetUtcNow());

    private Task<T> Read<T>(Func<SqliteConnection, T> query, CancellationToken cancellationToken) => database.ReadAsync(query, cancellationToken);
}
