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
internal sealed partial class CircuitSessions : IDisposable
{
    // How long a page has to move to the session that replaced its own.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    // How long the check of a connection counts for its circuit: a browser begins it at once.
    private static readonly TimeSpan Believed = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, LiveSession> _sessions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _allEnded = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly KnownChanges _changes;
    private readonly SessionManager _manager;
    private readonly IAppSignIn _app;
    private readonly IdentityShape _shape;
    private readonly SharedClock _clock;
    private readonly ILogger<CircuitSessions> _logger;
    private readonly CircuitExpiry _expiry;
    private readonly CircuitNews _news;

    public CircuitSessions(
        KnownChanges changes, SessionManager manager, IAppSignIn app, IdentityShape shape, IOptions<AuthOptions> options, SharedClock clock, ILogger<CircuitSessions> logger)
    {
        _changes = changes;
        _manager = manager;
        _app = app;
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

    /// <summary>A circuit began, or connected again, with what its browser's cookie said when the browser connected.</summary>
    public async Task ConnectAsync(SessionStateProvider circuit, AuthenticationState state)
    {
        if (SessionIdentity.Of(state.User) is not { } told)
        {
            EndOne(circuit);
            return;
        }

        var ticket = told.Ticket;
        if (!IsBelieved(told))
        {
            circuit.Wait(ticket);
            if (await NewestOfAsync(told.Ticket) is not { } newest)
            {
                Refuse(circuit, told.Ticket);
                return;
            }

            ticket = newest;
        }

        if (TryEnter(circuit, ticket, ReferenceEquals(ticket, told.Ticket) ? state : null))
        {
            return;
        }

        if (circuit.IsWaiting)
        {
            Refuse(circuit, ticket);
        }
        else
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
            if (circuit.IsClosed || (circuit.OwnerId is { } owner && owner != ticket.UserId))
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

            // What the app added to the principal of this connection stays in its circuit.
            var isAwaited = state is not null && circuit.Answer(state);
            behind = ShowTo(live);
            if (isAwaited && !behind.Contains(circuit))
            {
                behind.Add(circuit);
            }
        }

        _news.Tell(behind);

        // The order matters: changes made before the circuit was in the index are found here; it is notified of later ones.
        if (_changes.Find(ticket.Id) is { } change)
        {
            OnChange(change);
        }

        if (WereAllEndedLately(ticket.UserId))
        {
            _ = CheckRowAsync(live);
        }

        _expiry.Expect(live);
        return true;
    }

    private bool IsBelieved(SessionIdentity told) => told.CheckedAt is { } at && at + Believed > _clock.GetUtcNow() && !_manager.IsOutdated(told.Ticket);

    /// <summary>
    /// What is known of the session of a connection now; null if it does not live. A client begins its circuit whenever it wants to, on a connection that may be older
    /// than all that is remembered of changes.
    /// </summary>
    private async Task<SessionTicket?> NewestOfAsync(SessionTicket told)
    {
        try
        {
            var known = new KnownTicket(told, isCurrent: told.Mark is not null);
            if ((await _manager.CheckAsync(known, CancellationToken.None)).Ticket is not { } live || !await _app.MayGoOnAsync(live.Session, CancellationToken.None))
            {
                return null;
            }

            return _manager.IsOutdated(live) ? (await _manager.CheckAsync(known, CancellationToken.None)).Ticket : live;
        }
        catch (Exception exception)
        {
            // Also errors of the app's own store: nothing may be shown without an answer.
            _logger.CircuitNotChecked(exception, told.Id);
            return null;
        }
    }

    /// <summary>A circuit is gone for good.</summary>
    public void Leave(SessionStateProvider circuit)
    {
        lock (_gate)
        {
            circuit.IsClosed = true;
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

    /// <summary>A session was found to be over.</summary>
    public void End(string sessionId)
    {
        LiveSession? live;
        lock (_gate)
        {
            if (!_sessions.TryGetValue(sessionId, out live))
            {
                return;
            }
        }

        End(live, SessionEndReason.SignedOut);
    }

    private void Refuse(SessionStateProvider circuit, SessionTicket ticket)
    {
        lock (_gate)
        {
            RemoveFromIndex(circuit);
            circuit.End(SessionEndReason.SignedOut, ticket);
        }

        _news.Tell([circuit]);
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
}
