using static BlazorAuth.Stores.Sqlite.SqliteRows;

namespace BlazorAuth.Stores.Sqlite;

/// <content>Finding and listing sessions and changes. Every list comes from an index in its order, so its cost follows what it returns.</content>
internal sealed partial class SqliteSessionStore
{
    public Task<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken = default) =>
        Read(
            connection => ReadAll(connection, $"SELECT {Columns} FROM sessions WHERE id = $id", ToRecord, ("$id", sessionId)).SingleOrDefault(),
            cancellationToken);

    public Task<IReadOnlyList<SessionRecord>> ListAsync(
        string userId, int count, SessionRecord? after = null, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckCount(count);
        return Read<IReadOnlyList<SessionRecord>>(
            connection => ReadAll(
                connection,
                $"""
                SELECT {Columns} FROM sessions WHERE user_id = $user AND {IsLive} AND last_seen_at <= $at AND (last_seen_at < $at OR id > $id)
                ORDER BY last_seen_at DESC, id LIMIT $count
                """,
                ToRecord,
                ("$user", userId), ("$live", Live), ("$at", after is null ? long.MaxValue : Number(after.LastSeenAt)), ("$id", after?.Id ?? ""), ("$count", count)),
            cancellationToken);
    }

    public Task<IReadOnlyList<SessionRecord>> ListHistoryAsync(
        string userId, int count, SessionRecord? after = null, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckCount(count);
        return Read<IReadOnlyList<SessionRecord>>(
            connection => ReadAll(
                connection,
                $"""
                SELECT {Columns} FROM sessions WHERE user_id = $user AND coalesce(revoked_at, created_at) <= $at
                AND (coalesce(revoked_at, created_at) < $at OR id > $id) ORDER BY coalesce(revoked_at, created_at) DESC, id LIMIT $count
                """,
                ToRecord,
                ("$user", userId), ("$at", after is null ? long.MaxValue : Number(after.RevokedAt ?? after.CreatedAt)), ("$id", after?.Id ?? ""),
                ("$count", count)),
            cancellationToken);
    }

    public Task<SessionSlice> ScanAsync(string? position, int count, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckCount(count);
        return Read(
            connection =>
            {
                var records = ReadAll(
                    connection, $"SELECT {Columns} FROM sessions WHERE id > $position ORDER BY id LIMIT $count", ToRecord,
                    ("$position", position ?? ""), ("$count", count));
                return new SessionSlice(records, records.Count < count ? null : records[^1].Id);
            },
            cancellationToken);
    }

    public async Task<SessionChangeSet> ReadChangesAsync(long cursor, DateTimeOffset since, CancellationToken cancellationToken = default) =>
        await ReadAfterAsync(cursor, since, cancellationToken) ?? (await ReadAfterAsync(0, since, cancellationToken))!;

    /// <summary>The changes after a cursor; null when the store has not come so far.</summary>
    private Task<SessionChangeSet?> ReadAfterAsync(long cursor, DateTimeOffset since, CancellationToken cancellationToken) =>
        Read(
            connection =>
            {
                // One statement, so that the changes and the cursor are from the same moment. A first call goes by time, later ones by number.
                var rows = ReadAll(
                    connection,
                    $"""
                    SELECT c.id, c.number, s.id, s.revoked_at, s.replaced_by, s.version, s.expires_at, s.changed_at FROM store c
                    LEFT JOIN sessions s ON s.expires_at > $live AND
                    {(cursor > 0 ? "s.change > $cursor AND +s.changed_at >= $since" : "s.change IS NOT NULL AND s.changed_at >= $since")}
                    """,
                    row => (StoreId: row.GetString(0), Number: row.GetInt64(1), Change: row.IsDBNull(2)
                        ? (SessionChange?)null
                        : SessionChange.FromRow(
                            row.GetString(2), row.IsDBNull(3) ? null : ToTime(row, 3), row.IsDBNull(4) ? null : row.GetString(4), row.GetInt32(5),
                            ToTime(row, 6), ToTime(row, 7), _clock.GetUtcNow())),
                    ("$cursor", cursor), ("$since", Number(since)), ("$live", Live));
                return rows[0].Number < cursor ? null : new SessionChangeSet(
                    [.. rows.Select(row => row.Change).OfType<SessionChange>()], rows[0].Number, rows[0].StoreId, rows[0].Number);
            },
            cancellationToken);
}
