using Npgsql;

namespace BlazorAuth.Stores.Postgres;

/// <summary>
/// The tables of users and accounts, which have a version of their own beside that of the sessions. A step that was ever released is never edited: a change is a
/// new step at the end.
/// </summary>
internal static class PostgresAccountSchema
{
    // "BlAc": nodes that start together upgrade one after the other.
    private const long UpgradeLock = 0x426C4163;

    private static readonly string[] Steps =
    [
        """
        CREATE TABLE blazorauth_users (
            id text COLLATE "C" PRIMARY KEY,
            name text,
            name_key text COLLATE "C",
            email text,
            email_key text COLLATE "C",
            email_verified_at bigint,
            image text,
            created_at bigint NOT NULL,
            last_seen_at bigint NOT NULL,
            banned_until bigint,
            ban_reason text,
            deleted_at bigint
        );
        CREATE INDEX blazorauth_users_by_name ON blazorauth_users (name_key) WHERE name_key IS NOT NULL;
        CREATE INDEX blazorauth_users_by_email ON blazorauth_users (email_key) WHERE email_key IS NOT NULL;
        CREATE TABLE blazorauth_accounts (
            issuer text COLLATE "C" NOT NULL,
            subject text COLLATE "C" NOT NULL,
            user_id text COLLATE "C" NOT NULL REFERENCES blazorauth_users (id),
            provider text NOT NULL,
            linked_at bigint NOT NULL,
            last_used_at bigint NOT NULL,
            PRIMARY KEY (issuer, subject)
        );
        CREATE INDEX blazorauth_accounts_by_user ON blazorauth_accounts (user_id);
        CREATE TABLE blazorauth_pending_links (
            browser text PRIMARY KEY,
            issuer text NOT NULL,
            subject text NOT NULL,
            provider text NOT NULL,
            name text,
            email text NOT NULL,
            created_at bigint NOT NULL,
            expires_at bigint NOT NULL
        );
        CREATE INDEX blazorauth_pending_links_by_end ON blazorauth_pending_links (expires_at);
        """,
    ];

    public static int Version => Steps.Length;

    /// <exception cref="SessionStoreException">The tables were made by a newer version.</exception>
    public static async Task UpgradeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({UpgradeLock})", cancellationToken);
        if (await ExecuteAsync(connection, "SELECT to_regclass('blazorauth_account_schema') IS NULL", cancellationToken) is true)
        {
            // "IF NOT EXISTS" requires the privilege to create tables even if the table exists.
            await ExecuteAsync(connection, "CREATE TABLE blazorauth_account_schema (version integer NOT NULL)", cancellationToken);
        }

        var version = await ExecuteAsync(connection, "SELECT version FROM blazorauth_account_schema", cancellationToken) as int? ?? 0;
        if (version > Version)
        {
            throw new SessionStoreException(
                $"The users' tables were created by a newer version of BlazorAuth (schema {version}; this version knows {Version}). Run the newer version, or give this one a separate database.");
        }

        for (var step = version; step < Version; step++)
        {
            await ExecuteAsync(connection, Steps[step], cancellationToken);
        }

        if (version < Version)
        {
            await ExecuteAsync(connection, $"DELETE FROM blazorauth_account_schema; INSERT INTO blazorauth_account_schema VALUES ({Version})", cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
