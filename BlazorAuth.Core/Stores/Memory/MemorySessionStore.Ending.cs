using BlazorAuth.Accounts;
using BlazorAuth.Sync;

namespace BlazorAuth.Stores.Memory;

/// <content>How sessions end.</content>
internal sealed partial class MemorySessionStore
{
    public Task<RevokeResult> RevokeAsync(
        string userId, string sessionId, SessionRevocation revocation, CancellationToken cancellationToken = default) =>
        Run(
            () =>
            {
                if (_rows.Find(sessionId) is not { } record || record.UserId != userId || HasExpired(record))
                {
                    return RevokeResult.NotFound;
                }

                if (record.RevokedAt is not null && !record.IsEnding(Now))
                {
                    return RevokeResult.AlreadyRevoked;
                }

                Revoke(record, revocation);
                return RevokeResult.Revoked;
            },
            cancellationToken);

    public Task<IReadOnlyList<string>> RevokeAllAsync(
        string userId, string? exceptSessionId, int count, SessionRevocation revocation, CancellationToken cancellationToken = default)
    {
        SessionLimits.CheckCount(count);
        return Run<IReadOnlyList<string>>(
            () =>
            {
                var revoked = Revoke(LiveOf(userId).Where(record => record.Id != exceptSessionId).Take(count), revocation);
                EndingOf(userId).ForEach(record => Revoke(record, revocation));
                return revoked;
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<string>> LimitAsync(
        string userId, string keptSessionId, int most, SessionRevocation revocation, CancellationToken cancellationToken = default) =>
        Run<IReadOnlyList<string>>(
            () =>
            {
                var live = (_rows.Person(userId)?.OldestOpen() ?? []).Select(id => _rows.Find(id)!).Where(record => !HasExpired(record)).ToList();
                var ended = live.Where(record => record.Id != keptSessionId).OrderByDescending(record => record.IsAdopted);
                return Revoke(ended.Take(Math.Clamp(live.Count - most, 0, SessionLimits.MostEnded)), revocation);
            },
            cancellationToken);

    public Task<bool> EraseAsync(string userId, string sessionId, CancellationToken cancellationToken = default) =>
        Run(
            () =>
            {
                if (_rows.Find(sessionId) is not { } record || record.UserId != userId || record.IsLive(clock.GetUtcNow()))
                {
                    return false;
                }

                _rows.Overwrite(record with { Content = "", Device = null });
                return true;
            },
            cancellationToken);

    public Task<int> RemoveExpiredAsync(DateTimeOffset before, CancellationToken cancellationToken = default) =>
        Run(
            () =>
            {
                foreach (var key in _used.Where(used => used.Value <= before && used.Value <= Now).Select(used => used.Key).ToList())
                {
                    _used.Remove(key);
                }

                return _rows.All.Select(row => row.Record).Where(record => record.ExpiresAt <= before && HasExpired(record)).ToList().Count(record => _rows.Remove(record.Id));
            },
            cancellationToken);

    private List<string> Revoke(IEnumerable<SessionRecord> records, SessionRevocation revocation)
    {
        var revoked = records.ToList();
        revoked.ForEach(record => Revoke(record, revocation));
        return revoked.ConvertAll(record => record.Id);
    }

    private void Revoke(SessionRecord record, SessionRevocation revocation)
    {
        foreach (var ended in EndingOf(record.UserId, record.Id).Prepend(record))
        {
            _rows.Write(ended with { RevokedAt = Now, RevokedFor = revocation.Reason, ExpiresAt = Later(ended.ExpiresAt, revocation.RememberUntil) }, Now);
        }
    }

    /// <summary>The sessions of a user that were replaced, by one or by any, and have not ended.</summary>
    private List<SessionRecord> EndingOf(string userId, string? replacedBy = null) =>
        [.. (_rows.Person(userId)?.EndingAfter(Now) ?? []).Select(id => _rows.Find(id)!)
            .Where(record => record.IsEnding(Now) && (replacedBy is null || record.ReplacedBy == replacedBy))];
}
