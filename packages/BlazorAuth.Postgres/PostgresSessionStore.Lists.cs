using Npgsql;

namespace BlazorAuth.Stores.Postgres;

/// <content>Finding, listing and ending sessions. Every list comes from an index in its order, so its cost follows what it returns.</content>
internal sealed partial class PostgresSessionStore
{
    private const int RemovalBatch = 1000;

    public Task<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken = default) =>
        ReadOneAsync(PostgresSql.Find, cancellationToken, Key(sessionId));

    public async Task<IReadOnlyList<SessionRecord>> ListAsync(
        string userId, int count, SessionRecord? after = null, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckCount(count);
        return await ReadAllAsync(
            PostgresSql.List,
            ToRecord,
            cancellationToken,
            values: [Key(userId), Live, after is null ? long.MaxValue : Number(after.LastSeenAt), Key(after?.Id ?? ""), count]);
    }

    public async Task<IReadOnlyList<SessionRecord>> ListHistoryAsync(
        string userId, int count, SessionRecord? after = null, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckCount(count);
        return await ReadAllAsync(
            PostgresSql.ListHistory,
            ToRecord,
            cancellationToken,
            values: [Key(userId), after is null ? long.MaxValue : Number(after.RevokedAt ?? after.CreatedAt), Key(after?.Id ?? ""), count]);
    }

    public async Task<SessionSlice> ScanAsync(string? position, int count, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckCount(count);
        var records = await ReadAllAsync(PostgresSql.Scan, ToRecord, cancellationToken, values: [position ?? "", count]);
        return new SessionSlice(records, records.Count < count ? null : records[^1].Id);
    }

    public async Task<RevokeResult> RevokeAsync(
        string userId, string sessionId, SessionRevocation revocation, CancellationToken cancellationToken = default)
    {
        if (await RevokeAsync(PostgresSql.Revoke, userId, revocation, cancellationToken, Key(sessionId)) is { Count: > 0 })
        {
            return RevokeResult.Revoked;
        }

        var wasRevoked = await _database.RunEndingAsync(
            PostgresSql.WasRevoked, (command, token) => command.ExecuteScalarAsync(token), cancellationToken, values: [Key(userId), Key(sessionId), Live]);
        return wasRevoked is true ? RevokeResult.AlreadyRevoked : RevokeResult.NotFound;
    }

    public async Task<IReadOnlyList<string>> RevokeAllAsync(
        string userId, string? exceptSessionId, int count, SessionRevocation revocation, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckCount(count);
        return await RevokeAsync(PostgresSql.RevokeAll, userId, revocation, cancellationToken, Key(exceptSessionId ?? ""), count);
    }

    public async Task<IReadOnlyList<string>> LimitAsync(
        string userId, string keptSessionId, int most, SessionRevocation revocation, CancellationToken cancellationToken = default) =>
        await RevokeAsync(PostgresSql.Limit, userId, revocation, cancellationToken, Key(keptSessionId), most, SessionLimits.MostEnded);

    public Task<bool> EraseAsync(string userId, string sessionId, CancellationToken cancellationToken = default) =>
        ChangesOneAsync(PostgresSql.Erase, cancellationToken, Key(userId), Now, Key(sessionId));

    public async Task<SessionChangeSet> ReadChangesAsync(long cursor, DateTimeOffset since, CancellationToken cancellationToken = default)
    {
        var rows = cursor > 0
            ? await ReadOwnAsync(PostgresSql.Changes, ToChange, cancellationToken, LoadTimeoutInSeconds, cursor, Live, Number(since))
            : await ReadOwnAsync(PostgresSql.ChangesSince, ToChange, cancellationToken, LoadTimeoutInSeconds, Live, Number(since));
        if (rows.Count == 0)
        {
            _database.Forget();
            throw new SessionStoreException("The session store (PostgreSQL) was emptied. Its tables are being created again.");
        }

        if (rows[0].Cursor < cursor)
        {
            return await ReadChangesAsync(0, since, cancellationToken);
        }

        return new SessionChangeSet([.. rows.Select(row => row.Change).OfType<SessionChange>()], rows[0].Cursor, rows[0].StoreId, rows[0].Number);
    }

    public async Task<int> RemoveExpiredAsync(DateTimeOffset before, CancellationToken cancellationToken = default)
    {
        await RemoveAsync(PostgresSql.RemoveUsedKeys, before, cancellationToken);
        return await RemoveAsync(PostgresSql.RemoveExpired, before, cancellationToken);
    }

    /// <summary>Returns the ids of those that the call is about, without those that they had replaced.</summary>
    private async Task<List<string>> RevokeAsync(
        string sql, string userId, SessionRevocation revocation, CancellationToken cancellationToken, params object?[] more)
    {
        var ended = await ReadEndedAsync(
            sql, row => (Id: row.GetString(0), IsAskedFor: row.GetBoolean(1)), cancellationToken,
            [Key(userId), Live, (int)revocation.Reason, Number(revocation.RememberUntil), Now, .. more]);
        return [.. ended.Where(one => one.IsAskedFor).Select(one => one.Id)];
    }

    // In batches, so that no row is locked for long.
    private async Task<int> RemoveAsync(string sql, DateTimeOffset before, CancellationToken cancellationToken)
    {
        for (var removed = 0; ;)
        {
            var count = await _database.RunOwnAsync(
                sql, (command, token) => command.ExecuteNonQueryAsync(token), cancellationToken, values: [Math.Min(Number(before), Live), RemovalBatch]);
            removed += count;
            if (count < RemovalBatch)
            {
                return removed;
            }
        }
    }

    private (string StoreId, long Cursor, long Number, SessionChange? Change) ToChange(NpgsqlDataReader row) =>
        (row.GetString(0), row.GetInt64(1), row.GetInt64(2),
            row.IsDBNull(3) ? null : SessionChange.FromRow(
                row.GetString(3), row.IsDBNull(4) ? null : Time(row, 4), row.IsDBNull(5) ? null : row.GetString(5), row.GetInt32(6), Time(row, 7), Time(row, 8),
                _clock.GetUtcNow()));
}
