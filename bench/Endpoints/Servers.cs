using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace BlazorAuth.Bench.Endpoints;

/// <summary>The servers that are compared, each in a process of its own.</summary>
internal static class Servers
{
    private const string SessionJson =
        """{"user":{"name":"Ada Lovelace","email":"ada@example.com","image":"https://example.com/ada.png"},"expires":"2026-12-23T15:09:58.975Z"}""";

    public static Task RunAsync(string name, string url)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Production });
        builder.WebHost.UseUrls(url);
        builder.Logging.ClearProviders();
        var app = name switch
        {
            "constant" => Constant(builder),
            "cookie" => Cookie(builder),
            "blazorauth" => BlazorAuth(builder, url),
            _ => throw new ArgumentException($"There is no server '{name}'.", nameof(name)),
        };
        return app.RunAsync();
    }

    /// <summary>Kestrel answering a constant through endpoint routing: the ceiling.</summary>
    private static WebApplication Constant(WebApplicationBuilder builder)
    {
        var app = builder.Build();
        app.MapGet("/session", (HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "private, no-cache, no-store";
            return Results.Text(SessionJson, "application/json");
        });
        return app;
    }

    /// <summary>The platform's cookie handler, answering the same JSON from its claims.</summary>
    private static WebApplication Cookie(WebApplicationBuilder builder)
    {
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        var app = builder.Build();
        app.MapGet("/signin", async (HttpContext http) =>
        {
            await http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity(
                [
                    new("sub", "x7TvJw7RkPmYd0b1n2c3ZQ"), new("name", "Ada Lovelace"), new("email", "ada@example.com"),
                    new("picture", "https://example.com/ada.png"),
                ],
                "bench")));
            return "";
        });
        app.MapGet("/session", async (HttpContext http) =>
        {
            var result = await http.AuthenticateAsync();
            http.Response.Headers.CacheControl = "private, no-cache, no-store";
            return Results.Json(new
            {
                user = new
                {
                    name = result.Principal!.FindFirstValue("name"),
                    email = result.Principal!.FindFirstValue("email"),
                    image = result.Principal!.FindFirstValue("picture"),
                },
                expires = result.Properties!.ExpiresUtc!.Value.UtcDateTime,
            });
        });
        return app;
    }

    private static WebApplication BlazorAuth(WebApplicationBuilder builder, string url)
    {
        builder.Services.AddBlazorAuth(auth =>
        {
            auth.Secrets.Add("a secret for the bench, which is not a secret");
            auth.Url = new Uri(url);
            auth.Store = "memory";
            auth.RateLimit.PermitLimit = 0;
        })
            .AddGitHub(options => (options.ClientId, options.ClientSecret) = ("id", "secret"))
            .AddGoogle(options => (options.ClientId, options.ClientSecret) = ("id", "secret"));
        var app = builder.Build();
        app.MapBlazorAuth();
        app.MapGet("/signin", async (HttpContext http) =>
        {
            await http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity(
                [
                    new("sub", "x7TvJw7RkPmYd0b1n2c3ZQ"), new("name", "Ada Lovelace"), new("email", "ada@example.com"),
                    new("picture", "https://example.com/ada.png"),
                ],
                "bench")));
            return "";
        });
        return app;
    }
}
