using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Tests.FrontEnd;

/// <summary>The front end's own server, on an origin of its own: files, and one page for every client.</summary>
internal sealed class FrontEndSite : IAsyncDisposable
{
    private readonly WebApplication _app;

    private FrontEndSite(WebApplication app, string host)
    {
        _app = app;
        Origin = $"http://{host}:{new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port}";
    }

    public string Origin { get; }

    public static async Task<FrontEndSite> StartAsync(string host = "localhost")
    {
        await Npm.BundlePagesAsync();
        var builder = TestBuilder.Create();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.UseStaticFiles(new StaticFileOptions { FileProvider = new PhysicalFileProvider(Npm.Folder) });
        app.MapGet("/{version}", (string version) => Results.Content(
            $"""<!doctype html><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="/dist/{version}.js"></script>""", "text/html"));

        app.MapGet("/own", () => Results.Content(
            """
            <!doctype html><link rel="icon" href="data:,">
            <script type="module">
              const { createAuth } = await import(new URLSearchParams(location.search).get("server") + "/assets/client.js");
              window.auth = createAuth();
              window.heard = [];
              auth.onSession(session => heard.push(session ? session.user.name : "null"));
            </script>
            """, "text/html"));

        // next-auth 4 takes these two from its own origin, whatever basePath says.
        app.MapPost("/api/auth/_log", () => Results.Ok());
        app.MapGet("/api/auth/signin", () => Results.Content("""<link rel="icon" href="data:,">fixed path""", "text/html"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new FrontEndSite(app, host);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(TestContext.Current.CancellationToken);
        await _app.DisposeAsync();
    }
}
