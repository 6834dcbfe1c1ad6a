using BlazorAuth.Sessions;
using BlazorAuth.Sync;
using BlazorAuth.Tokens;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Circuits;

/// <summary>
/// The live circuits of this node by session: one subscription and one timer for the node, a hash look-up for a change, and one row read for a
/// change of claims however many circuits show the session.
/// </summary>
internal sealed class CircuitSessions : IDisposable
{
    // How long a page has to move to the session that took its own's place.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Dictionary<string, LiveSession> _sessions = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly KnownChanges _changes;
    private readonly SessionManager _manager;
    private readonly IdentityShape _shape;
    private readonly SharedClock _clock;
    private readonly ILogger<CircuitSessions> _logger;
    private readonly CircuitExpiry _expiry;
    private readonly CircuitNews _news;

    public CircuitSessions(
        KnownChanges changes, SessionManager manager, IdentityShape shape, IOptions<AuthOptions> options, SharedClock clock, ILogger<CircuitSessions> logger)
    {
        _changes = changes;
        _manager = manager;
        _shape = shape;
        _clock = clock;
        _logger = logger;
        _news = new CircuitNews(logger);
        _expiry = new CircuitExpiry(clock, options.Value.Session.ReconcileInterval, _gate, _sessions.Values, OnDue);
        changes.Observe(OnChange);
    }

    /// <summary>How many sessions have an open circuit here, and how many circuits show them.</summary>
    public (int Sessions, int Circuits) Count()
    {
        lock (_gate)
        {
            return (_sessions.Count, _sessions.Values.Sum(session => session.Circuits.Length));
        }
    }

    /// <summary>The sessions that circuits of this node show.</summary>
    public IReadOnlyList<Session> Shown()
    {
        lock (_gate)
        {
            return [.. _sessions.Values.Select(live => live.Ticket.Session)];
        }
    }

    /// <summary>A circuit began, or connected again, with what its browser's cookie says now.</summary>
    public void Connect(SessionStateProvider circuit, AuthenticationState state)
    {
        if (SessionIdentity.Of(state.User)?.Ticket is not { } ticket || !TryEnter(circuit, ticket, state))
        {
            EndOne(circuit);
        }
    }

    /// <summary>Shows a session in a circuit. False, and nothing changed, when the circuit is another person's.</summary>
    public bool TryEnter(SessionStateProvider circuit, SessionTicket ticket, AuthenticationState? state = null)
    {
        LiveSession live;
        List<SessionStateProvider> behind;
        lock (_gate)
        {
            if (circuit.OwnerId is { } owner && owner != ticket.UserId)
            {
                return false;
            }

            live = IndexOf(ticket, state);
            if (circuit.Live != live)
            {
                RemoveFromIndex(circuit);
                live.Add(circuit);
                circuit.Live = live;
            }

            behind = ShowTo(live);
        }

        _news.Tell(behind);

        // The order matters: changes from before the circuit was in the index are found here, and it is notified of later ones.
        if (_changes.Find(ticket.Id) is { } change)
        {
            OnChange(change);
        }

        _expiry.Expect(live);
        return true;
    }

    public void Leave(SessionStateProvider circuit)
    {
        lock (_gate)
        {
            RemoveFromIndex(circuit);
        }
    }

    /// <summary>There was activity in a circuit of this session.</summary>
    public void Touch(LiveSession live) => _manager.Seen(live.Ticket);

    public void Dispose() => _expiry.Dispose();

    private LiveSession IndexOf(SessionTicket ticket, AuthenticationState? state)
    {
        var expiresAt = _manager.Lifetimes.EndOf(ticket);
        if (!_sessions.TryGetValue(ticket.Id, out var live))
        {
            live = new LiveSession(ticket, state, expiresAt, _shape);
            _sessions.Add(ticket.Id, live);
            return live;
        }

        if (ticket.IsNewerThan(live.Ticket))
        {
            live.Use(ticket, state);
        }

        live.ExtendTo(expiresAt);
        return live;
    }

    /// <summary>Lets every circuit of a session show its newest claims, and returns those for which they are news.</summary>
    private static List<SessionStateProvider> ShowTo(LiveSession live)
    {
        var behind = new List<SessionStateProvider>();
        foreach (var circuit in live.Circuits)
        {
            if (circuit.Show(live))
            {
                behind.Add(circuit);
            }
        }

        return behind;
    }

    private void RemoveFromIndex(SessionStateProvider circuit)
    {
        if (circuit.Live is { } live)
        {
            circuit.Live = null;
            live.Remove(circuit);
            if (live.Circuits.Length == 0)
            {
                _sessions.Remove(live.Ticket.Id);
            }
        }
    }

    private void OnChange(SessionChange change)
    {
        if (EndOfAll.NameIn(change.SessionId) is { } name)
        {
            CheckRowsOf(name);
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

    /// <summary>All sessions of a person were ended, those included whose row the store has lost, and whose ids nobody knows but their circuits.</summary>
    private void CheckRowsOf(string name)
    {
        List<LiveSession> ofPerson;
        lock (_gate)
        {
            ofPerson = [.. _sessions.Values.Where(live => EndOfAll.NameOf(live.Ticket.UserId) == name)];
        }

        ofPerson.ForEach(live => _ = CheckRowAsync(live));
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

    // Once: a page that gets the same session again has no other.
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

    private void EndOne(SessionStateProvider circuit)
    {
        lock (_gate)
        {
            if (circuit.Live is not { } live)
            {
                return;
            }

            RemoveFromIndex(circuit);
            circuit.End(SessionEndReason.Replaced, live.Ticket);
        }

        _news.Tell([circuit]);
    }

    private void End(LiveSession live, SessionEndReason reason)
    {
        SessionStateProvider[] circuits;
        lock (_gate)
        {
            circuits = live.RemoveAll();
            if (circuits.Length > 0)
            {
                _sessions.Remove(live.Ticket.Id);
            }

            foreach (var circuit in circuits)
            {
                circuit.Live = null;
                circuit.End(reason, live.Ticket);
            }
        }

        if (circuits.Length > 0)
        {
            _logger.CircuitsEnded(circuits.Length, live.Ticket.Id, reason);
            _news.Tell(circuits);
        }
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
            // Whatever it was, a store of the app's own included: nobody waits for this task, and a session that is never looked at again never ends.
            _logger.CircuitRowNotRead(exception, live.Ticket.Id);
            if (!_expiry.Retry(live))
            {
                End(live, SessionEndReason.Expired);
            }
        }
    }

    private void Use(LiveSession live, SessionRow? found)
    {
        if (found is { Record: var row, Content: { } content } && row.UserId == live.Ticket.UserId && row.IsLive(_clock.Earliest))
        {
            Update(live, row, content);
        }
        else if (found is { Record: { RevokedAt: { } endsAt } replaced } && replaced.UserId == live.Ticket.UserId && replaced.IsEnding(_clock.GetUtcNow()))
        {
            Replace(live, endsAt);
        }
        else
        {
            var isExpired = found is { Record: { RevokedAt: null } ended, Content: not null } && ended.UserId == live.Ticket.UserId;
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

            live.ExtendTo(row.ExpiresAt);
            behind = ShowTo(live);
        }

        _expiry.Expect(live);
        _news.Tell(behind);
    }
}
