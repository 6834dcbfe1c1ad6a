using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Snippets;

internal static class Apple
{
    public static void Add(WebApplicationBuilder builder)
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
}
