using BlazorAuth.Accounts;
using BlazorAuth.Sync;
using Npgsql;
using static BlazorAuth.Stores.AccountRows;

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
        if (!StoredText.CanBeKept(prefix) || !StoredText.CanBeKept(afterUserId ?? ""))
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

            foreach (var account in await transaction.ReadAllAsync(AccountsOf, row => ToAccount(row, 0), userId))
            {
                await RemoveAsync(transaction, account);
            }

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

    public Task TouchAsync(IReadOnlyCollection<AccountUse> uses, CancellationToken cancellationToken = default)
    {
        // In one order everywhere, so that two nodes never wait for each other.
        var users = uses.Where(use => StoredText.CanBeKept(use.UserId)).OrderBy(use => use.UserId, StringComparer.Ordinal).ToList();
        var accounts = users.Where(use => use is { Issuer: not null, Subject: not null })
            .OrderBy(use => use.Issuer, StringComparer.Ordinal).ThenBy(use => use.Subject, StringComparer.Ordinal).ToList();
        return database.TransactAsync(
            async transaction =>
            {
                foreach (var use in users)
                {
                    await transaction.ExecuteAsync(
                        "UPDATE blazorauth_users SET last_seen_at = $2 WHERE id = $1 AND last_seen_at < $2 AND deleted_at IS NULL", use.UserId, Number(use.At));
                }

                foreach (var use in accounts)
                {
                    await transaction.ExecuteAsync(
                        "UPDATE blazorauth_accounts SET last_used_at = $4 WHERE issuer = $1 AND subject = $2 AND user_id = $3 AND last_used_at < $4",
                        Key(use.Issuer!), Key(use.Subject!), use.UserId, Number(use.At));
                }

                await transaction.CommitAsync();
                return true;
            },
            cancellationToken);
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

    // What PostgreSQL cannot hold it does not know either; no id is empty.
    private static string Key(string text) => StoredText.CanBeKept(text) ? text : "";
}
