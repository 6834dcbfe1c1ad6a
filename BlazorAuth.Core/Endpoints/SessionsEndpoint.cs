using BlazorAuth.Http;
using BlazorAuth.Http.Cookies;
using BlazorAuth.Pages;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Endpoints;

/// <summary><c>GET sessions</c>: the devices. <c>POST sessions/revoke</c>, <c>POST sessions/revoke-others</c>: signs them out.</summary>
internal static class SessionsEndpoint
{
    public static Task<IResult> ShowAsync(AuthRequest request, ContractCookies cookies, AccountPages pages)
    {
        cookies.Write(request);
        return pages.SessionsAsync(request);
    }

    public static async Task<IResult> RevokeAsync(AuthRequest request, SessionManager sessions, AccountPages pages)
    {
        if (await AccountPages.SessionAsync(request) is not { } session)
        {
            return pages.ToSignIn(request, "sessions");
        }

        // The device at hand has the sign-out page: ended here, its cookie would stay behind.
        var id = request.Body.Field("session");
        var isRevoked = !string.IsNullOrEmpty(id) && id != session.Id
            && await sessions.RevokeAsync(session.User.Id, id, request.Cancelled) == RevokeResult.Revoked;
        return Done(request, isRevoked ? "one" : "gone");
    }

    public static async Task<IResult> RevokeOthersAsync(AuthRequest request, SessionManager sessions, AccountPages pages)
    {
        if (await AccountPages.SessionAsync(request) is not { } session)
        {
            return pages.ToSignIn(request, "sessions");
        }

        await sessions.RevokeOthersAsync(session.User.Id, session.Id, request.Cancelled);
        return Done(request, "others");
    }

    private static IResult Done(AuthRequest request, string what) =>
        AuthAnswer.Redirect(request, PageAddresses.With(request.Address.Absolute(AuthPaths.Sessions("")), ("done", what)));
}
