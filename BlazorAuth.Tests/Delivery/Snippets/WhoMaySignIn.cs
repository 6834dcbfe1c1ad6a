using System.Text.Json.Nodes;
using BlazorAuth;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Snippets;

internal static class WhoMaySignIn
{
    public static void Company(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth(auth => auth.Callbacks.OnSignIn = context => ValueTask.FromResult(
            context.Account.Provider == "google" && (string?)context.Profile["hd"] == "mycompany.com"
                ? SignInDecision.Allow
                : SignInDecision.Deny)).AddGoogle();
    }

    public static void Members(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth().AddGoogle().AddCallbacks<MembersOnly>();
    }

    public static void TakeRolesFromTheProvider(AuthOptions auth)
    {
        auth.Callbacks.OnToken = context =>
        {
            if (context.Account?.Provider == "oidc" && context.Profile?["roles"] is { } roles)
            {
                context.Claims["roles"] = roles.DeepClone();
            }

            return ValueTask.FromResult(true);
        };
    }

    public static async Task RolesAsync(SessionManager sessions, string userId)
    {
        await sessions.UpdateUserClaimsAsync(userId, claims => claims["roles"] = new JsonArray("editor"));
        await sessions.RevokeUserAsync(userId);
    }
}

internal sealed class MembersOnly(IMembers members) : AuthCallbacks
{
    public override async ValueTask<SignInDecision> SignInAsync(SignInContext context) =>
        await members.FindAsync(context.User.Id, context.CancellationToken) is null ? SignInDecision.RedirectTo("/ask-for-an-invitation") : SignInDecision.Allow;

    public override async ValueTask<bool> TokenAsync(TokenContext context)
    {
        if (context is { Trigger: TokenTrigger.SignIn, User: { } user } && await members.FindAsync(user.Id, context.CancellationToken) is { } member)
        {
            context.Claims["roles"] = new JsonArray([.. member.Roles]);
        }

        return true;
    }
}

internal interface IMembers
{
    Task<Member?> FindAsync(string userId, CancellationToken cancellationToken);
}

internal sealed record Member(string UserId, IReadOnlyList<string> Roles);
