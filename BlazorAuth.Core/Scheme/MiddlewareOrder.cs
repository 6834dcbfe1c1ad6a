using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Scheme;

/// <summary>
/// <c>UseAuthorization</c> before <c>UseAuthentication</c>: whoever has a session is sent to sign in, for ever. Nothing can be seen of the order when
/// the app starts, but here somebody is sent away whose session is good and was never looked at.
/// </summary>
internal static class MiddlewareOrder
{
    public const string Mistake =
        "Somebody who is signed in is asked to sign in: authorization runs before authentication, so it never sees a session. In Program.cs put "
        + "app.UseAuthentication(); in front of app.UseAuthorization();, or leave both out: WebApplication adds them in the right order.";

    /// <summary>Whether there is somebody, although the middleware that looks has not run: it leaves its feature on every request.</summary>
    public static bool IsWrong(HttpContext http, AuthenticateResult session) =>
        session.Succeeded && http.User.Identity?.IsAuthenticated != true && http.Features.Get<IAuthenticationFeature>() is null;
}
