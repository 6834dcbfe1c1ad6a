namespace BlazorAuth.Stores.Postgres;

/// <summary>
/// The statements of the PostgreSQL store. Each is one transaction, so no node that dies leaves one open. The number of a change comes from one
/// row, which a transaction holds until it has committed: numbers become visible in their order, and a cursor passes none that is still to come.
/// (A sequence would be faster and lose changes. The commits of <c>NOTIFY</c> stand in line anyway.)
/// </summary>
internal static class PostgresSql
{
    public const string Columns = "id, user_id, provider, provider_account_id, claims, version, created_at, last_seen_at, expires_at, device, revoked_at";

    public const string Create =
        $"INSERT INTO blazorauth_sessions ({Columns}) VALUES ({Values}) ON CONFLICT (id) DO NOTHING RETURNING id";

    public const string CreateAsChange =
        $"""
        WITH {Next}, changed AS (
            INSERT INTO blazorauth_sessions ({Columns}, change) VALUES ({Values}, (SELECT change FROM next)) ON CONFLICT (id) DO NOTHING
            RETURNING id, version, expires_at, revoked_at)
        SELECT id, {Notify} FROM changed
        """;

    public const string Find = $"SELECT {Columns} FROM blazorauth_sessions WHERE id = $1";

    public const string List =
        $"""
        SELECT {Columns} FROM blazorauth_sessions WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2
        ORDER BY last_seen_at DESC, created_at DESC, id COLLATE "C"
        """;

    public const string ListHistory =
        $"""
        SELECT {Columns} FROM blazorauth_sessions WHERE user_id = $1
        ORDER BY coalesce(revoked_at, created_at) DESC, id COLLATE "C" LIMIT $2
        """;

    public const string Revoke =
        $"""
        WITH {Next}, changed AS (
            UPDATE blazorauth_sessions SET revoked_at = $3, change = (SELECT change FROM next)
            WHERE user_id = $1 AND id = $2 AND revoked_at IS NULL AND expires_at > $3
            RETURNING id, version, expires_at, revoked_at)
        SELECT id, {Notify} FROM changed
        """;

    public const string WasRevoked =
        "SELECT revoked_at IS NOT NULL FROM blazorauth_sessions WHERE user_id = $1 AND id = $2 AND expires_at > $3";

    public const string RevokeAll =
        $"""
        WITH {Next}, changed AS (
            UPDATE blazorauth_sessions SET revoked_at = $3, change = (SELECT change FROM next)
            WHERE user_id = $1 AND id <> $2 AND revoked_at IS NULL AND expires_at > $3
            RETURNING id, version, expires_at, revoked_at)
        SELECT id, {Notify} FROM changed
        """;

    public const string Touch =
        """
        UPDATE blazorauth_sessions SET last_seen_at = greatest(last_seen_at, $2), expires_at = greatest(expires_at, $3)
        WHERE id = $1 AND revoked_at IS NULL AND expires_at > $4
        """;

    // Skips what others hold: who never waits with locks in hand takes part in no deadlock.
    public const string TouchAll =
        """
        WITH free AS (
            SELECT id FROM blazorauth_sessions WHERE id = ANY($1) AND revoked_at IS NULL AND expires_at > $4 FOR UPDATE SKIP LOCKED)
        UPDATE blazorauth_sessions session
        SET last_seen_at = greatest(session.last_seen_at, touch.seen), expires_at = greatest(session.expires_at, touch.expires)
        FROM unnest($1, $2, $3) AS touch (id, seen, expires) JOIN free ON free.id = touch.id
        WHERE session.id = touch.id
        """;

    public const string Update =
        $"""
        WITH {Next}, changed AS (
            UPDATE blazorauth_sessions SET claims = $2, version = version + 1, change = (SELECT change FROM next)
            WHERE id = $1 AND revoked_at IS NULL AND expires_at > $3 AND version = $4
            RETURNING id, version, expires_at, revoked_at)
        SELECT version, {Notify} FROM changed
        """;

    // One statement, so that changes and cursor are of one moment.
    public const string Changes =
        """
        SELECT store.change, store.epoch, store.epoch_started_at, session.id, session.revoked_at IS NOT NULL, session.version, session.expires_at
        FROM blazorauth_store store LEFT JOIN blazorauth_sessions session
        ON session.change > CASE WHEN $1 > store.change THEN 0 ELSE $1 END AND session.expires_at > $2
        """;

    public const string RemoveExpired =
        """
        DELETE FROM blazorauth_sessions WHERE id IN (
            SELECT id FROM blazorauth_sessions WHERE expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
        """;

    public const string Keys = "SELECT value FROM blazorauth_keys ORDER BY position";

    public const string AddKey = "INSERT INTO blazorauth_keys (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";

    private const string Values = "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11";

    private const string Next = "next AS (UPDATE blazorauth_store SET change = change + 1 RETURNING change)";

    // In the transaction of the change: sent when it is committed, and only then. SignalText reads it.
    private const string Notify =
        "pg_notify(@channel, CASE WHEN revoked_at IS NULL THEN 'u ' ELSE 'r ' END || version || ' ' || expires_at || ' ' || id)";
}
