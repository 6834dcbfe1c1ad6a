using Microsoft.Data.Sqlite;
using static BlazorAuth.Stores.Sqlite.SqliteRows;

namespace BlazorAuth.Stores.Sqlite;

/// <content>Replacing and revoking sessions, and forgetting those that have expired.</content>
internal sealed partial class SqliteSessionStore
{
    private const int RemovalBatch = 1000;

    // Was replaced, but has not ended. The history index finds these first: only their times are in the future.
    private const string IsEnding = "replaced_by IS NOT NULL AND revoked_at > $now";
    private const string IsEndingOfUser = $"user_id = $user AND coalesce(revoked_at, created_at) > $now AND {IsEnding}";
    private const string IsRevoked = $"revoked_at = $now, revoked_for = $reason, expires_at = max(expires_at, $until), {IsChange}";

    public async Task<SessionRecord?> ReplaceAsync(
        SessionRecord session, string replacedSessionId, TimeSpan grace, DateTimeOffset rememberUntil, CancellationToken cancellationToken = default)
    {
        var record = SessionLimits.NormalizeReplacing(session);
        var (isReplaced, created) = await _database.WriteAsync(
            connection =>
            {
                var live = ReadAll(
                    connection, $"SELECT 1 FROM sessions WHERE id = $id AND user_id = $user AND {IsLive}", row => true,
                    ("$id", replacedSessionId), ("$user", record.UserId), ("$live", Live));
                if (live.Count == 0 || Create(connection, record) is not { } written)
                {
                    return (live.Count > 0, (SessionRecord?)null);
                }

                Execute(
                    connection, $"UPDATE sessions SET replaced_by = $new WHERE {IsEndingOfUser} AND replaced_by = $id",
                    ("$new", record.Id), ("$id", replacedSessionId), ("$user", record.UserId), ("$now", Now));
                Execute(
                    connection,
                    $"""
                    {TakeNumber}
                    UPDATE sessions SET revoked_at = $end, revoked_for = $reason, replaced_by = $new, expires_at = max(expires_at, $until), {IsChange} WHERE id = $id
                    """,
                    ("$id", replacedSessionId), ("$end", Now + (long)grace.TotalMilliseconds), ("$reason", (int)RevocationReason.Replaced), ("$new", record.Id),
                    ("$until", Number(rememberUntil)), ("$now", Now));
                return (true, written);
            },
            cancellationToken);
        return isReplaced && created is null ? throw Exists() : created;
    }

    public Task<RevokeResult> RevokeAsync(
        string userId, string sessionId, SessionRevocation revocation, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(
            connection =>
            {
                using var state = Command(
                    connection,
                    $"SELECT revoked_at IS NOT NULL AND NOT ({IsEnding}) FROM sessions WHERE id = $id AND user_id = $user AND expires_at > $live",
                    ("$id", sessionId), ("$user", userId), ("$now", Now), ("$live", Live));
                if (state.ExecuteScalar() is not long isRevoked)
                {
                    return RevokeResult.NotFound;
                }

                if (isRevoked != 0)
                {
                    return RevokeResult.AlreadyRevoked;
                }

                Revoke(connection, userId, [sessionId], revocation);
                return RevokeResult.Revoked;
            },
            cancellationToken);

    public Task<IReadOnlyList<string>> RevokeAllAsync(
        string userId, string? exceptSessionId, int count, SessionRevocation revocation, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckCount(count);
        return _database.WriteAsync<IReadOnlyList<string>>(
            connection =>
            {
                var ids = ReadAll(
                    connection, $"SELECT id FROM sessions WHERE user_id = $user AND id IS NOT $except AND {IsLive} LIMIT $count", row => row.GetString(0),
                    ("$user", userId), ("$except", exceptSessionId), ("$live", Live), ("$count", count));
                Revoke(connection, userId, ids, revocation);
                EndReplaced(connection, userId, replacedBy: null, revocation);
                return ids;
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<string>> LimitAsync(
        string userId, string keptSessionId, int most, SessionRevocation revocation, CancellationToken cancellationToken = default) =>
        _database.WriteAsync<IReadOnlyList<string>>(
            connection =>
            {
                using var counting = Command(
                    connection, $"SELECT count(*) FROM (SELECT 1 FROM sessions WHERE user_id = $user AND {IsLive} LIMIT $enough)",
                    ("$user", userId), ("$live", Live), ("$enough", (long)most + SessionLimits.MostEnded));
                var excess = (long)counting.ExecuteScalar()! - most;
                List<string> ids = excess <= 0 ? [] : [.. Oldest(connection, userId, keptSessionId, isAdopted: true, excess)];
                ids.AddRange(excess <= ids.Count ? [] : Oldest(connection, userId, keptSessionId, isAdopted: false, excess - ids.Count));
                Revoke(connection, userId, ids, revocation);
                return ids;
            },
            cancellationToken);

    public Task<bool> EraseAsync(string userId, string sessionId, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(
            connection => Execute(
                connection, $"UPDATE sessions SET content = '', device = NULL WHERE id = $id AND user_id = $user AND NOT ({IsLive})",
                ("$id", sessionId), ("$user", userId), ("$live", Live)) == 1,
            cancellationToken);

    public async Task<int> RemoveExpiredAsync(DateTimeOffset before, CancellationToken cancellationToken = default)
    {
        await RemoveAsync("DELETE FROM used_keys WHERE rowid IN (SELECT rowid FROM used_keys WHERE until <= $before LIMIT $count)", before, cancellationToken);
        return await RemoveAsync(
            "DELETE FROM sessions WHERE rowid IN (SELECT rowid FROM sessions WHERE expires_at <= $before LIMIT $count)", before, cancellationToken);
    }

    private List<string> Oldest(SqliteConnection connection, string userId, string keptSessionId, bool isAdopted, long count) => ReadAll(
        connection,
        $"""
        SELECT id FROM sessions WHERE user_id = $user AND {IsLive} AND id <> $kept AND is_adopted = {(isAdopted ? 1 : 0)}
        ORDER BY last_seen_at, id DESC LIMIT $count
        """,
        row => row.GetString(0),
        ("$user", userId), ("$live", Live), ("$kept", keptSessionId), ("$count", count));

    private void Revoke(SqliteConnection connection, string userId, IEnumerable<string> ids, SessionRevocation revocation)
    {
        foreach (var id in ids)
        {
            Revoke(connection, id, revocation);
            EndReplaced(connection, userId, id, revocation);
        }
    }

    /// <summary>Ends the sessions of a user that were replaced, by one or by any.</summary>
    private void EndReplaced(SqliteConnection connection, string userId, string? replacedBy, SessionRevocation revocation) => ReadAll(
        connection, $"SELECT id FROM sessions WHERE {IsEndingOfUser} AND ($by IS NULL OR replaced_by = $by)", row => row.GetString(0),
        ("$user", userId), ("$by", replacedBy), ("$now", Now)).ForEach(id => Revoke(connection, id, revocation));

    private void Revoke(SqliteConnection connection, string id, SessionRevocation revocation) => Execute(
        connection, $"{TakeNumber} UPDATE sessions SET {IsRevoked} WHERE id = $id",
        ("$id", id), ("$reason", (int)revocation.Reason), ("$until", Number(revocation.RememberUntil)), ("$now", Now));

    // In batches, so that sign-ins get their turn in between.
    private async Task<int> RemoveAsync(string sql, DateTimeOffset before, CancellationToken cancellationToken)
    {
        for (var removed = 0; ;)
        {
            var count = await _database.WriteAsync(connection => Execute(connection, sql, ("$before", Math.Min(Number(before), Live)), ("$count", RemovalBatch)), cancellationToken);
            removed += count;
            if (count < RemovalBatch)
            {
                return removed;
            }
        }
    }
}
