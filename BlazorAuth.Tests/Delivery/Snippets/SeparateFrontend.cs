using BlazorAuth;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Snippets;

internal static class SeparateFrontend
{
    public static void Api(WebApplication app)
    {
        app.UseCors();
        app.UseAuthentication();
        app.UseAuthorization();

        app.MapGet("/api/me", async (HttpContext http) => (await http.GetSessionAsync())!.User)
            .RequireAuthorization()
            .RequireCors(AuthOptions.CorsPolicy);
    }

    public static void AnotherSite(WebApplicationBuilder builder)
    {
        builder.Services.AddBlazorAuth(auth => auth.Cookies.SameSite = SameSiteMode.None);   // and https on both sides
    }
}
