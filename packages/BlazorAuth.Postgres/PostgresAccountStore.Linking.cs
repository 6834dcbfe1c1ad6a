using Npgsql;
using static BlazorAuth.AccountRows;

namespace BlazorAuth.Stores.Postgres;

/// <content>Creating users, and connecting accounts to them.</content>
internal sealed partial class PostgresAccountStore
{
    private const string Other =
        $"""
        SELECT 1 FROM blazorauth_accounts
        WHERE user_id = $1 AND issuer <> '{AccountRecord.ImportIssuer}' AND NOT (issuer = $2 AND subject = $3) LIMIT 1
        """;

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
                    // Possibly by the same account, which another node has just written.
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
                if (!await HoldAsync(transaction, Key(userId))
                    || !(await transaction.ReadAllAsync(OwnerOf, row => row.GetString(0), Key(issuer), Key(subject))).Contains(userId))
                {
                    return UnlinkResult.NotFound;
                }

                if ((await transaction.ReadAllAsync(Other, row => row.GetInt32(0), userId, issuer, subject)).Count == 0)
                {
                    return UnlinkResult.LastOne;
                }

                await transaction.ExecuteAsync("DELETE FROM blazorauth_accounts WHERE issuer = $1 AND subject = $2", issuer, subject);
                await GiveUpAsync(transaction, [AccountRecord.DefaultUserIdOf(issuer, subject)]);
                await transaction.CommitAsync();
                return UnlinkResult.Unlinked;
            },
            cancellationToken);

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

    private Task<int> GiveUpAsync(PostgresTransaction transaction, string[] ids) => transaction.ExecuteAsync(
        "INSERT INTO blazorauth_users (id, created_at, last_seen_at, deleted_at) SELECT id, $2, $2, $2 FROM unnest($1) AS id ON CONFLICT (id) DO NOTHING", ids, Now);

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
}
