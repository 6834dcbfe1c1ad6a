using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Circuits;

/// <content>What circuits do when something became of their session.</content>
internal sealed partial class CircuitSessions
{
    private const int ReadAtATime = 4;

    private void OnChange(SessionChange change)
    {
        if (EndOfAll.NameIn(change.SessionId) is { } name)
        {
            NoteEndOfAll(name);
            // Also the sessions whose row the store has lost, and whose IDs only their circuits have.
            CheckRows(live => EndOfAll.NameOf(live.Ticket.UserId) == name);
            return;
        }

        LiveSession? live;
        lock (_gate)
        {
            if (!_sessions.TryGetValue(change.SessionId, out live))
            {
                return;
            }
        }

        if (change.IsOver(_clock.GetUtcNow()))
        {
            End(live, SessionEndReason.SignedOut);
            return;
        }

        if (change.EndsAt is { } endsAt)
        {
            Replace(live, endsAt);
        }

        if (change.Version > live.Ticket.Version)
        {
            _ = CheckRowAsync(live);
        }
    }

    /// <summary>Everybody has to sign in again: most sessions show that themselves, and the rows of the others are read.</summary>
    private void OnFloorRose()
    {
        lock (_gate)
        {
            _floorRoseAt = _clock.GetUtcNow();
        }

        foreach (var live in All().Where(live => _manager.IsFromBefore(live.Ticket.SignedInAt)))
        {
            End(live, SessionEndReason.SignedOut);
        }

        CheckRows(_ => true);
    }

    /// <summary>Something happened to many sessions at once. A few at a time: other requests want to be answered, too.</summary>
    private void CheckRows(Func<LiveSession, bool> concerns) =>
        _ = Parallel.ForEachAsync(All().Where(concerns), new ParallelOptions { MaxDegreeOfParallelism = ReadAtATime }, async (live, _) => await CheckRowAsync(live));

    private LiveSession[] All()
    {
        lock (_gate)
        {
            return [.. _sessions.Values];
        }
    }

    // A circuit that begins now may show a session that was checked before.
    private void NoteEndOfAll(string name)
    {
        var now = _clock.GetUtcNow();
        lock (_gate)
        {
            if (_allEndedSince + Believed <= now)
            {
                (_allEndedBefore, _allEnded, _allEndedSince) = (_allEnded, new(StringComparer.Ordinal), now);
            }

            _allEnded.Add(name);
        }
    }

    // Whoever was checked before may show a session that has to sign in again, or was ended with all of its person's.
    private bool MayHaveEndedLately(string userId)
    {
        lock (_gate)
        {
            return _floorRoseAt + Believed + Believed > _clock.GetUtcNow()
                || (_allEnded.Count + _allEndedBefore.Count > 0 && EndOfAll.NameOf(userId) is var name && (_allEnded.Contains(name) || _allEndedBefore.Contains(name)));
        }
    }

    /// <summary>
    /// Another session took this one's place. The pages of the browser that has it ask for it, and keep what was typed; those of a copy stay as they are until
    /// the end, with the rights they had.
    /// </summary>
    private void Replace(LiveSession live, DateTimeOffset endsAt)
    {
        SessionStateProvider[] circuits;
        lock (_gate)
        {
            circuits = live.EndAt(endsAt, _clock.GetUtcNow() + Patience) ? live.Circuits : [];
        }

        _expiry.Expect(live);
        _news.Tell(circuits);
    }

    private void OnDue(LiveSession live)
    {
        if (live.EndsAt is not { } endsAt)
        {
            _ = CheckRowAsync(live);
        }
        else if (endsAt <= _clock.GetUtcNow())
        {
            End(live, SessionEndReason.SignedOut);
        }
        else
        {
            Reload(live, endsAt);
        }
    }

    // Only once: a page that gets the same session again has no other.
    private void Reload(LiveSession live, DateTimeOffset endsAt)
    {
        SessionStateProvider[] circuits;
        lock (_gate)
        {
            (live.ReloadAt, live.DueAt, circuits) = (null, endsAt, live.Circuits);
        }

        _expiry.Expect(live);
        _news.Tell(circuits, circuit => circuit.Reload());
    }

    /// <summary>Asks the store what became of a session: renewed elsewhere, its claims changed, or over.</summary>
    private async Task CheckRowAsync(LiveSession live)
    {
        try
        {
            Use(live, await _manager.FindAsync(live.Ticket.Id, CancellationToken.None));
        }
        catch (Exception exception)
        {
            // Catches everything, including errors of the app's own store: no code awaits this task, and a session that is never checked again never ends.
            _logger.CircuitRowNotRead(exception, live.Ticket.Id);
            if (!_expiry.Retry(live))
            {
                End(live, SessionEndReason.Expired);
            }
        }
    }

    private void Use(LiveSession live, SessionRow? found)
    {
        if (found is { Record: var row, Content: { } content } && row.UserId == live.Ticket.UserId && _manager.IsLive(row))
        {
            Update(live, row, content);
        }
        else if (found is { Record: { RevokedAt: { } endsAt } replaced } && replaced.UserId == live.Ticket.UserId && replaced.IsEnding(_clock.GetUtcNow()))
        {
            Replace(live, endsAt);
        }
        else
        {
            var isExpired = found is { Record: { RevokedAt: null } ended, Content: not null } && ended.UserId == live.Ticket.UserId
                && !_manager.IsFromBefore(ended, live.Ticket.SignedInAt) && !_manager.IsSignedOutHere(ended);
            End(live, isExpired ? SessionEndReason.Expired : SessionEndReason.SignedOut);
        }
    }

    private void Update(LiveSession live, SessionRecord row, RowContent content)
    {
        List<SessionStateProvider> behind;
        lock (_gate)
        {
            if (row.Version > live.Ticket.Version)
            {
                live.Use(live.Ticket.With(row, content));
            }

            live.ExtendTo(_manager.Lifetimes.EndOf(row));
            behind = ShowTo(live);
        }

        _expiry.Expect(live);
        _news.Tell(behind);
    }
}
