using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace BlazorAuth.Circuits;

/// <summary>Enters a circuit into the node's index while it lives. Static pages need none: they end with their request.</summary>
internal sealed class CircuitSessionHandler(SessionStateProvider state, PageGuard guard, NavigationManager navigation) : CircuitHandler
{
    /// <summary>Before the app's own, which must not see who was signed in when a connection began long ago.</summary>
    public override int Order => int.MinValue;

    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        state.Reloading += () => navigation.Refresh(forceReload: true);
        await state.OpenAsync();
        await guard.LookAsync();
        state.AuthenticationStateChanged += changed => _ = guard.LookAsync();
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
            if (!await guard.MayActAsync())
            {
                guard.Leave();
                return;
            }

            state.Touch();
            await next(context);
        };
}
