using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Snippets;

internal static class ProtectAPage
{
    public static void Api(WebApplication app)
    {
        app.MapGet("/api/notes", async (HttpContext http) =>
        {
            var session = await http.GetSessionAsync();
            return Results.Ok(new { owner = session!.User.Id });
        }).RequireAuthorization();
    }

    public static void Return(WebApplication app)
    {
        app.MapPost("/payment/return", PaymentReturnedAsync).AllowForeignOrigins();
    }

    public static void Everything(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
    }

    private static Task PaymentReturnedAsync() => Task.CompletedTask;
}
