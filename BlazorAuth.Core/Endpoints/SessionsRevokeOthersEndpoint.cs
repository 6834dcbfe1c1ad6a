using BlazorAuth.Http;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Endpoints;

/// <summary><c>POST sessions/revoke-others</c>: signs every other device out.</summary>
internal static class SessionsRevokeOthersEndpoint
{
    public static Task<IResult> HandleAsync(AuthRequest request, SessionManager sessions, FreshCheck fresh) =>
        fresh.RunAsync(request, request.Address.Absolute(AuthPaths.Sessions("")), async session =>
        {
            // Not the request's token: a browser that closes the connection has asked for it all the same.
            await sessions.OneAtATimeAsync(
                session.User.Id, () => sessions.RevokeOthersAsync(session.User.Id, session.Id, CancellationToken.None), CancellationToken.None);
            return SessionsEndpoint.Done(request, "others");
        });
}
