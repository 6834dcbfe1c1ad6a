using Microsoft.AspNetCore.Components.Server.Circuits;

namespace BlazorAuth;

/// <summary>Enters a circuit into the node's index while it lives. Static pages need none: they end with their request.</summary>
internal sealed class CircuitSessionHandler(SessionStateProvider state, CircuitSessions circuits) : CircuitHandler
{
    private string? _sessionId;

    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        _sessionId = await state.SessionIdAsync();
        if (_sessionId is not null)
        {
            circuits.Add(_sessionId, state);
        }
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        if (_sessionId is not null)
        {
            circuits.Remove(_sessionId, state);
        }

        return Task.CompletedTask;
    }
}
