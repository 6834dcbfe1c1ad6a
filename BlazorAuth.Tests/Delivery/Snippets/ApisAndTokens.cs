using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Snippets;

internal static class ApisAndTokens
{
    public static void Minimal(WebApplication app)
    {
        var api = app.MapGroup("/api/notes").RequireAuthorization();
        api.MapGet("/", async (HttpContext http) => Results.Ok(new { owner = (await http.GetSessionAsync())!.User.Id }));
        api.MapDelete("/{id}", (string id) => Results.NoContent()).RequireAuthorization(policy => policy.RequireRole("admin"));
    }

    public static void Bearer(AuthenticationBuilder builder)
    {
        builder.Services.AddAuthentication()
            .AddJwtBearer(options =>
            {
                options.Authority = "https://id.example.com";
                options.Audience = "notes-api";
            })
            .AddPolicyScheme("api", displayName: null, options => options.ForwardDefaultSelector =
                http => http.Request.Headers.Authorization.Count > 0 ? JwtBearerDefaults.AuthenticationScheme : "BlazorAuth");
        builder.Services.AddAuthorizationBuilder()
            .AddPolicy("api", policy => policy.AddAuthenticationSchemes("api").RequireAuthenticatedUser());
    }

    public static void Map(WebApplication app)
    {
        app.MapGet("/api/me", (ClaimsPrincipal user) => new { name = user.Identity!.Name }).RequireAuthorization("api");
    }
}
