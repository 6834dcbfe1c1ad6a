using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAuth.Bench.Faults;

/// <summary>A node: an app that lets everyone in who names themselves. Its settings come from the environment, as in production.</summary>
internal static class NodeApp
{
    public static void Run()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Services.AddAuthorization();
        builder.Services.AddBlazorAuth(options => options.RateLimit.PermitLimit = 0).AddRedisSessionStore().AddPostgresSessionStore()
            .AddCredentials("password", context => ValueTask.FromResult(CredentialsResult.Accept(new SessionUser { Id = context.Form["username"]! })));
        var app = builder.Build();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapBlazorAuth();
        app.MapGet("/", () => "page");
        app.MapHealthChecks("/healthz/live", new() { Predicate = _ => false });
        app.MapHealthChecks("/healthz/ready", new()
        {
            ResponseWriter = (http, report) => http.Response.WriteAsync(string.Join(' ', report.Entries.Values.Select(entry => entry.Description).Prepend(report.Status.ToString()))),
        });
        app.Run();
    }
}
