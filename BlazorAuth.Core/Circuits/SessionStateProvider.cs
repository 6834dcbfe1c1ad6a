using System.Security.Claims;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;

namespace BlazorAuth;

/// <summary>
/// The app's <see cref="AuthenticationStateProvider"/>: the principal that the request or the circuit began with, until its session ends. It holds no
/// timer and asks no store; the node tells it.
/// </summary>
internal sealed class SessionStateProvider : ServerAuthenticationStateProvider
{
    /// <summary>The session id that this scope began with; null when nobody was signed in.</summary>
    public async Task<string?> SessionIdAsync() =>
        SessionIdentity.Of((await GetAuthenticationStateAsync()).User)?.Session.Id;

    /// <summary>Turns anonymous: the session is over, here and everywhere.</summary>
    public void End() => SetAuthenticationState(Task.FromResult(new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity()))));
}
