using Microsoft.Data.Sqlite;

namespace BlazorAuth.Stores.Sqlite;

/// <summary>
/// The tables of users and accounts, which have a version of their own beside that of the sessions. A step that was ever released is never edited: a change is a
/// new step at the end.
/// </summary>
internal static class SqliteAccountSchema
{
    private static readonly string[] Steps =
    [
        """
        CREATE TABLE users (
            id TEXT NOT NULL PRIMARY KEY,
            name TEXT,
            name_key TEXT,
            email TEXT,
            email_key TEXT,
            email_verified_at INTEGER,
            image TEXT,
            created_at INTEGER NOT NULL,
            last_seen_at INTEGER NOT NULL,
            banned_until INTEGER,
            ban_reason TEXT,
            deleted_at INTEGER
        ) STRICT;
        CREATE INDEX users_by_name ON users (name_key) WHERE name_key IS NOT NULL;
        CREATE INDEX users_by_email ON users (email_key) WHERE email_key IS NOT NULL;
        CREATE TABLE accounts (
            issuer TEXT NOT NULL,
            subject TEXT NOT NULL,
            user_id TEXT NOT NULL REFERENCES users (id),
            provider TEXT NOT NULL,
            linked_at INTEGER NOT NULL,
            last_used_at INTEGER NOT NULL,
            PRIMARY KEY (issuer, subject)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX accounts_by_user ON accounts (user_id);
        CREATE TABLE pending_links (
            browser TEXT NOT NULL PRIMARY KEY,
            issuer TEXT NOT NULL,
            subject TEXT NOT NULL,
            provider TEXT NOT NULL,
            name TEXT,
            email TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX pending_links_by_end ON pending_links (expires_at);
        """,
    ];

    public static int Version => Steps.Length;

    /// <summary>Creates or upgrades the tables. The version is read under the write lock, so of several processes one does the work.</summary>
    /// <exception cref="SessionStoreException">The tables belong to a newer version.</exception>
    public static void Upgrade(SqliteConnection connection, string path)
    {
        if (ReadVersion(connection) == Version)
        {
            return;
        }

        using var transaction = connection.BeginTransaction(deferred: false);
        SqliteRows.Execute(connection, "CREATE TABLE IF NOT EXISTS account_schema (version INTEGER NOT NULL) STRICT");
        var version = ReadVersion(connection);
        if (version > Version)
        {
            throw new SessionStoreException(
                $"The users in {path} were written by a newer version of BlazorAuth (schema {version}; this version knows {Version}). Run the newer version, or give this one a separate file: AUTH_ACCOUNTS=sqlite:<path>.");
        }

        for (var step = version; step < Version; step++)
        {
            SqliteRows.Execute(connection, Steps[step]);
        }

        SqliteRows.Execute(connection, "DELETE FROM account_schema");
        SqliteRows.Execute(connection, "INSERT INTO account_schema VALUES ($version)", ("$version", Version));
        transaction.Commit();
    }

    private static int ReadVersion(SqliteConnection connection) =>
        SqliteRows.ReadAll(connection, "SELECT 1 FROM sqlite_schema WHERE name = 'account_schema'", row => row.GetInt32(0)).Count == 0
            ? 0
            : SqliteRows.ReadAll(connection, "SELECT version FROM account_schema", row => row.GetInt32(0)).FirstOrDefault();
}
