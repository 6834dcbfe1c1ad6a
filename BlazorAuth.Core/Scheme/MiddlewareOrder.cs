using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Scheme;

/// <summary>
/// <c>UseAuthorization</c> before <c>UseAuthentication</c>: people with a session are sent to sign in, forever. The order cannot be detected when
/// the app starts, but here someone is sent away whose session is valid and was never read.
/// </summary>
internal static class MiddlewareOrder
{
    public const string Mistake =
        "UseAuthorization runs before UseAuthentication, so every request is anonymous. In Program.cs, put "
        + "app.UseAuthentication(); before app.UseAuthorization();, or leave both out: WebApplication adds them in the right order.";

    /// <summary>Whether there is a session, although the authentication middleware has not run: it leaves its feature on every request.</summary>
    public static bool IsWrong(HttpContext http, AuthenticateResult session) =>
        session.Succeeded && http.User.Identity?.IsAuthenticated != true && http.Features.Get<IAuthenticationFeature>() is null;
}
