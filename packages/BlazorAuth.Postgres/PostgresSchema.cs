using Npgsql;

namespace BlazorAuth.Stores.Postgres;

/// <summary>
/// The tables of the PostgreSQL store, in the first schema of the connection's search path. A step that was ever released is never edited: a
/// change is a new step at the end.
/// </summary>
internal static class PostgresSchema
{
    // "BlAu": nodes that start together upgrade one after the other.
    private const long UpgradeLock = 0x426C4175;

    private static readonly string[] Steps =
    [
        """
        CREATE TABLE blazorauth_sessions (
            id text PRIMARY KEY,
            user_id text NOT NULL,
            provider text NOT NULL,
            provider_account_id text,
            claims text NOT NULL,
            version integer NOT NULL,
            created_at bigint NOT NULL,
            last_seen_at bigint NOT NULL,
            expires_at bigint NOT NULL,
            device text,
            revoked_at bigint,
            change bigint,
            CHECK (change IS NOT NULL OR (revoked_at IS NULL AND version = 1))
        );
        CREATE INDEX blazorauth_sessions_by_user ON blazorauth_sessions (user_id, expires_at);
        CREATE INDEX blazorauth_sessions_by_expiry ON blazorauth_sessions (expires_at);
        CREATE INDEX blazorauth_sessions_by_change ON blazorauth_sessions (change) WHERE change IS NOT NULL;
        CREATE TABLE blazorauth_keys (
            position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            name text NOT NULL UNIQUE,
            value text NOT NULL
        );
        CREATE TABLE blazorauth_store (
            single boolean PRIMARY KEY DEFAULT true CHECK (single),
            schema_version integer NOT NULL,
            epoch text NOT NULL,
            epoch_started_at bigint NOT NULL,
            change bigint NOT NULL
        );
        """,

        // From this version on, the content of sessions is sealed: earlier rows are dropped, and their users sign in again.
        """
        DROP TABLE blazorauth_sessions;
        CREATE TABLE blazorauth_sessions (
            id text PRIMARY KEY,
            user_id text NOT NULL,
            provider text NOT NULL,
            content text NOT NULL,
            version integer NOT NULL,
            created_at bigint NOT NULL,
            last_seen_at bigint NOT NULL,
            expires_at bigint NOT NULL,
            device text,
            is_adopted boolean NOT NULL,
            revoked_at bigint,
            revoked_for integer,
            replaced_by text,
            number bigint NOT NULL,
            change bigint,
            changed_at bigint,
            CHECK (change IS NOT NULL OR (revoked_at IS NULL AND version = 1)),
            CHECK ((change IS NULL) = (changed_at IS NULL))
        );
        CREATE SEQUENCE blazorauth_numbers OWNED BY blazorauth_sessions.number;
        CREATE INDEX blazorauth_sessions_by_use ON blazorauth_sessions (user_id, last_seen_at DESC, id COLLATE "C") WHERE revoked_at IS NULL;
        CREATE INDEX blazorauth_sessions_by_use_adopted ON blazorauth_sessions (user_id, last_seen_at DESC, id COLLATE "C")
            WHERE revoked_at IS NULL AND is_adopted;
        CREATE INDEX blazorauth_sessions_by_history ON blazorauth_sessions (user_id, coalesce(revoked_at, created_at) DESC, id COLLATE "C");
        CREATE INDEX blazorauth_sessions_by_expiry ON blazorauth_sessions (expires_at);
        CREATE INDEX blazorauth_sessions_by_change ON blazorauth_sessions (change) WHERE change IS NOT NULL;
        CREATE INDEX blazorauth_sessions_by_change_time ON blazorauth_sessions (changed_at) WHERE change IS NOT NULL;
        CREATE TABLE blazorauth_used_keys (key text PRIMARY KEY, until bigint NOT NULL);
        CREATE INDEX blazorauth_used_keys_by_end ON blazorauth_used_keys (until);
        ALTER TABLE blazorauth_store RENAME COLUMN epoch TO id;
        ALTER TABLE blazorauth_store DROP COLUMN epoch_started_at;
        """,

        // The nodes that use the tables, and what the tables have lost, to detect whether they are still the same.
        """
        DROP TABLE IF EXISTS blazorauth_nodes;
        CREATE TABLE blazorauth_nodes (id text PRIMARY KEY, sequence bigint NOT NULL, number bigint NOT NULL, seen_at bigint NOT NULL);
        ALTER TABLE blazorauth_store ADD COLUMN losses text NOT NULL DEFAULT '';
        """,
    ];

    public static int Version => Steps.Length;

    /// <summary>Refuses the tables of a newer version, which may have upgraded them while this one runs.</summary>
    /// <exception cref="SessionStoreException">The tables were made by a newer version.</exception>
    public static void Check(int version)
    {
        if (version > Version)
        {
            throw new SessionStoreException(
                $"The tables of the session store were created by a newer version of BlazorAuth (schema {version}; this version knows {Version}). Run the newer version, or give this one a separate database.");
        }
    }

    /// <exception cref="SessionStoreException">The tables were made by a newer version.</exception>
    public static async Task UpgradeAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({UpgradeLock})", cancellationToken);
        var exists = await ExecuteAsync(connection, "SELECT to_regclass('blazorauth_store') IS NOT NULL", cancellationToken) is true;
        var version = exists ? await ExecuteAsync(connection, "SELECT schema_version FROM blazorauth_store", cancellationToken) as int? ?? Version : 0;
        Check(version);
        for (var step = version; step < Version; step++)
        {
            await ExecuteAsync(connection, Steps[step], cancellationToken);
        }

        await using var write = new NpgsqlCommand(
            """
            INSERT INTO blazorauth_store (schema_version, id, change) VALUES ($1, $2, 0)
            ON CONFLICT (single) DO UPDATE SET schema_version = $1
            """,
            connection)
        {
            CommandTimeout = 0,
            Parameters = { new() { Value = Version }, new() { Value = SessionChangeSet.NewStoreId() } },
        };
        await write.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
