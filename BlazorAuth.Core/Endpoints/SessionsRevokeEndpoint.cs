using BlazorAuth.Http;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Endpoints;

/// <summary><c>POST sessions/revoke</c>: signs one other device out.</summary>
internal static class SessionsRevokeEndpoint
{
    public static Task<IResult> HandleAsync(AuthRequest request, SessionManager sessions, FreshCheck fresh) =>
        fresh.RunAsync(request, request.Address.Absolute(AuthPaths.Sessions("")), session => RevokeAsync(request, sessions, session));

    private static async Task<IResult> RevokeAsync(AuthRequest request, SessionManager sessions, Session session)
    {
        // For the current device there is the sign-out page: if it were ended here, its cookie would remain. A browser that closes the connection has still requested it.
        var id = request.Body.Field("session");
        var isRevoked = !string.IsNullOrEmpty(id) && id != session.Id
            && await sessions.OneAtATimeAsync(
                session.User.Id, () => sessions.RevokeAsync(session.User.Id, id, CancellationToken.None), CancellationToken.None) == RevokeResult.Revoked;
        return SessionsEndpoint.Done(request, isRevoked ? "one" : "gone", isRevoked ? id : null);
    }
}
