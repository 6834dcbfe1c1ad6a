using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace BlazorAuth;

/// <summary>The live circuits of this node by session: one subscription for the node, a hash look-up for a change.</summary>
internal sealed class CircuitSessions
{
    private readonly ConcurrentDictionary<string, HashSet<SessionStateProvider>> _circuits = new(StringComparer.Ordinal);
    private readonly ChangedSessions _changes;
    private readonly ILogger<CircuitSessions> _logger;

    public CircuitSessions(ChangedSessions changes, ILogger<CircuitSessions> logger)
    {
        _changes = changes;
        _logger = logger;
        changes.Observe(OnChange);
    }

    public void Add(string sessionId, SessionStateProvider circuit)
    {
        while (true)
        {
            var circuits = _circuits.GetOrAdd(sessionId, _ => []);
            lock (circuits)
            {
                // An emptied set may have left the index in between.
                if (_circuits.TryGetValue(sessionId, out var current) && ReferenceEquals(current, circuits))
                {
                    circuits.Add(circuit);
                    break;
                }
            }
        }

        // The session may have ended between the request that began the circuit and now.
        if (_changes.Find(sessionId) is { Revoked: true })
        {
            End(circuit);
        }
    }

    public void Remove(string sessionId, SessionStateProvider circuit)
    {
        if (!_circuits.TryGetValue(sessionId, out var circuits))
        {
            return;
        }

        lock (circuits)
        {
            circuits.Remove(circuit);
            if (circuits.Count == 0)
            {
                _circuits.TryRemove(sessionId, out _);
            }
        }
    }

    private void OnChange(SessionChange change)
    {
        if (!change.Revoked || !_circuits.TryGetValue(change.SessionId, out var circuits))
        {
            return;
        }

        SessionStateProvider[] all;
        lock (circuits)
        {
            all = [.. circuits];
        }

        foreach (var circuit in all)
        {
            End(circuit);
        }
    }

    // One circuit that fails must not hide the news from the next.
    private void End(SessionStateProvider circuit)
    {
        try
        {
            circuit.End();
        }
        catch (Exception exception)
        {
            _logger.CircuitNotTold(exception);
        }
    }
}
