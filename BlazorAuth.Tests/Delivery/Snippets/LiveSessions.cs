using System.Text.Json.Nodes;
using BlazorAuth;
using Microsoft.AspNetCore.Builder;

namespace Snippets;

internal static class LiveSessions
{
    public static void Fresh(WebApplication app)
    {
        app.MapPost("/account/delete", DeleteAsync).RequireFresh(TimeSpan.FromMinutes(5));
    }

    public static async Task InCodeAsync(SessionManager sessions, Session session, string userId, string sessionId)
    {
        await sessions.ListAsync(session);                                     // mine, at most a hundred; IsCurrent marks this one
        await sessions.RevokeAsync(userId, sessionId);                         // Revoked, AlreadyRevoked, or NotFound (also somebody else's)
        await sessions.RevokeOthersAsync(userId, session.Id);                  // all but this one
        await sessions.RevokeUserAsync(userId);                                // ban: all of them, for administrators
        await sessions.RevokeUserAsync(userId, RevocationReason.SignedOut);    // sign out everywhere
        await sessions.UpdateClaimsAsync(userId, sessionId, claims => claims["roles"] = new JsonArray("admin"));
        await sessions.UpdateUserClaimsAsync(userId, claims => claims["plan"] = "pro");
    }

    private static Task DeleteAsync() => Task.CompletedTask;
}
