using System.Text.Json.Nodes;
using BlazorAuth;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Snippets;

internal static class CallbacksAndEvents
{
    public static void Delegates(WebApplicationBuilder builder, IAudit audit)
    {
        builder.Services.AddBlazorAuth(auth =>
        {
            auth.Callbacks.OnSignIn = context => ValueTask.FromResult(
                context.Account.Provider == "google" && (string?)context.Profile["hd"] == "example.com"
                    ? SignInDecision.Allow
                    : SignInDecision.Deny);

            auth.Events.OnSignedIn = context => audit.WriteAsync(context.Session);
        });
    }

    public static void Class(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth().AddGoogle().AddCallbacks<TeamCallbacks>();
    }
}

internal sealed class TeamCallbacks(IRoles roles) : AuthCallbacks
{
    public override async ValueTask<bool> TokenAsync(TokenContext context)
    {
        if (context.Trigger == TokenTrigger.SignIn && context.User is { } user)
        {
            context.Claims["roles"] = new JsonArray([.. await roles.OfAsync(user.Id, context.CancellationToken)]);
        }

        return true;
    }
}

internal interface IAudit
{
    ValueTask WriteAsync(Session session);
}

internal interface IRoles
{
    Task<IReadOnlyList<string>> OfAsync(string userId, CancellationToken cancellationToken);
}
