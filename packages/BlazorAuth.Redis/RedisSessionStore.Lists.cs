using StackExchange.Redis;
using static BlazorAuth.Stores.Redis.RedisRows;

namespace BlazorAuth.Stores.Redis;

/// <content>Finding, listing and ending sessions.</content>
internal sealed partial class RedisSessionStore
{
    private const int Batch = 5000;
    private const int RemovalBatch = 1000;

    public async Task<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken = default)
    {
        if (!CanBeKept(sessionId))
        {
            return null;
        }

        var fields = await _database.ExplainedAsync(database => database.HashGetAllAsync("{blazorauth}:session:" + sessionId), cancellationToken);
        return ToRecord(fields.ToDictionary(field => (string)field.Name!, field => field.Value));
    }

    public Task<IReadOnlyList<SessionRecord>> ListAsync(
        string userId, int count, SessionRecord? after = null, CancellationToken cancellationToken = default) =>
        ListAsync(RedisScripts.List, userId, count, after?.LastSeenAt, after?.Id, cancellationToken);

    public Task<IReadOnlyList<SessionRecord>> ListHistoryAsync(
        string userId, int count, SessionRecord? after = null, CancellationToken cancellationToken = default) =>
        ListAsync(RedisScripts.ListHistory, userId, count, after?.RevokedAt ?? after?.CreatedAt, after?.Id, cancellationToken);

    public async Task<SessionSlice> ScanAsync(string? position, int count, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckCount(count);
        var answer = (RedisResult[])(await _database.RunAsync(RedisScripts.Scan, cancellationToken, position ?? "0", count))!;
        return new SessionSlice([.. ToRecords(answer[1])], (string?)answer[0] is { } next && next != "0" ? next : null);
    }

    public async Task<RevokeResult> RevokeAsync(
        string userId, string sessionId, SessionRevocation revocation, CancellationToken cancellationToken = default)
    {
        if (!CanBeKept(userId, sessionId))
        {
            return RevokeResult.NotFound;
        }

        var answer = await _database.RunAsync(
            RedisScripts.Revoke, cancellationToken, userId, sessionId, (int)revocation.Reason, Number(revocation.RememberUntil));
        return (int)answer switch
        {
            0 => RevokeResult.NotFound,
            1 => RevokeResult.Revoked,
            _ => RevokeResult.AlreadyRevoked,
        };
    }

    public async Task<IReadOnlyList<string>> RevokeAllAsync(
        string userId, string? exceptSessionId, int count, SessionRevocation revocation, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckCount(count);
        return CanBeKept(userId)
            ? (string[])(await _database.RunAsync(
                RedisScripts.RevokeAll, cancellationToken,
                userId, exceptSessionId ?? "", count, (int)revocation.Reason, Number(revocation.RememberUntil)))!
            : [];
    }

    public async Task<IReadOnlyList<string>> LimitAsync(
        string userId, string keptSessionId, int most, SessionRevocation revocation, CancellationToken cancellationToken = default) =>
        CanBeKept(userId)
            ? (string[])(await _database.RunAsync(
                RedisScripts.Limit, cancellationToken,
                userId, keptSessionId, most, SessionLimits.MostEnded, (int)revocation.Reason, Number(revocation.RememberUntil)))!
            : [];

    public async Task<bool> EraseAsync(string userId, string sessionId, CancellationToken cancellationToken = default) =>
        CanBeKept(userId, sessionId) && (int)await _database.RunAsync(RedisScripts.Erase, cancellationToken, userId, sessionId) == 1;

    public async Task<SessionChangeSet> ReadChangesAsync(long cursor, DateTimeOffset since, CancellationToken cancellationToken = default)
    {
        // In batches: a script blocks every other client. Entries that change in between move to the end, where they are found.
        List<SessionChange> changes = [];
        while (true)
        {
            var answer = (RedisValue[])(await _database.RunAsync(RedisScripts.Changes, cancellationToken, cursor, Batch, Number(since)))!;
            for (var i = 3; i < answer.Length; i += 6)
            {
                changes.Add(SessionChange.FromRow(
                    (string)answer[i]!, answer[i + 1].IsNullOrEmpty ? null : Time(answer[i + 1]), answer[i + 2].IsNullOrEmpty ? null : (string?)answer[i + 2],
                    (int)answer[i + 3], Time(answer[i + 4]), Time(answer[i + 5]), _clock.GetUtcNow()));
            }

            cursor = (long)answer[2];
            if (cursor == (long)answer[0])
            {
                return new SessionChangeSet(Newest(changes), cursor, (string)answer[1]!, cursor);
            }
        }
    }

    public async Task<int> RemoveExpiredAsync(DateTimeOffset before, CancellationToken cancellationToken = default)
    {
        await RemoveAsync(RedisScripts.RemoveUsed, before, cancellationToken);
        return await RemoveAsync(RedisScripts.RemoveExpired, before, cancellationToken);
    }

    private async Task<IReadOnlyList<SessionRecord>> ListAsync(
        string script, string userId, int count, DateTimeOffset? at, string? id, CancellationToken cancellationToken)
    {
        SessionLimits.CheckCount(count);
        return CanBeKept(userId)
            ? [.. ToRecords(await _database.RunAsync(script, cancellationToken, userId, count, at is { } time ? Number(time) : "", id ?? ""))]
            : [];
    }

    private async Task<int> RemoveAsync(string script, DateTimeOffset before, CancellationToken cancellationToken)
    {
        for (var removed = 0; ;)
        {
            var count = (int)await _database.RunAsync(script, cancellationToken, RemovalBatch, Number(before));
            removed += count;
            if (count < RemovalBatch)
            {
                return removed;
            }
        }
    }

    // An entry that changed between batches was found twice.
    private static List<SessionChange> Newest(List<SessionChange> changes)
    {
        if (changes.Count <= Batch)
        {
            return changes;
        }

        var newest = new Dictionary<string, SessionChange>(changes.Count, StringComparer.Ordinal);
        changes.ForEach(change => newest[change.SessionId] = change);
        return [.. newest.Values];
    }
}
