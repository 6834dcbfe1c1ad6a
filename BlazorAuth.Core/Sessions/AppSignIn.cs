using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Sessions;

/// <summary>Makes a grant of a principal that the app signs in by itself.</summary>
internal class AppSignIn(TimeProvider clock)
{
    public virtual ValueTask<SignInGrant> ReadAsync(HttpContext http, ClaimsPrincipal principal, AuthenticationProperties? properties) =>
        ValueTask.FromResult(SignInGrant.FromPrincipal(principal, clock.GetUtcNow()));

    /// <summary>What goes with a session that was read, for code that signs the person in again; null where nothing does.</summary>
    public virtual AuthenticationProperties? PropertiesOf(Session session, bool isTransient) => null;

    /// <summary>Whether a session that lives may go on.</summary>
    public virtual ValueTask<bool> MayGoOnAsync(HttpContext http, Session session) => ValueTask.FromResult(true);
}
