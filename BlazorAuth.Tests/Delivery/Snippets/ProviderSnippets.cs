using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace BlazorAuth.Tests.Delivery.Snippets;

/// <summary>What <c>docs/providers</c> shows, built. <see cref="RecipeTests"/> holds the two together, and signs in through each.</summary>
internal static class ProviderSnippets
{
    public static void Entra(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth().AddOpenIdConnect("entra", "Microsoft", _ => { });
    }

    public static void Apple(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth().AddOpenIdConnect("apple", "Apple", apple =>
        {
            apple.ResponseMode = "form_post";
            apple.Scope.Remove("profile");
            apple.Scope.Add("name");
            apple.Events.OnAuthorizationCodeReceived = context =>
            {
                var key = ECDsa.Create();
                key.ImportFromPem(builder.Configuration["Apple:Key"]);
                context.TokenEndpointRequest!.ClientSecret = new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
                {
                    Issuer = builder.Configuration["Apple:TeamId"],
                    Audience = "https://appleid.apple.com",
                    Claims = new Dictionary<string, object> { ["sub"] = context.Options.ClientId! },
                    SigningCredentials = new(new ECDsaSecurityKey(key) { KeyId = builder.Configuration["Apple:KeyId"] }, "ES256"),
                });
                return Task.CompletedTask;
            };
        });
    }

    public static void Enterprise(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth()
            .AddGitHub()
            .AddGitHub("corp", "GitHub at Example Corp", corp => corp.EnterpriseDomain = "github.example.com");
    }

    public static void Discord(WebApplicationBuilder builder)
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
