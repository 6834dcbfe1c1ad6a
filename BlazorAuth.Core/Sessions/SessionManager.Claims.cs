using System.Text.Json.Nodes;
using BlazorAuth.Http;
using BlazorAuth.Sessions;
using BlazorAuth.Tokens;

namespace BlazorAuth;

/// <content>Changes what sessions grant.</content>
public sealed partial class SessionManager
{
    /// <summary>
    /// Changes the claims of one live session of a user, for instance its roles. Open circuits of the session see the change within a moment, its
    /// cookie gets it with the next request. <paramref name="change"/> receives the newest claims, without IDs and times, which cannot be changed; it
    /// is called again if they were changed in the meantime, so that no change is lost.
    /// </summary>
    /// <returns>The session with its new claims; <see langword="null"/> when the user has no such live session.</returns>
    /// <exception cref="SessionStoreException">The store cannot be reached.</exception>
    public async Task<Session?> UpdateClaimsAsync(
        string userId, string sessionId, Action<JsonObject> change, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        var isLive = false;
        var (row, isWritten) = await _rows.ChangeAsync(
            sessionId,
            found =>
            {
                isLive = found.Content is not null && found.Record.UserId == userId && found.Record.IsLive(_clock.Earliest);
                if (!isLive)
                {
                    return null;
                }

                var claims = (JsonObject)found.Content!.Claims.DeepClone();
                change(claims);
                claims = SessionTicket.WithoutReserved(claims);
                return JsonEquality.AreSame(found.Content.Claims, claims) ? null : found.Content with { Claims = claims };
            },
            cancellationToken);
        if (isWritten)
        {
            Tell(row!);
        }

        if (row is null)
        {
            // It may be one that the store has lost: its token would bring it back with the earlier claims.
            await _lostRows.EndAllAsync(userId, Lifetimes.EndOfAnything, looks: false, cancellationToken);
        }

        return isLive && row is not null ? ToSession(row) : null;
    }

    /// <summary>Changes the claims of all live sessions of a user, as <see cref="UpdateClaimsAsync"/> does for one, and returns how many there were.</summary>
    /// <exception cref="AggregateException">The claims of some sessions could not be changed, for instance because <paramref name="change"/> failed for them. Those of all others were.</exception>
    /// <exception cref="SessionStoreException">The store cannot be reached.</exception>
    public async Task<int> UpdateUserClaimsAsync(string userId, Action<JsonObject> change, CancellationToken cancellationToken = default)
    {
        await _moments.NoteAsync(userId, AllSessions.Changed, cancellationToken);
        var updated = 0;
        List<Exception> failures = [];
        await foreach (var record in LiveOfAsync(userId, cancellationToken))
        {
            try
            {
                updated += await UpdateClaimsAsync(userId, record.Id, change, cancellationToken) is null ? 0 : 1;
            }
            catch (Exception exception) when (exception is not SessionStoreException && !cancellationToken.IsCancellationRequested)
            {
                // What one session grants must not keep the others from being changed.
                failures.Add(exception);
            }
        }

        // Sessions that the store has lost cannot be changed: their users sign in again.
        await _lostRows.EndAllAsync(userId, Lifetimes.EndOfAnything, looks: true, cancellationToken);
        return failures.Count == 0 ? updated : throw new AggregateException($"The claims of {failures.Count} of the user's sessions were not changed.", failures);
    }

    /// <summary>Stores new claims of a live session; null when it is no longer live, or when they were changed since the ticket's version.</summary>
    internal async Task<SessionTicket?> UpdateAsync(SessionTicket ticket, JsonObject claims, CancellationToken cancellationToken) =>
        await UpdateAsync(ticket, content => content with { Claims = claims }, cancellationToken);

    /// <summary>Stores what a live session grants from now on; null when it is no longer live, or when it was changed since the ticket's version.</summary>
    internal async Task<SessionTicket?> UpdateAsync(SessionTicket ticket, Func<RowContent, RowContent> change, CancellationToken cancellationToken) =>
        await _rows.FindAsync(ticket.Id, cancellationToken) is { Content: { } content } row
        && row.Record.Version == ticket.Version && row.Record.UserId == ticket.UserId
        && await UpdateAsync(row, change(content), cancellationToken) is { Content: { } newest, Record: var record }
            ? ticket.With(record, newest).From(_rows.MarkOf(record))
            : null;

    private async Task<SessionRow?> UpdateAsync(SessionRow before, RowContent content, CancellationToken cancellationToken)
    {
        if (await _rows.UpdateAsync(before.Record, content, cancellationToken) is not { } updated)
        {
            return null;
        }

        Tell(updated);
        return updated;
    }

    private void Tell(SessionRow updated) =>
        _changes.Apply(new SessionChange(updated.Record.Id, Revoked: false, updated.Record.Version, updated.Record.ExpiresAt, _clock.GetUtcNow()));

    /// <summary>The live sessions of a user, each once. Those that are used meanwhile move to the front of the list: it is read again until it holds nothing new.</summary>
    private async IAsyncEnumerable<SessionRecord> LiveOfAsync(
        string userId, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var visited = new HashSet<string>(StringComparer.Ordinal);
        for (var isDone = false; !isDone;)
        {
            isDone = true;
            SessionRecord? last = null;
            do
            {
                var page = await _store.ListAsync(userId, PageSize, last, cancellationToken);
                foreach (var record in page.Where(record => visited.Add(record.Id)))
                {
                    isDone = false;
                    yield return record;
                }

                last = page.Count < PageSize ? null : page[^1];
            }
            while (last is not null);
        }
    }
}
