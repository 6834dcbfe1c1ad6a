namespace BlazorAuth.Stores.Postgres;

/// <summary>
/// The statements of the PostgreSQL store. Each is one transaction, so no node that dies leaves one open. The number of a change comes from one
/// row, which a transaction holds until it has committed: numbers become visible in their order, and a cursor passes none that is still to come.
/// (A sequence would be faster and lose changes. The commits of <c>NOTIFY</c> stand in line anyway.) The number of a write comes from a sequence: it only has
/// to grow, and people who sign in stand in no line.
/// </summary>
internal static class PostgresSql
{
    public const string Columns =
        "id, user_id, provider, content, version, created_at, last_seen_at, expires_at, device, is_adopted, revoked_at, revoked_for, number, replaced_by";

    public const string Create =
        $"INSERT INTO blazorauth_sessions ({Columns}) VALUES ({Values}) ON CONFLICT (id) DO NOTHING RETURNING number";

    public const string CreateAsChange =
        $"""
        WITH {Next}, changed AS (
            INSERT INTO blazorauth_sessions ({Columns}, change, changed_at) VALUES ({Values}, (SELECT change FROM next), $14)
            ON CONFLICT (id) DO NOTHING RETURNING *)
        SELECT number, {Notify} FROM changed
        """;

    // $2: whose; $14: now, $15: the session that is replaced, $16: its end, $17: until when it is remembered, $18: the time by which things end. The change
    // comes first, as everywhere: a transaction that holds its row waits for no other.
    public const string Replace =
        $"""
        WITH {Next}, changed AS (
            UPDATE blazorauth_sessions SET revoked_at = $16, revoked_for = 2, replaced_by = $1, expires_at = greatest(expires_at, $17),
                change = (SELECT change FROM next), changed_at = $14, number = nextval('blazorauth_numbers')
            WHERE user_id = $2 AND id = $15 AND revoked_at IS NULL AND expires_at > $18 RETURNING *),
        earlier AS (
            UPDATE blazorauth_sessions SET replaced_by = $1
            WHERE user_id = $2 AND coalesce(revoked_at, created_at) > $14 AND replaced_by = $15 AND EXISTS (SELECT 1 FROM changed)),
        created AS (
            INSERT INTO blazorauth_sessions ({Columns}, change, changed_at)
            SELECT {Values}, CASE WHEN $5 > 1 THEN (SELECT change FROM next) END, CASE WHEN $5 > 1 THEN $14 END FROM changed RETURNING number)
        SELECT (SELECT number FROM created), {Notify} FROM changed
        """;

    public const string Find = $"SELECT {Columns} FROM blazorauth_sessions WHERE id = $1";

    public const string List =
        $"""
        SELECT {Columns} FROM blazorauth_sessions WHERE user_id = $1 AND {IsLiveAt2}
        AND last_seen_at <= $3 AND (last_seen_at < $3 OR id COLLATE "C" > $4) ORDER BY last_seen_at DESC, id COLLATE "C" LIMIT $5
        """;

    public const string ListHistory =
        $"""
        SELECT {Columns} FROM blazorauth_sessions WHERE user_id = $1
        AND coalesce(revoked_at, created_at) <= $2 AND (coalesce(revoked_at, created_at) < $2 OR id COLLATE "C" > $3)
        ORDER BY coalesce(revoked_at, created_at) DESC, id COLLATE "C" LIMIT $4
        """;

    public const string Scan = $"SELECT {Columns} FROM blazorauth_sessions WHERE id > $1 ORDER BY id LIMIT $2";

    public const string Revoke =
        $"""
        WITH ended AS (
            SELECT id FROM blazorauth_sessions WHERE user_id = $1 AND id = $6 AND {IsUsableAt2}
            UNION SELECT id FROM blazorauth_sessions WHERE {IsEndingOf1} AND replaced_by = $6), {NextIfEnded}, changed AS (
            UPDATE blazorauth_sessions SET {RevokedAt5}
            WHERE user_id = $1 AND id IN (SELECT id FROM ended) AND {IsUsableAt2} RETURNING *)
        SELECT id, id = $6, {Notify} FROM changed
        """;

    public const string WasRevoked =
        "SELECT revoked_at IS NOT NULL FROM blazorauth_sessions WHERE user_id = $1 AND id = $2 AND expires_at > $3";

    // A session that was live at the start counts as revoked even if another call replaced it in the meantime: a repeated call finds the session that replaced it.
    public const string RevokeAll =
        $"""
        WITH live AS (SELECT id FROM blazorauth_sessions WHERE user_id = $1 AND id <> $6 AND {IsLiveAt2} LIMIT $7),
        ended AS (SELECT id FROM live UNION SELECT id FROM blazorauth_sessions WHERE {IsEndingOf1}), {NextIfEnded}, {RevokedOfEnded}
        SELECT id, id IN (SELECT id FROM live), {Notify} FROM changed
        """;

    // The count reads no more than it has to; both lists come from the index, in its order.
    public const string Limit =
        $"""
        WITH counted AS (
            SELECT count(*) - $7 AS excess
            FROM (SELECT 1 FROM blazorauth_sessions WHERE user_id = $1 AND {IsLiveAt2} LIMIT $7::bigint + $8) AS live),
        live AS (
            SELECT id FROM (
                (SELECT id, 0 AS place, last_seen_at FROM blazorauth_sessions WHERE user_id = $1 AND id <> $6 AND is_adopted AND {IsLiveAt2}
                ORDER BY last_seen_at, id COLLATE "C" DESC LIMIT $8)
                UNION ALL
                (SELECT id, 1 AS place, last_seen_at FROM blazorauth_sessions WHERE user_id = $1 AND id <> $6 AND NOT is_adopted AND {IsLiveAt2}
                ORDER BY last_seen_at, id COLLATE "C" DESC LIMIT $8)) AS candidates
            ORDER BY place, last_seen_at, id COLLATE "C" DESC LIMIT greatest((SELECT excess FROM counted), 0)),
        ended AS (SELECT id FROM live UNION SELECT id FROM blazorauth_sessions WHERE {IsEndingOf1} AND replaced_by IN (SELECT id FROM live)),
        {NextIfEnded}, {RevokedOfEnded}
        SELECT id, id IN (SELECT id FROM live), {Notify} FROM changed
        """;

    public const string Renew =
        $"""
        UPDATE blazorauth_sessions
        SET last_seen_at = greatest(last_seen_at, $3), expires_at = greatest(expires_at, $4), is_adopted = false,
            number = nextval('blazorauth_numbers')
        WHERE user_id = $1 AND id = $5 AND {IsLiveAt2} RETURNING {Columns}
        """;

    // Skips rows that others have locked: a transaction that never waits while holding locks cannot deadlock.
    public const string TouchAll =
        """
        WITH free AS (
            SELECT id FROM blazorauth_sessions WHERE id = ANY($1) AND revoked_at IS NULL AND expires_at > $5 FOR UPDATE SKIP LOCKED)
        UPDATE blazorauth_sessions session
        SET last_seen_at = greatest(session.last_seen_at, touch.seen), expires_at = greatest(session.expires_at, touch.expires)
        FROM unnest($1, $2, $3, $4) AS touch (id, user_id, seen, expires) JOIN free ON free.id = touch.id
        WHERE session.id = touch.id AND session.user_id = touch.user_id
        """;

    public const string Update =
        $"""
        WITH {Next}, changed AS (
            UPDATE blazorauth_sessions
            SET content = $1, version = version + 1, change = (SELECT change FROM next), changed_at = $5, number = nextval('blazorauth_numbers')
            WHERE id = $3 AND version = $4 AND {IsLiveAt2} RETURNING *)
        SELECT {Columns}, {Notify} FROM changed
        """;

    public const string Rewrite = $"UPDATE blazorauth_sessions SET content = $1 WHERE id = $3 AND version = $4 AND {IsLiveAt2}";

    public const string Erase = $"UPDATE blazorauth_sessions SET content = '', device = NULL WHERE user_id = $1 AND id = $3 AND NOT ({IsLiveAt2})";

    public const string TryUse =
        """
        INSERT INTO blazorauth_used_keys (key, until) VALUES ($1, $3)
        ON CONFLICT (key) DO UPDATE SET until = $3 WHERE blazorauth_used_keys.until <= $2
        """;

    // One statement, so that changes and cursor are from the same moment. Each of the two has its own index, and no other condition that could mislead the planner.
    public const string Changes = $"{ChangesOn} session.change > $1 AND session.expires_at > $2 AND session.changed_at >= $3";

    public const string ChangesSince = $"{ChangesOn} session.change IS NOT NULL AND session.expires_at > $1 AND session.changed_at >= $2";

    private const string ChangesOn =
        $"""
        SELECT store.id, store.change, {LastNumber},
            session.id, session.revoked_at, session.replaced_by, session.version, session.expires_at, session.changed_at
        FROM blazorauth_store store LEFT JOIN blazorauth_sessions session ON
        """;

    // In index order: for the limit alone, the planner would not use the index.
    public const string RemoveExpired =
        $"""
        DELETE FROM blazorauth_sessions WHERE id IN (
            SELECT id FROM blazorauth_sessions WHERE expires_at <= least($1, {ServerTime}) ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED)
        """;

    public const string RemoveUsedKeys =
        $"""
        DELETE FROM blazorauth_used_keys WHERE key IN (
            SELECT key FROM blazorauth_used_keys WHERE until <= least($1, {ServerTime}) ORDER BY until LIMIT $2 FOR UPDATE SKIP LOCKED)
        """;

    // $1 node, $2 look, $3 when the node started, $4 the server's time in tests.
    public const string Look =
        $"""
        WITH clock AS MATERIALIZED (SELECT coalesce($4, {ServerTime}) AS now),
        last AS (SELECT sequence, number, seen_at FROM blazorauth_nodes WHERE id <> $1 AND seen_at < $3 ORDER BY seen_at DESC LIMIT 1),
        written AS (
            INSERT INTO blazorauth_nodes (id, sequence, number, seen_at) SELECT $1, $2, {LastNumber}, now FROM clock
            ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, number = excluded.number, seen_at = excluded.seen_at RETURNING id)
        SELECT store.id, {LastNumber}, store.losses, clock.now, own.sequence, own.number, own.seen_at, last.sequence, last.number, last.seen_at,
            store.schema_version, pg_notify(@channel, 'm ' || $1 || ' ' || $2)
        FROM blazorauth_store store CROSS JOIN clock LEFT JOIN blazorauth_nodes own ON own.id = $1 LEFT JOIN last ON true
        """;

    public const string RemoveNodes =
        "DELETE FROM blazorauth_nodes WHERE id IN (SELECT id FROM blazorauth_nodes ORDER BY seen_at DESC OFFSET $1)";

    public const string NoteLoss =
        """
        WITH noted AS (UPDATE blazorauth_store SET losses = $2 WHERE losses = $1 RETURNING id)
        SELECT setval('blazorauth_numbers', greatest($3, (SELECT last_value FROM blazorauth_numbers))) FROM noted
        """;

    public const string Keys = "SELECT value FROM blazorauth_keys ORDER BY position";

    public const string AddKey = "INSERT INTO blazorauth_keys (name, value) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";

    private const string LastNumber = "(SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM blazorauth_numbers)";

    // Evaluated once per statement: a volatile function would keep the planner from using its indexes.
    private const string ServerTime = "(SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint)";

    private const string Values = "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, nextval('blazorauth_numbers'), $13";

    // Wherever it is used, $2 is the current time for expiry.
    private const string IsLiveAt2 = "revoked_at IS NULL AND expires_at > $2";

    // Sessions of the user in $1 that were replaced and have not ended. The history index finds these first: only their times are in the future.
    private const string IsEndingOf1 = "user_id = $1 AND coalesce(revoked_at, created_at) > $5 AND replaced_by IS NOT NULL AND revoked_at > $5";

    private const string IsUsableAt2 = "(revoked_at IS NULL OR (replaced_by IS NOT NULL AND revoked_at > $5)) AND expires_at > $2";

    private const string Next = "next AS (UPDATE blazorauth_store SET change = change + 1 RETURNING change)";

    private const string NextIfEnded = "next AS (UPDATE blazorauth_store SET change = change + 1 WHERE EXISTS (SELECT 1 FROM ended) RETURNING change)";

    // $3: reason, $4: the earliest time to remove the row, $5: now.
    private const string RevokedAt5 =
        "revoked_at = $5, revoked_for = $3, expires_at = greatest(expires_at, $4), change = (SELECT change FROM next), changed_at = $5, number = nextval('blazorauth_numbers')";

    private const string RevokedOfEnded =
        $"changed AS (UPDATE blazorauth_sessions SET {RevokedAt5} WHERE id IN (SELECT id FROM ended) AND {IsUsableAt2} RETURNING *)";

    // In the transaction of the change: sent when it is committed, and only then. SessionSignalText reads it.
    private const string Notify =
        """
        pg_notify(@channel,
            CASE WHEN revoked_at IS NULL THEN 'u ' WHEN replaced_by IS NOT NULL AND revoked_at > changed_at THEN 'p ' ELSE 'r ' END
            || version || ' ' || expires_at || ' ' || changed_at || ' '
            || CASE WHEN replaced_by IS NOT NULL AND revoked_at > changed_at THEN revoked_at || ' ' || replaced_by || ' ' ELSE '' END || id)
        """;
}
