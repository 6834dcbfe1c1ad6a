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

    // Those of this minute and of the one before.
    private HashSet<string> _allEnded = new(StringComparer.Ordinal);
    private HashSet<string> _allEndedBefore = new(StringComparer.Ordinal);
    private DateTimeOffset _allEndedSince;
    private DateTimeOffset _floorRoseAt = DateTimeOffset.MinValue;

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
        KnownChanges changes, SessionManager manager, IAppSignIn app, IdentityShape shape, IOptions<AuthOptions> options, SharedClock clock, StoreState store,
        ILogger<CircuitSessions> logger)
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
        store.FloorRose += OnFloorRose;
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

    /// <summary>There was activity in a circuit of this session.</summary>
    public void Touch(LiveSession live) => _manager.Seen(live.Ticket);

    public void Dispose() => _expiry.Dispose();

    private LiveSession IndexOf(SessionTicket ticket)
    {
        var expiresAt = _manager.Lifetimes.EndOf(ticket);
        if (!_sessions.TryGetValue(ticket.Id, out var live))
        {
            live = new LiveSession(ticket, expiresAt, _shape);
            _sessions.Add(ticket.Id, live);
            return live;
        }

        if (ticket.IsNewerThan(live.Ticket))
        {
            live.Use(ticket);
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
