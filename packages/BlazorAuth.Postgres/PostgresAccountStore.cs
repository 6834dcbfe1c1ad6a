using Npgsql;
using static BlazorAuth.AccountRows;

namespace BlazorAuth.Stores.Postgres;

/// <summary>
/// Remembers users and their accounts in a PostgreSQL database, beside the sessions or by themselves. What changes a user's accounts holds the user's row first, so
/// that two of a kind stand in line; ids and accounts are kept apart by their keys.
/// </summary>
internal sealed partial class PostgresAccountStore(PostgresDatabase database, TimeProvider clock) : IAccountStore, IDisposable
{
    private const string UserColumns =
        "u.id, u.name, u.email, u.email_verified_at, u.image, u.created_at, u.last_seen_at, u.banned_until, u.ban_reason, u.deleted_at";

    private const string AccountColumns = "a.issuer, a.subject, a.user_id, a.provider, a.linked_at, a.last_used_at";

    private const string Hold = "SELECT 1 FROM blazorauth_users WHERE id = $1 AND deleted_at IS NULL FOR UPDATE";

    private const string OwnerOf = "SELECT user_id FROM blazorauth_accounts WHERE issuer = $1 AND subject = $2";

    private const string InsertAccount =
        "INSERT INTO blazorauth_accounts (issuer, subject, user_id, provider, linked_at, last_used_at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";

    // A locked row is skipped: a last-used time is not worth waiting for, and it is updated the next time.
    private const string TouchUsers =
        """
        WITH touch AS (SELECT id, max(seen) AS seen FROM unnest($1, $2) AS used (id, seen) GROUP BY id),
            free AS (SELECT id FROM blazorauth_users WHERE id = ANY($1) AND deleted_at IS NULL FOR NO KEY UPDATE SKIP LOCKED)
        UPDATE blazorauth_users u SET last_seen_at = touch.seen FROM touch JOIN free ON free.id = touch.id WHERE u.id = touch.id AND u.last_seen_at < touch.seen
        """;

    private const string TouchAccounts =
        """
        WITH touch AS (
            SELECT issuer, subject, user_id, max(used) AS used FROM unnest($1, $2, $3, $4) AS used (issuer, subject, user_id, used) GROUP BY issuer, subject, user_id),
            free AS (SELECT issuer, subject FROM blazorauth_accounts WHERE (issuer, subject) IN (SELECT issuer, subject FROM touch) FOR NO KEY UPDATE SKIP LOCKED)
        UPDATE blazorauth_accounts a SET last_used_at = touch.used FROM touch JOIN free USING (issuer, subject)
        WHERE a.issuer = touch.issuer AND a.subject = touch.subject AND a.user_id = touch.user_id AND a.last_used_at < touch.used
        """;

    // No caller waits for it.
    private const int TouchTimeoutInSeconds = 60;

    private static readonly string AccountsOf =
        $"SELECT {AccountColumns} FROM blazorauth_accounts a WHERE a.user_id = $1 ORDER BY a.linked_at, a.issuer, a.subject LIMIT {IAccountStore.MostAtOnce}";

    public Task InitializeAsync(CancellationToken cancellationToken = default) => ReadAllAsync("SELECT 1", row => row.GetInt32(0), cancellationToken);

    public async Task<bool> IsEmptyAsync(CancellationToken cancellationToken = default) =>
        (await ReadAllAsync("SELECT 1 FROM blazorauth_users LIMIT 1", row => row.GetInt32(0), cancellationToken)).Count == 0;

    public async Task<AccountMatch?> FindAsync(string issuer, string subject, CancellationToken cancellationToken = default) => (await ReadAllAsync(
        $"SELECT {UserColumns}, {AccountColumns} FROM blazorauth_accounts a JOIN blazorauth_users u ON u.id = a.user_id WHERE a.issuer = $1 AND a.subject = $2",
        row => new AccountMatch(ToAccount(row, 10), ToUser(row)), cancellationToken, Key(issuer), Key(subject))).SingleOrDefault();

    public async Task<UserRecord?> FindUserAsync(string userId, CancellationToken cancellationToken = default) =>
        (await ReadAllAsync($"SELECT {UserColumns} FROM blazorauth_users u WHERE u.id = $1", ToUser, cancellationToken, Key(userId))).SingleOrDefault();

    public async Task<IReadOnlyList<AccountRecord>> ListAccountsAsync(string userId, CancellationToken cancellationToken = default) =>
        await ReadAllAsync(AccountsOf, row => ToAccount(row, 0), cancellationToken, Key(userId));

    public async Task<IReadOnlyList<UserRecord>> SearchAsync(
        string prefix, int count, string? afterUserId = null, CancellationToken cancellationToken = default)
    {
        AccountLimits.CheckCount(count);
        if (!SessionLimits.CanBeKept(prefix) || !SessionLimits.CanBeKept(afterUserId ?? ""))
        {
            return [];
        }

        var key = AccountLimits.SearchKey(prefix)!;
        return key.Length == 0
            ? await ReadAllAsync(
                $"SELECT {UserColumns} FROM blazorauth_users u WHERE u.deleted_at IS NULL AND u.id > $1 ORDER BY u.id LIMIT $2",
                ToUser, cancellationToken, afterUserId ?? "", count)
            : await ReadAllAsync(
                $"""
                SELECT {UserColumns} FROM blazorauth_users u JOIN (
                    SELECT id FROM blazorauth_users WHERE name_key >= $3 AND name_key < $4
                    UNION SELECT id FROM blazorauth_users WHERE email_key >= $3 AND email_key < $4) found
                ON found.id = u.id WHERE u.id > $1 ORDER BY u.id LIMIT $2
                """,
                ToUser, cancellationToken, afterUserId ?? "", count, key, key + AccountLimits.Highest);
    }

    public async Task<IReadOnlyList<UserRecord>> FindVerifiedAsync(string email, CancellationToken cancellationToken = default) => await ReadAllAsync(
        $"SELECT {UserColumns} FROM blazorauth_users u WHERE u.email_key = $1 AND u.email_verified_at IS NOT NULL ORDER BY u.id LIMIT 2",
        ToUser, cancellationToken, Key(email));

    public async Task<bool> UpdateProfileAsync(UserRecord user, CancellationToken cancellationToken = default)
    {
        user = AccountLimits.Normalize(user);
        return await ExecuteAsync(
            """
            UPDATE blazorauth_users SET name = $2, name_key = $3, email = $4, email_key = $5, email_verified_at = $6, image = $7
            WHERE id = $1 AND deleted_at IS NULL
            """,
            cancellationToken, user.Id, user.Name, AccountLimits.SearchKey(user.Name), user.Email, AccountLimits.SearchKey(user.Email),
            Number(user.EmailVerifiedAt), user.Image) == 1;
    }

    public async Task<bool> BanAsync(string userId, DateTimeOffset? until, string? reason, CancellationToken cancellationToken = default)
    {
        AccountLimits.Check(reason, nameof(reason));
        return await ExecuteAsync(
            "UPDATE blazorauth_users SET banned_until = $2, ban_reason = $3 WHERE id = $1 AND deleted_at IS NULL",
            cancellationToken, Key(userId), Number(until), until is null ? null : reason) == 1;
    }

    public Task<bool> DeleteAsync(string userId, CancellationToken cancellationToken = default) => database.TransactAsync(
        async transaction =>
        {
            if (!await HoldAsync(transaction, Key(userId)))
            {
                return false;
            }

            var given = await transaction.ReadAllAsync(
                "DELETE FROM blazorauth_accounts WHERE user_id = $1 RETURNING issuer, subject", row => AccountRecord.DefaultUserIdOf(row.GetString(0), row.GetString(1)), userId);
            await GiveUpAsync(transaction, [.. given]);
            await transaction.ExecuteAsync("DELETE FROM blazorauth_pending_links WHERE email = (SELECT email_key FROM blazorauth_users WHERE id = $1)", userId);
            await transaction.ExecuteAsync(
                """
                UPDATE blazorauth_users SET name = NULL, name_key = NULL, email = NULL, email_key = NULL, email_verified_at = NULL, image = NULL,
                    banned_until = NULL, ban_reason = NULL, deleted_at = $2
                WHERE id = $1
                """,
                userId, Now);
            await transaction.CommitAsync();
            return true;
        },
        cancellationToken);

    public async Task TouchAsync(IReadOnlyCollection<AccountUse> uses, CancellationToken cancellationToken = default)
    {
        AccountUse[] users = [.. uses.Where(use => SessionLimits.CanBeKept(use.UserId))];
        AccountUse[] accounts = [.. users.Where(use => use is { Issuer: { } issuer, Subject: { } subject } && SessionLimits.CanBeKept(issuer) && SessionLimits.CanBeKept(subject))];
        await database.RunAsync("DELETE FROM blazorauth_pending_links WHERE expires_at <= $1", RunAsync, cancellationToken, TouchTimeoutInSeconds, Now);
        await database.RunAsync(
            TouchUsers, RunAsync, cancellationToken, TouchTimeoutInSeconds,
            Array.ConvertAll(users, use => use.UserId), Array.ConvertAll(users, use => use.At.ToUnixTimeMilliseconds()));
        await database.RunAsync(
            TouchAccounts, RunAsync, cancellationToken, TouchTimeoutInSeconds,
            Array.ConvertAll(accounts, use => use.Issuer!), Array.ConvertAll(accounts, use => use.Subject!), Array.ConvertAll(accounts, use => use.UserId),
            Array.ConvertAll(accounts, use => use.At.ToUnixTimeMilliseconds()));

        static Task<int> RunAsync(NpgsqlCommand command, CancellationToken token) => command.ExecuteNonQueryAsync(token);
    }

    public void Dispose() => database.Dispose();

    private long Now => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private Task<List<T>> ReadAllAsync<T>(string sql, Func<NpgsqlDataReader, T> toValue, CancellationToken cancellationToken, params object?[] values) =>
        database.RunAsync(
            sql,
            async (command, token) =>
            {
                await using var reader = await command.ExecuteReaderAsync(token);
                List<T> all = [];
                while (await reader.ReadAsync(token))
                {
                    all.Add(toValue(reader));
                }

                return all;
            },
            cancellationToken,
            values: values);

    private Task<int> ExecuteAsync(string sql, CancellationToken cancellationToken, params object?[] values) =>
        database.RunAsync(sql, (command, token) => command.ExecuteNonQueryAsync(token), cancellationToken, values: values);

    // A string that PostgreSQL cannot store cannot be found either; IDs are never empty.
    private static string Key(string text) => SessionLimits.CanBeKept(text) ? text : "";
}
