using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace BlazorAuth.Circuits;

/// <summary>Enters a circuit into the node's index while it lives. Static pages need none: they end with their request.</summary>
internal sealed class CircuitSessionHandler(SessionStateProvider state, PageGuard guard, NavigationManager navigation) : CircuitHandler
{
    /// <summary>Before the app's own, which must not see who was signed in when a connection began long ago.</summary>
    public override int Order => int.MinValue;

    public override Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        state.Reloading += () => navigation.Refresh(forceReload: true);
        var opening = state.OpenAsync();
        _ = guard.BeginAsync(opening);
        return opening;
    }

    public override Task OnCircuitClosedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        state.Close();
        return Task.CompletedTask;
    }

    /// <summary>Activity in a page counts as use of the session, though no request carries the cookie; and as nothing, if the page is not for its visitor any more.</summary>
    public override Func<CircuitInboundActivityContext, Task> CreateInboundActivityHandler(Func<CircuitInboundActivityContext, Task> next) =>
        async context =>
        {
            // The platform brings components of the next page on the renderer's own context; presses come without one.
            if (SynchronizationContext.Current is null && !await guard.MayActAsync())
            {
                guard.Leave();
                return;
            }

            state.Touch();
            await next(context);
        };
}
