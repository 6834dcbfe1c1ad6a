using BlazorAuth.Accounts;
using BlazorAuth.Sync;
using Npgsql;

namespace BlazorAuth.Stores.Postgres;

/// <summary>
/// Remembers users and their accounts in a PostgreSQL database, beside the sessions or by themselves. What changes a user's accounts holds the user's row first, so
/// that two of a kind stand in line; ids and accounts are kept apart by their keys.
/// </summary>
internal sealed class PostgresAccountStore(PostgresDatabase database, TimeProvider clock) : IAccountStore, IDisposable
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

    public Task<UserCreation> CreateAsync(UserRecord user, AccountRecord account, CancellationToken cancellationToken = default)
    {
        (user, account) = (AccountLimits.Normalize(user), AccountLimits.Normalize(account) with { UserId = user.Id });
        return database.TransactAsync(
            async transaction =>
            {
                if (await IsOwnedAsync(transaction, account))
                {
                    return UserCreation.AccountExists;
                }

                if (await InsertAsync(transaction, user) == 0)
                {
                    // Perhaps by the same account, which another node has just written.
                    return await IsOwnedAsync(transaction, account) ? UserCreation.AccountExists : UserCreation.IdWasUsed;
                }

                if (await InsertAsync(transaction, account) == 0)
                {
                    return UserCreation.AccountExists;
                }

                await transaction.CommitAsync();
                return UserCreation.Created;
            },
            cancellationToken);
    }

    public Task<LinkResult> LinkAsync(AccountRecord account, CancellationToken cancellationToken = default)
    {
        account = AccountLimits.Normalize(account);
        return database.TransactAsync(
            async transaction =>
            {
                if (!await HoldAsync(transaction, account.UserId))
                {
                    return LinkResult.UserNotFound;
                }

                if (await InsertAsync(transaction, account) == 1)
                {
                    await transaction.CommitAsync();
                    return LinkResult.Linked;
                }

                var owners = await transaction.ReadAllAsync(OwnerOf, row => row.GetString(0), account.Issuer, account.Subject);
                return owners.Contains(account.UserId) ? LinkResult.AlreadyLinked : LinkResult.OfSomebodyElse;
            },
            cancellationToken);
    }

    public Task<UnlinkResult> UnlinkAsync(string userId, string issuer, string subject, CancellationToken cancellationToken = default) =>
        database.TransactAsync(
            async transaction =>
            {
                if (!await HoldAsync(transaction, Key(userId)))
                {
                    return UnlinkResult.NotFound;
                }

                var accounts = await transaction.ReadAllAsync(AccountsOf, row => ToAccount(row, 0), userId);
                if (accounts.Find(account => account.Issuer == issuer && account.Subject == subject) is not { } account)
                {
                    return UnlinkResult.NotFound;
                }

                if (accounts.Count == 1)
                {
                    return UnlinkResult.LastOne;
                }

                await RemoveAsync(transaction, account);
                await transaction.CommitAsync();
                return UnlinkResult.Unlinked;
            },
            cancellationToken);

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

    public Task KeepPendingAsync(PendingLink link, CancellationToken cancellationToken = default)
    {
        link = AccountLimits.Normalize(link);
        return ExecuteAsync(
            """
            WITH expired AS (DELETE FROM blazorauth_pending_links WHERE expires_at <= $9 AND browser <> $1)
            INSERT INTO blazorauth_pending_links (browser, issuer, subject, provider, name, email, created_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            ON CONFLICT (browser) DO UPDATE SET issuer = $2, subject = $3, provider = $4, name = $5, email = $6, created_at = $7, expires_at = $8
            """,
            cancellationToken, link.Browser, link.Issuer, link.Subject, link.Provider, link.Name, link.Email, Number(link.CreatedAt), Number(link.ExpiresAt), Now);
    }

    public async Task<PendingLink?> FindPendingAsync(string browser, CancellationToken cancellationToken = default) => (await ReadAllAsync(
        "SELECT browser, issuer, subject, provider, name, email, created_at, expires_at FROM blazorauth_pending_links WHERE browser = $1 AND expires_at > $2",
        ToLink, cancellationToken, Key(browser), Now)).SingleOrDefault();

    public async Task<bool> RemovePendingAsync(string browser, CancellationToken cancellationToken = default) =>
        await ExecuteAsync("DELETE FROM blazorauth_pending_links WHERE browser = $1", cancellationToken, Key(browser)) == 1;

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

    private async Task RemoveAsync(PostgresTransaction transaction, AccountRecord account)
    {
        await transaction.ExecuteAsync("DELETE FROM blazorauth_accounts WHERE issuer = $1 AND subject = $2", account.Issuer, account.Subject);
        await transaction.ExecuteAsync(
            "INSERT INTO blazorauth_users (id, created_at, last_seen_at, deleted_at) VALUES ($1, $2, $2, $2) ON CONFLICT (id) DO NOTHING",
            account.DefaultUserId, Now);
    }

    private static async Task<bool> HoldAsync(PostgresTransaction transaction, string userId) =>
        (await transaction.ReadAllAsync(Hold, row => row.GetInt32(0), userId)).Count == 1;

    private static async Task<bool> IsOwnedAsync(PostgresTransaction transaction, AccountRecord account) =>
        (await transaction.ReadAllAsync(OwnerOf, row => row.GetString(0), account.Issuer, account.Subject)).Count == 1;

    private static Task<int> InsertAsync(PostgresTransaction transaction, UserRecord user) => transaction.ExecuteAsync(
        """
        INSERT INTO blazorauth_users (id, name, name_key, email, email_key, email_verified_at, image, created_at, last_seen_at, banned_until, ban_reason)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (id) DO NOTHING
        """,
        user.Id, user.Name, AccountLimits.SearchKey(user.Name), user.Email, AccountLimits.SearchKey(user.Email), Number(user.EmailVerifiedAt), user.Image,
        Number(user.CreatedAt), Number(user.LastSeenAt), Number(user.BannedUntil), user.BanReason);

    private static Task<int> InsertAsync(PostgresTransaction transaction, AccountRecord account) => transaction.ExecuteAsync(
        InsertAccount, account.Issuer, account.Subject, account.UserId, account.Provider, Number(account.LinkedAt), Number(account.LastUsedAt));

    // What PostgreSQL cannot hold it does not know either; no id is empty.
    private static string Key(string text) => StoredText.CanBeKept(text) ? text : "";

    private static long? Number(DateTimeOffset? time) => time?.ToUnixTimeMilliseconds();

    private static DateTimeOffset Time(NpgsqlDataReader row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    private static DateTimeOffset? TimeOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : Time(row, column);

    private static string? TextOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static UserRecord ToUser(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0), Name = TextOrNull(row, 1), Email = TextOrNull(row, 2), EmailVerifiedAt = TimeOrNull(row, 3), Image = TextOrNull(row, 4),
        CreatedAt = Time(row, 5), LastSeenAt = Time(row, 6), BannedUntil = TimeOrNull(row, 7), BanReason = TextOrNull(row, 8), DeletedAt = TimeOrNull(row, 9),
    };

    private static PendingLink ToLink(NpgsqlDataReader row) => new()
    {
        Browser = row.GetString(0), Issuer = row.GetString(1), Subject = row.GetString(2), Provider = row.GetString(3), Name = TextOrNull(row, 4),
        Email = row.GetString(5), CreatedAt = Time(row, 6), ExpiresAt = Time(row, 7),
    };

    private static AccountRecord ToAccount(NpgsqlDataReader row, int first) => new()
    {
        Issuer = row.GetString(first), Subject = row.GetString(first + 1), UserId = row.GetString(first + 2), Provider = row.GetString(first + 3),
        LinkedAt = Time(row, first + 4), LastUsedAt = Time(row, first + 5),
    };
}
