using System.Security.Claims;
using BlazorAuth.Sync;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Sessions;

/// <summary>What becomes of a principal that the app signs in by itself.</summary>
internal interface IAppSignIn
{
    /// <summary>The property with the session's ID, for code that signs its person in again without asking them.</summary>
    const string SessionKey = ".blazorauth.session";

    /// <summary>The session that the app signs in again, as principal or properties say; null where it signs somebody in by itself.</summary>
    static string? SessionOf(ClaimsPrincipal principal, AuthenticationProperties? properties) =>
        SessionIdentity.Of(principal)?.Ticket.Id ?? principal.FindFirst(AuthClaims.SessionId)?.Value ?? properties?.GetString(SessionKey);

    /// <inheritdoc cref="SessionOf" />
    ValueTask<string?> SessionOfAsync(HttpContext http, ClaimsPrincipal principal, AuthenticationProperties? properties) => ValueTask.FromResult(SessionOf(principal, properties));

    /// <summary>Makes a grant of it.</summary>
    /// <param name="http">The request.</param>
    /// <param name="principal">Who is signed in.</param>
    /// <param name="properties">What the app says of the cookie.</param>
    /// <param name="isAgain">Whether a session is signed in again.</param>
    ValueTask<SignInGrant> ReadAsync(HttpContext http, ClaimsPrincipal principal, AuthenticationProperties? properties, bool isAgain);

    /// <summary>What goes with a session that was read, for code that signs the person in again.</summary>
    AuthenticationProperties PropertiesOf(Session session, bool isTransient);

    /// <summary>Whether a session that lives may go on.</summary>
    ValueTask<bool> MayGoOnAsync(Session session, CancellationToken cancellationToken);
}

/// <summary>The principal says all there is to say.</summary>
internal sealed class PrincipalSignIn(SharedClock clock) : IAppSignIn
{
    public ValueTask<SignInGrant> ReadAsync(HttpContext http, ClaimsPrincipal principal, AuthenticationProperties? properties, bool isAgain) =>
        ValueTask.FromResult(SignInGrant.FromPrincipal(principal, clock.GetUtcNow()));

    public AuthenticationProperties PropertiesOf(Session session, bool isTransient) => new() { Items = { [IAppSignIn.SessionKey] = session.Id } };

    public ValueTask<bool> MayGoOnAsync(Session session, CancellationToken cancellationToken) => ValueTask.FromResult(true);
}
