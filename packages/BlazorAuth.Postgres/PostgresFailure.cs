using System.Net.Sockets;
using Npgsql;

namespace BlazorAuth.Stores.Postgres;

/// <summary>Says what is wrong with the PostgreSQL store, and what to do; never the connection string, which may hold a password.</summary>
internal static class PostgresFailure
{
    public static bool IsOne(Exception error) => error is NpgsqlException or SocketException or TimeoutException or IOException;

    public static SessionStoreException Explain(Exception error) => new(Describe(error), error);

    private static string Describe(Exception error) => error switch
    {
        PostgresException postgres => Describe(postgres),
        NpgsqlException { InnerException: TimeoutException } or TimeoutException =>
            "The session store (PostgreSQL) did not respond in time. Check its load, its locks and the network; \"Timeout\" and \"Command Timeout\" in the connection string are seconds.",
        _ => "The session store (PostgreSQL) cannot be reached. Check that the server is running, and the host and port in the connection string.",
    };

    private static string Describe(PostgresException error) => error.SqlState switch
    {
        "28P01" or "28000" => "The session store (PostgreSQL) rejects the app's user. Check user and password in the connection string, and pg_hba.conf.",
        "3D000" => "The database of the session store (PostgreSQL) does not exist. Create it: createdb <name>.",
        "42501" or "3F000" => "The app's user may not use the session store's tables (PostgreSQL). Make it the owner of a database: createdb --owner=<user> <name>.",
        "25006" => "The session store (PostgreSQL) is read-only, perhaps a standby. Name the primary, or list all hosts with \"Target Session Attributes=primary\".",
        "53300" => "The session store (PostgreSQL) has no connection left. Raise max_connections, or set \"Maximum Pool Size\" in the connection string of each node.",
        "53100" => "The disk of the session store (PostgreSQL) is full. Free some space, or give it a larger disk.",
        "57014" => "The session store (PostgreSQL) did not respond in time. Check its load and its locks.",
        "57P01" or "57P02" or "57P03" => "The session store (PostgreSQL) is starting or stopping, or an administrator ended the connection.",
        _ => $"The session store (PostgreSQL) failed with {error.SqlState}.",
    };
}
