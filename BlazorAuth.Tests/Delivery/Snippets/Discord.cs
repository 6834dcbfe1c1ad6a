using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Snippets;

internal static class Discord
{
    public static void Add(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth().AddOAuth("discord", "Discord", discord =>
        {
            discord.AuthorizationEndpoint = "https://discord.com/oauth2/authorize";
            discord.TokenEndpoint = "https://discord.com/api/oauth2/token";
            discord.UserInformationEndpoint = "https://discord.com/api/users/@me";
            discord.Scope.Add("identify");
            discord.Scope.Add("email");
            discord.ClaimActions.MapJsonKey(ClaimTypes.NameIdentifier, "id");
            discord.ClaimActions.MapJsonKey(ClaimTypes.Name, "global_name");
            discord.ClaimActions.MapJsonKey(ClaimTypes.Email, "email");
            discord.ClaimActions.MapJsonKey("email_verified", "verified");
            discord.Events.OnCreatingTicket = async context =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, context.Options.UserInformationEndpoint);
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", context.AccessToken);
                using var response = await context.Backchannel.SendAsync(request, context.HttpContext.RequestAborted);
                response.EnsureSuccessStatusCode();
                context.RunClaimActions(await response.Content.ReadFromJsonAsync<JsonElement>(context.HttpContext.RequestAborted));
            };
        });
    }
}
