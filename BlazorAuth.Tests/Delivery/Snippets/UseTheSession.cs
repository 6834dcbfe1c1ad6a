using BlazorAuth;
using Microsoft.AspNetCore.Http;

namespace Snippets;

internal static class UseTheSession
{
    public static async Task<string?> OnTheServerAsync(HttpContext http)
    {
        var session = await http.GetSessionAsync();
        return session?.User.Name;
    }

    public static async Task ListAsync(SessionManager sessions, Session session)
    {
        var mine = await sessions.ListAsync(session);
        await sessions.RevokeAsync(session.User.Id, mine[0].Id);
        await sessions.RevokeOthersAsync(session.User.Id, session.Id);
    }
}
