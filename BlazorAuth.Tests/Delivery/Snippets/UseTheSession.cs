using BlazorAuth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Snippets;

internal static class UseTheSession
{
    public static async Task<string?> OnTheServerAsync(HttpContext http)
    {
        var session = await http.GetSessionAsync();
        return session?.User.Name;
    }

    public static void AskForTheAccount(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth().AddGoogle(google => google.Events.OnRedirectToAuthorizationEndpoint = context =>
        {
            context.Response.Redirect(context.RedirectUri + "&prompt=select_account");
            return Task.CompletedTask;
        });
    }

    public static async Task<bool> AskAgainAsync(SessionManager sessions, Session session)
    {
        var isLive = (await sessions.ListAsync(session)).Any(mine => mine.IsCurrent);
        return isLive;
    }

    public static async Task ListAsync(SessionManager sessions, Session session)
    {
        var mine = await sessions.ListAsync(session);
        await sessions.RevokeAsync(session.User.Id, mine[0].Id);
        await sessions.RevokeOthersAsync(session.User.Id, session.Id);
    }
}
