using Microsoft.Data.Sqlite;

namespace BlazorAuth.Stores.Sqlite;

/// <summary>The tables of the SQLite store. A step that was ever released is never edited: a change is a new step at the end.</summary>
internal static class SqliteSchema
{
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE sessions (
            id TEXT NOT NULL PRIMARY KEY,
            user_id TEXT NOT NULL,
            provider TEXT NOT NULL,
            provider_account_id TEXT,
            claims TEXT NOT NULL,
            version INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            last_seen_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            device TEXT,
            revoked_at INTEGER,
            change INTEGER
        ) STRICT;
        CREATE INDEX sessions_by_user ON sessions (user_id, expires_at);
        CREATE INDEX sessions_by_expiry ON sessions (expires_at);
        CREATE INDEX sessions_by_change ON sessions (change) WHERE change IS NOT NULL;
        CREATE TABLE last_change (value INTEGER NOT NULL) STRICT;
        INSERT INTO last_change VALUES (0);
        """,
        """
        CREATE TABLE protection_keys (
            position INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT NOT NULL UNIQUE,
            value TEXT NOT NULL
        ) STRICT;
        """,
        "CREATE TABLE IF NOT EXISTS epoch (id TEXT NOT NULL, started_at INTEGER NOT NULL) STRICT;",

        // From this version on, the content of sessions is sealed: earlier rows are dropped, and their users sign in again.
        """
        DROP TABLE sessions;
        CREATE TABLE sessions (
            id TEXT NOT NULL PRIMARY KEY,
            user_id TEXT NOT NULL,
            provider TEXT NOT NULL,
            content TEXT NOT NULL,
            version INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            last_seen_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            device TEXT,
            is_adopted INTEGER NOT NULL,
            revoked_at INTEGER,
            revoked_for INTEGER,
            replaced_by TEXT,
            number INTEGER NOT NULL,
            change INTEGER,
            changed_at INTEGER
        ) STRICT;
        CREATE INDEX sessions_by_use ON sessions (user_id, last_seen_at DESC, id) WHERE revoked_at IS NULL;
        CREATE INDEX sessions_by_use_adopted ON sessions (user_id, last_seen_at DESC, id) WHERE revoked_at IS NULL AND is_adopted = 1;
        CREATE INDEX sessions_by_history ON sessions (user_id, coalesce(revoked_at, created_at) DESC, id);
        CREATE INDEX sessions_by_expiry ON sessions (expires_at);
        CREATE INDEX sessions_by_change ON sessions (change) WHERE change IS NOT NULL;
        CREATE INDEX sessions_by_change_time ON sessions (changed_at) WHERE change IS NOT NULL;
        CREATE TABLE store (id TEXT, number INTEGER NOT NULL) STRICT;
        INSERT INTO store SELECT (SELECT id FROM epoch), value FROM last_change;
        DROP TABLE epoch;
        DROP TABLE last_change;
        CREATE TABLE used_keys (key TEXT NOT NULL PRIMARY KEY, until INTEGER NOT NULL) STRICT;
        CREATE INDEX used_keys_by_end ON used_keys (until);
        """,

        // The processes that use the file, and what it has lost, to detect whether it is still the same file.
        """
        CREATE TABLE nodes (id TEXT NOT NULL PRIMARY KEY, sequence INTEGER NOT NULL, number INTEGER NOT NULL, seen_at INTEGER NOT NULL) STRICT;
        ALTER TABLE store ADD COLUMN losses TEXT NOT NULL DEFAULT '';
        """,
    ];

    // "BlAu": distinguishes this file from another application's database.
    private const long ApplicationId = 0x426C4175;

    public static int Version => Steps.Length;

    /// <summary>Creates or upgrades the tables. The version is read under the write lock, so of several processes one does the work.</summary>
    /// <exception cref="SessionStoreException">The file belongs to another application or to a newer version.</exception>
    public static void Upgrade(SqliteConnection connection, string path)
    {
        if (ReadNumber(connection, "PRAGMA user_version") == Version && ReadNumber(connection, "PRAGMA application_id") == ApplicationId)
        {
            return;
        }

        using var transaction = connection.BeginTransaction(deferred: false);
        var version = ReadNumber(connection, "PRAGMA user_version");
        var isOurs = ReadNumber(connection, "PRAGMA application_id") == ApplicationId;
        if (!isOurs && (version != 0 || ReadNumber(connection, "SELECT count(*) FROM sqlite_schema") != 0))
        {
            throw new SessionStoreException($"The database {path} belongs to another application. Give the sessions a separate file: AUTH_STORE=sqlite:<path>.");
        }

        Check(version, path);
        for (; version < Version; version++)
        {
            Execute(connection, Steps[version]);
        }

        NameStore(connection);
        Execute(connection, $"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version};");
        transaction.Commit();
    }

    /// <summary>Refuses the file of a newer version, which may have upgraded it while this one runs.</summary>
    /// <exception cref="SessionStoreException">The file was written by a newer version.</exception>
    public static void Check(SqliteConnection connection, string path) => Check(ReadNumber(connection, "PRAGMA user_version"), path);

    private static void Check(long version, string path)
    {
        if (version > Version)
        {
            throw new SessionStoreException(
                $"The session store {path} was written by a newer version of BlazorAuth (schema {version}; this version knows {Version}). Run the newer version, or give this one a separate file: AUTH_STORE=sqlite:<path>.");
        }
    }

    private static void NameStore(SqliteConnection connection)
    {
        using var command = SqliteRows.Command(connection, "UPDATE store SET id = $id WHERE id IS NULL", ("$id", SessionChangeSet.NewStoreId()));
        command.ExecuteNonQuery();
    }

    private static long ReadNumber(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
