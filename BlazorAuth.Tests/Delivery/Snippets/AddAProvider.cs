using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text.Json;
using BlazorAuth;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Snippets;

internal static class AddAProvider
{
    public static void GoogleAndGitHub(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth().AddGoogle().AddGitHub();
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
}

internal interface IPasswords
{
    Task<SessionUser?> CheckAsync(string name, string password, CancellationToken cancellationToken);
}
