using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Circuits;

/// <summary>The <see cref="Session"/> that components receive as a cascading parameter, kept in step with the authentication state.</summary>
internal sealed class CascadingSession : CascadingValueSource<Session?>, IDisposable
{
    private readonly AuthenticationStateProvider _state;
    private Task<AuthenticationState>? _told;

    private CascadingSession(AuthenticationStateProvider state)
        : base(() => Current(state), isFixed: false)
    {
        _state = state;
        _state.AuthenticationStateChanged += OnChanged;
    }

    public static CascadingValueSource<Session?> Create(IServiceProvider services) =>
        new CascadingSession(services.GetRequiredService<AuthenticationStateProvider>());

    public void Dispose() => _state.AuthenticationStateChanged -= OnChanged;

    // A request is authenticated before it renders. While a circuit looks up what became of the session of its connection, it shows nobody.
    private static Session? Current(AuthenticationStateProvider state) =>
        SessionIdentity.Of(state.GetAuthenticationStateAsync().OrNull()?.User)?.Session;

    private void OnChanged(Task<AuthenticationState> state) => _ = TellAsync(state);

    private async Task TellAsync(Task<AuthenticationState> state)
    {
        Volatile.Write(ref _told, state);
        if (!state.IsCompleted)
        {
            await NotifyChangedAsync(null);
        }

        var session = SessionIdentity.Of((await state).User)?.Session;
        if (Volatile.Read(ref _told) == state)
        {
            await NotifyChangedAsync(session);
        }
    }
}
