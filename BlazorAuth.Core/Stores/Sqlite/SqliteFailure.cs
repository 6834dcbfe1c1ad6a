using Microsoft.Data.Sqlite;
using static SQLitePCL.raw;

namespace BlazorAuth.Stores.Sqlite;

/// <summary>Says what went wrong with the file, and what to do.</summary>
internal static class SqliteFailure
{
    public static SessionStoreException Explain(SqliteException error, string path) =>
        error.SqliteErrorCode is SQLITE_BUSY or SQLITE_LOCKED ? Locked(path, error) : new SessionStoreException(Describe(error, path), error);

    public static SessionStoreException Locked(string path, Exception? error = null) => new(
        $"The session store {path} has been locked by another process for too long. Close whatever holds the lock, such as a database tool or a backup; several nodes need AUTH_STORE=postgres:… or redis:….",
        error);

    public static SessionStoreException IsFolder(string path) => new(
        $"The session store {path} is a folder. Name a file in it: AUTH_STORE=sqlite:{Path.Join(path, "auth.db")}.");

    public static SessionStoreException CannotCreate(string path, Exception error) => new(
        $"The session store {path} cannot be created. Give the app's user write access to its folder, or name another place: AUTH_STORE=sqlite:<path>.",
        error);

    public static SessionStoreException Deleted(string path) => new(
        $"The session store {path} was deleted while the app runs. Restore it from a backup. If the app is restarted without it, it starts with an empty store: everyone has to sign in again, and if the file held users, they are lost, with all bans and connected accounts.");

    public static SessionStoreException Replaced(string path) => new(
        $"The session store {path} was replaced by another file while the app runs. The app continues with it; restore a backup only while the app is stopped.");

    private static string Describe(SqliteException error, string path) => error.SqliteErrorCode switch
    {
        SQLITE_CANTOPEN or SQLITE_PERM or SQLITE_AUTH =>
            $"The session store {path} cannot be opened. Give the app's user read and write access to the file and its folder.",
        SQLITE_READONLY =>
            $"The session store {path} is read-only. Give the app's user write access to the file and its folder, or name another place: AUTH_STORE=sqlite:<path>.",
        SQLITE_FULL => $"The disk of the session store {path} is full. Free some space, or name another place: AUTH_STORE=sqlite:<path>.",
        SQLITE_NOTADB => $"The file {path} is not a SQLite database. Name another file for the session store: AUTH_STORE=sqlite:<path>.",
        SQLITE_CORRUPT =>
            $"The session store {path} is damaged. Restore it from a backup, or stop the app and try sqlite3's .recover command. Without the file everyone has to sign in again, and if it holds users, they are lost, with all bans and connected accounts.",
        SQLITE_IOERR => $"The disk of the session store {path} reports an error (SQLite {error.SqliteExtendedErrorCode}). Check the disk and its free space.",
        _ => $"The session store {path} failed (SQLite {error.SqliteExtendedErrorCode}).",
    };
}
