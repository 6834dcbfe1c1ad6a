using BlazorAuth.Components;
using BlazorAuth.Http;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace BlazorAuth;

/// <summary>Lets components require a recent sign-in right before a sensitive action. Inject it.</summary>
public sealed class FreshSession
{
    private readonly AuthenticationStateProvider _state;
    private readonly SessionManager _sessions;
    private readonly AuthProviderRegistry _providers;
    private readonly NavigationManager _navigation;

    internal FreshSession(AuthenticationStateProvider state, SessionManager sessions, AuthProviderRegistry providers, NavigationManager navigation)
    {
        _state = state;
        _sessions = sessions;
        _providers = providers;
        _navigation = navigation;
    }

    /// <summary>Whether the current person signed in within this time. False when nobody is signed in.</summary>
    public async Task<bool> IsFreshAsync(TimeSpan within) => await SessionAsync() is { } session && _sessions.IsFresh(session, within);

    /// <summary>
    /// True when the current person signed in within this time: continue. Otherwise false: the person is being sent to sign in, and comes back to this page.
    /// <code>if (!await Fresh.RequireAsync(TimeSpan.FromMinutes(5))) { return; }</code>
    /// </summary>
    public async Task<bool> RequireAsync(TimeSpan within)
    {
        var session = await SessionAsync();
        if (session is not null && _sessions.IsFresh(session, within))
        {
            return true;
        }

        var pathBase = _navigation.PathBase();
        _navigation.NavigateTo(
            session is null
                ? PageAddresses.With(AuthPaths.SignIn(pathBase), ("callbackUrl", _navigation.CurrentPage()))
                : AuthPaths.Fresh(pathBase, await _providers.ToAskAgainAsync(session.Provider), _navigation.CurrentPage()),
            forceLoad: true);
        return false;
    }

    private async Task<Session?> SessionAsync() => SessionIdentity.Of((await _state.GetAuthenticationStateAsync()).User)?.Session;
}
