using System.Collections.Concurrent;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth;

/// <summary>
/// The live circuits of this node by session: one subscription and one timer for the node, a hash look-up for a change, and one row read for a
/// change of claims however many circuits show the session.
/// </summary>
internal sealed class CircuitSessions : IDisposable
{
    private readonly Dictionary<string, LiveSession> _sessions = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly ChangedSessions _changes;
    private readonly SessionManager _manager;
    private readonly TimeSpan _retryInterval;
    private readonly TimeProvider _clock;
    private readonly ILogger<CircuitSessions> _logger;
    private readonly CircuitClock _timer;

    public CircuitSessions(
        ChangedSessions changes, SessionManager manager, IOptions<AuthOptions> options, TimeProvider clock, ILogger<CircuitSessions> logger)
    {
        _changes = changes;
        _manager = manager;
        _retryInterval = options.Value.Session.ReconcileInterval;
        _clock = clock;
        _logger = logger;
        _timer = new CircuitClock(clock, CheckDue);
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

        Tell(behind);

        // In this order: what changed before the circuit stood in the index is found here, what changes later is told to it.
        if (_changes.Find(ticket.Id) is { } change)
        {
            OnChange(change);
        }

        _timer.Expect(live.DueAt);
        return true;
    }

    public void Leave(SessionStateProvider circuit)
    {
        lock (_gate)
        {
            RemoveFromIndex(circuit);
        }
    }

    /// <summary>Somebody works in a circuit of this session.</summary>
    public void Touch(LiveSession live) => _manager.Seen(live.Ticket);

    public void Dispose() => _timer.Dispose();

    private LiveSession IndexOf(SessionTicket ticket, AuthenticationState? state)
    {
        var expiresAt = _manager.EndOf(ticket);
        if (!_sessions.TryGetValue(ticket.Id, out var live))
        {
            live = new LiveSession(ticket, state, expiresAt);
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
        LiveSession? live;
        lock (_gate)
        {
            if (!_sessions.TryGetValue(change.SessionId, out live))
            {
                return;
            }
        }

        if (change.Revoked)
        {
            End(live, SessionEndReason.SignedOut);
        }
        else if (change.Version > live.Ticket.Version)
        {
            _ = CheckRowAsync(live);
        }
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

        Tell([circuit]);
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
            Tell(circuits);
        }
    }

    private void CheckDue()
    {
        var now = _clock.GetUtcNow();
        var next = DateTimeOffset.MaxValue;
        var due = new List<LiveSession>();
        lock (_gate)
        {
            foreach (var live in _sessions.Values)
            {
                if (live.DueAt <= now)
                {
                    due.Add(live);
                }
                else if (live.DueAt < next)
                {
                    next = live.DueAt;
                }
            }
        }

        _timer.Expect(next);
        foreach (var live in due)
        {
            _ = CheckRowAsync(live);
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
            EndOrRetry(live);
        }
    }

    private void Use(LiveSession live, SessionRecord? row)
    {
        if (row is null || row.RevokedAt is not null || row.UserId != live.Ticket.UserId)
        {
            End(live, SessionEndReason.SignedOut);
        }
        else if (row.ExpiresAt <= _clock.GetUtcNow())
        {
            End(live, SessionEndReason.Expired);
        }
        else
        {
            Update(live, row);
        }
    }

    // What is not known to be renewed has expired, as its cookie has.
    private void EndOrRetry(LiveSession live)
    {
        var now = _clock.GetUtcNow();
        if (live.ExpiresAt <= now)
        {
            End(live, SessionEndReason.Expired);
            return;
        }

        live.DueAt = now + _retryInterval;
        _timer.Expect(live.DueAt);
    }

    private void Update(LiveSession live, SessionRecord row)
    {
        List<SessionStateProvider> behind;
        lock (_gate)
        {
            if (row.Version > live.Ticket.Version)
            {
                live.Use(live.Ticket.With(row));
            }

            live.ExtendTo(row.ExpiresAt);
            behind = ShowTo(live);
        }

        _timer.Expect(live.DueAt);
        Tell(behind);
    }

    // A few at a time, each as a work item of its own: a thousand at once would stand in the thread pool before the batches that the first of them
    // send, and before every other request. The next one is queued before this one is told, so one that is slow or fails holds nobody up.
    private void Tell(IReadOnlyCollection<SessionStateProvider> circuits)
    {
        var waiting = new ConcurrentQueue<SessionStateProvider>(circuits);
        for (var i = 0; i < Math.Min(circuits.Count, Environment.ProcessorCount * 2); i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(TellNext, waiting, preferLocal: false);
        }
    }

    private void TellNext(ConcurrentQueue<SessionStateProvider> waiting)
    {
        if (!waiting.TryDequeue(out var circuit))
        {
            return;
        }

        ThreadPool.UnsafeQueueUserWorkItem(TellNext, waiting, preferLocal: false);
        try
        {
            circuit.Tell();
        }
        catch (Exception exception)
        {
            _logger.CircuitNotTold(exception);
        }
    }
}
