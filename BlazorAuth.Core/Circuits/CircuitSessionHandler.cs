using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace BlazorAuth.Circuits;

/// <summary>Enters a circuit into the node's index while it lives. Static pages need none: they end with their request.</summary>
internal sealed class CircuitSessionHandler(SessionStateProvider state, NavigationManager navigation) : CircuitHandler
{
    /// <summary>Before the app's own, which must not see who was signed in when a connection began long ago.</summary>
    public override int Order => int.MinValue;

    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        state.Reloading += () => navigation.Refresh(forceReload: true);
        return state.OpenAsync();
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        state.Close();
        return Task.CompletedTask;
    }

    /// <summary>Activity in a page counts as use of the session, though no request carries the cookie.</summary>
    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) =>
        context =>
        {
            state.Touch();
            return next(context);
        };
}
