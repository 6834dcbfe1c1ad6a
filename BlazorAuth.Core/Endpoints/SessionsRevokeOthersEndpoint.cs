using BlazorAuth.Http;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Endpoints;

/// <summary><c>POST sessions/revoke-others</c>: signs every other device out.</summary>
internal static class SessionsRevokeOthersEndpoint
{
    public static async Task<IResult> HandleAsync(AuthRequest request, SessionManager sessions, PageAddresses addresses, FreshCheck fresh)
    {
        if (await request.Http.CurrentTicketAsync() is not { Session: { } session })
        {
            return SessionsEndpoint.ToSignIn(request, addresses);
        }

        if (await fresh.AskAsync(request, session, request.Address.Absolute(AuthPaths.Sessions(""))) is { } asked)
        {
            return asked;
        }

        await sessions.RevokeOthersAsync(session.User.Id, session.Id, request.Cancelled);
        return SessionsEndpoint.Done(request, "others");
    }
}
