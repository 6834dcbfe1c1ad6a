using Microsoft.Data.Sqlite;
using static BlazorAuth.Stores.Sqlite.SqliteRows;

namespace BlazorAuth.Stores.Sqlite;

/// <content>Revoking sessions, and forgetting those that have expired.</content>
internal sealed partial class SqliteSessionStore
{
    private const int RemovalBatch = 1000;
    private const string IsRevoked = $"revoked_at = $now, revoked_for = $reason, expires_at = max(expires_at, $until), {IsChange}";

    public Task<RevokeResult> RevokeAsync(
        string userId, string sessionId, SessionRevocation revocation, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(
            connection =>
            {
                using var state = Command(
                    connection,
                    "SELECT revoked_at IS NOT NULL FROM sessions WHERE id = $id AND user_id = $user AND expires_at > $now",
                    ("$id", sessionId), ("$user", userId), ("$now", Now));
                if (state.ExecuteScalar() is not long isRevoked)
                {
                    return RevokeResult.NotFound;
                }

                if (isRevoked != 0)
                {
                    return RevokeResult.AlreadyRevoked;
                }

                Revoke(connection, [sessionId], revocation);
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
                    ("$user", userId), ("$except", exceptSessionId), ("$now", Now), ("$count", count));
                Revoke(connection, ids, revocation);
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
                    ("$user", userId), ("$now", Now), ("$enough", most + SessionLimits.MostEnded));
                var excess = (long)counting.ExecuteScalar()! - most;
                List<string> ids = excess <= 0 ? [] : [.. Oldest(connection, userId, keptSessionId, isAdopted: true, excess)];
                ids.AddRange(excess <= ids.Count ? [] : Oldest(connection, userId, keptSessionId, isAdopted: false, excess - ids.Count));
                Revoke(connection, ids, revocation);
                return ids;
            },
            cancellationToken);

    public Task<bool> EraseAsync(string userId, string sessionId, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(
            connection => Execute(
                connection, $"UPDATE sessions SET content = '', device = NULL WHERE id = $id AND user_id = $user AND NOT ({IsLive})",
                ("$id", sessionId), ("$user", userId), ("$now", Now)) == 1,
            cancellationToken);

    public async Task<int> RemoveExpiredAsync(CancellationToken cancellationToken = default)
    {
        await RemoveAsync("DELETE FROM used_keys WHERE rowid IN (SELECT rowid FROM used_keys WHERE until <= $now LIMIT $count)", cancellationToken);
        return await RemoveAsync("DELETE FROM sessions WHERE rowid IN (SELECT rowid FROM sessions WHERE expires_at <= $now LIMIT $count)", cancellationToken);
    }

    private List<string> Oldest(SqliteConnection connection, string userId, string keptSessionId, bool isAdopted, long count) => ReadAll(
        connection,
        $"""
        SELECT id FROM sessions WHERE user_id = $user AND {IsLive} AND id <> $kept AND is_adopted = {(isAdopted ? 1 : 0)}
        ORDER BY last_seen_at, id DESC LIMIT $count
        """,
        row => row.GetString(0),
        ("$user", userId), ("$now", Now), ("$kept", keptSessionId), ("$count", count));

    private void Revoke(SqliteConnection connection, IEnumerable<string> ids, SessionRevocation revocation)
    {
        foreach (var id in ids)
        {
            Execute(
                connection, $"{TakeNumber} UPDATE sessions SET {IsRevoked} WHERE id = $id",
                ("$id", id), ("$reason", (int)revocation.Reason), ("$until", Number(revocation.RememberUntil)), ("$now", Now));
        }
    }

    // In portions, so that sign-ins get their turn in between.
    private async Task<int> RemoveAsync(string sql, CancellationToken cancellationToken)
    {
        for (var removed = 0; ;)
        {
            var count = await _database.WriteAsync(connection => Execute(connection, sql, ("$now", Now), ("$count", RemovalBatch)), cancellationToken);
            removed += count;
            if (count < RemovalBatch)
            {
                return removed;
            }
        }
    }
}
