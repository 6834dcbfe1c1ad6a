using BlazorAuth.Accounts;
using Microsoft.Data.Sqlite;
using static BlazorAuth.Stores.Sqlite.SqliteRows;
using static BlazorAuth.AccountRows;

namespace BlazorAuth.Stores.Sqlite;

/// <content>Creating users, and connecting accounts to them.</content>
internal sealed partial class SqliteAccountStore
{
    private const string GiveUp =
        "INSERT INTO users (id, created_at, last_seen_at, deleted_at) VALUES ($id, $now, $now, $now) ON CONFLICT (id) DO NOTHING";

    public Task<UserCreation> CreateAsync(UserRecord user, AccountRecord account, CancellationToken cancellationToken = default)
    {
        (user, account) = (AccountLimits.Normalize(user), AccountLimits.Normalize(account) with { UserId = user.Id });
        return database.WriteAsync(
            connection =>
            {
                if (OwnerOf(connection, account.Issuer, account.Subject) is not null)
                {
                    return UserCreation.AccountExists;
                }

                if (!Insert(connection, user))
                {
                    return UserCreation.IdWasUsed;
                }

                Insert(connection, account);
                return UserCreation.Created;
            },
            cancellationToken);
    }

    public Task<LinkResult> LinkAsync(AccountRecord account, CancellationToken cancellationToken = default)
    {
        account = AccountLimits.Normalize(account);
        return database.WriteAsync(
            connection =>
            {
                if (!IsThere(connection, account.UserId))
                {
                    return LinkResult.UserNotFound;
                }

                var owner = OwnerOf(connection, account.Issuer, account.Subject);
                if (owner is null)
                {
                    Insert(connection, account);
                    return LinkResult.Linked;
                }

                return owner == account.UserId ? LinkResult.AlreadyLinked : LinkResult.OfSomebodyElse;
            },
            cancellationToken);
    }

    public Task<UnlinkResult> UnlinkAsync(string userId, string issuer, string subject, CancellationToken cancellationToken = default) => database.WriteAsync(
        connection =>
        {
            if (OwnerOf(connection, issuer, subject) != userId)
            {
                return UnlinkResult.NotFound;
            }

            if (!HasOther(connection, userId, issuer, subject))
            {
                return UnlinkResult.LastOne;
            }

            Remove(connection, issuer, subject);
            return UnlinkResult.Unlinked;
        },
        cancellationToken);

    public Task KeepPendingAsync(PendingLink link, CancellationToken cancellationToken = default)
    {
        link = AccountLimits.Normalize(link);
        return database.WriteAsync(
            connection => RemoveExpiredLinks(connection) + Execute(
                connection,
                """
                INSERT OR REPLACE INTO pending_links (browser, issuer, subject, provider, name, email, created_at, expires_at)
                VALUES ($browser, $issuer, $subject, $provider, $name, $email, $created, $expires)
                """,
                ("$browser", link.Browser), ("$issuer", link.Issuer), ("$subject", link.Subject), ("$provider", link.Provider), ("$name", link.Name),
                ("$email", link.Email), ("$created", Number(link.CreatedAt)), ("$expires", Number(link.ExpiresAt))),
            cancellationToken);
    }

    public Task<PendingLink?> FindPendingAsync(string browser, CancellationToken cancellationToken = default) => Read(
        connection => ReadAll(
            connection,
            "SELECT browser, issuer, subject, provider, name, email, created_at, expires_at FROM pending_links WHERE browser = $browser AND expires_at > $now",
            ToLink, ("$browser", browser), ("$now", Now)).SingleOrDefault(),
        cancellationToken);

    public Task<bool> RemovePendingAsync(string browser, CancellationToken cancellationToken = default) => database.WriteAsync(
        connection => Execute(connection, "DELETE FROM pending_links WHERE browser = $browser", ("$browser", browser)) == 1, cancellationToken);

    private int RemoveExpiredLinks(SqliteConnection connection) =>
        Execute(connection, "DELETE FROM pending_links WHERE expires_at <= $now", ("$now", Now));

    private void Remove(SqliteConnection connection, string issuer, string subject)
    {
        Execute(connection, "DELETE FROM accounts WHERE issuer = $issuer AND subject = $subject", ("$issuer", issuer), ("$subject", subject));
        Execute(connection, GiveUp, ("$id", AccountRecord.DefaultUserIdOf(issuer, subject)), ("$now", Now));
    }

    private static bool HasOther(SqliteConnection connection, string userId, string issuer, string subject) => ReadAll(
        connection, "SELECT 1 FROM accounts WHERE user_id = $id AND issuer <> $none AND NOT (issuer = $issuer AND subject = $subject) LIMIT 1", row => row.GetInt32(0),
        ("$id", userId), ("$none", AccountRecord.ImportIssuer), ("$issuer", issuer), ("$subject", subject)).Count == 1;

    private static bool IsThere(SqliteConnection connection, string userId) =>
        ReadAll(connection, "SELECT 1 FROM users WHERE id = $id AND deleted_at IS NULL", row => row.GetInt32(0), ("$id", userId)).Count == 1;

    private static string? OwnerOf(SqliteConnection connection, string issuer, string subject) => ReadAll(
        connection, "SELECT user_id FROM accounts WHERE issuer = $issuer AND subject = $subject", row => row.GetString(0),
        ("$issuer", issuer), ("$subject", subject)).SingleOrDefault();

    private static bool Insert(SqliteConnection connection, UserRecord user) => Execute(
        connection,
        """
        INSERT INTO users (id, name, name_key, email, email_key, email_verified_at, image, created_at, last_seen_at, banned_until, ban_reason)
        VALUES ($id, $name, $nameKey, $email, $emailKey, $verified, $image, $created, $seen, $banned, $reason) ON CONFLICT (id) DO NOTHING
        """,
        ("$id", user.Id), ("$name", user.Name), ("$nameKey", AccountLimits.SearchKey(user.Name)), ("$email", user.Email),
        ("$emailKey", AccountLimits.SearchKey(user.Email)), ("$verified", Number(user.EmailVerifiedAt)), ("$image", user.Image),
        ("$created", Number(user.CreatedAt)), ("$seen", Number(user.LastSeenAt)), ("$banned", Number(user.BannedUntil)), ("$reason", user.BanReason)) == 1;

    private static void Insert(SqliteConnection connection, AccountRecord account) => Execute(
        connection, "INSERT INTO accounts (issuer, subject, user_id, provider, linked_at, last_used_at) VALUES ($issuer, $subject, $user, $provider, $linked, $used)",
        ("$issuer", account.Issuer), ("$subject", account.Subject), ("$user", account.UserId), ("$provider", account.Provider),
        ("$linked", Number(account.LinkedAt)), ("$used", Number(account.LastUsedAt)));
}
