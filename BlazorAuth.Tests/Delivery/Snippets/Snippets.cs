using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Tests.Delivery.Snippets;

/// <summary>What README and docs show, built. <see cref="DocsTests"/> holds the two together.</summary>
internal static class Snippets
{
    public static void Google(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth().AddGoogle();
    }

    public static void GoogleAndGitHub(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth().AddGoogle().AddGitHub();
    }

    public static void Map(WebApplication app)
    {
        app.MapBlazorAuth();
    }

    public static void OpenIdConnect(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth()
            .AddOpenIdConnect("work", "Example Corp", oidc => oidc.Authority = "https://login.example.com");
    }

    public static void Acme(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth().AddOAuth("acme", "Acme", acme =>
        {
            acme.AuthorizationEndpoint = "https://acme.example/authorize";
            acme.TokenEndpoint = "https://acme.example/token";
            acme.UserInformationEndpoint = "https://acme.example/me";
            acme.ClaimActions.MapJsonKey(ClaimTypes.NameIdentifier, "id");
            acme.ClaimActions.MapJsonKey(ClaimTypes.Name, "name");
            acme.ClaimActions.MapJsonKey(ClaimTypes.Email, "email");
            acme.Events.OnCreatingTicket = async context =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, context.Options.UserInformationEndpoint);
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", context.AccessToken);
                using var response = await context.Backchannel.SendAsync(request, context.HttpContext.RequestAborted);
                response.EnsureSuccessStatusCode();
                using var user = JsonDocument.Parse(await response.Content.ReadAsStringAsync(context.HttpContext.RequestAborted));
                context.RunClaimActions(user.RootElement);
            };
        });
    }

    public static void Password(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth().AddCredentials("password", async context =>
            await context.Services.GetRequiredService<IPasswords>()
                .CheckAsync(context.Form["user"]!, context.Form["password"]!, context.CancellationToken));
    }

    public static void Api(WebApplication app)
    {
        app.MapGet("/api/notes", async (HttpContext http) =>
        {
            var session = await http.GetSessionAsync();
            return Results.Ok(new { owner = session!.User.Id });
        }).RequireAuthorization();
    }

    public static void Fallback(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    public static async Task ListAsync(SessionManager sessions, Session session)
    {
        var mine = await sessions.ListAsync(session);
        await sessions.RevokeAsync(session.User.Id, mine[0].Id);
        await sessions.RevokeOthersAsync(session.User.Id, session.Id);
    }

    public static void Looks(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth(auth =>
        {
            auth.Pages.AppName = "Reports";
            auth.Pages.Logo = "/logo.svg";
        });
    }

    public static void OwnPage(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth(auth => auth.Pages.SignIn = "/welcome");
    }

    public static void Callbacks(WebApplicationBuilder builder, IAudit audit)
    {
        builder.Services.AddBlazorAuth(auth =>
        {
            auth.Callbacks.OnSignIn = context => ValueTask.FromResult(
                context is { EmailVerified: true, User.Email: { } email } && email.EndsWith("@example.com", StringComparison.OrdinalIgnoreCase)
                    ? SignInDecision.Allow
                    : SignInDecision.Deny);

            auth.Events.OnSignedIn = context => audit.WriteAsync(context.Session);
        });
    }

    public static void CallbacksClass(WebApplicationBuilder builder)
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

internal interface IPasswords
{
    Task<SessionUser?> CheckAsync(string name, string password, CancellationToken cancellationToken);
}

internal interface IAudit
{
    ValueTask WriteAsync(Session session);
}

internal interface IRoles
{
    Task<IReadOnlyList<string>> OfAsync(string userId, CancellationToken cancellationToken);
}
