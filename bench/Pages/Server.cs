namespace BlazorAuth.Bench.Pages;

/// <summary>An app with two providers, whose pages are looked at and never left.</summary>
internal static class Server
{
    public static WebApplication Create()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AUTH_SECRET"] = "a-secret-of-the-benchmark-that-is-long-enough",
            ["AUTH_STORE"] = "memory",
            ["AUTH_GOOGLE_ID"] = "id",
            ["AUTH_GOOGLE_SECRET"] = "secret",
            ["AUTH_GITHUB_ID"] = "id",
            ["AUTH_GITHUB_SECRET"] = "secret",
        });
        builder.Services.AddBlazorAuth(auth => auth.TrustHost = true).AddGoogle().AddGitHub();
        var app = builder.Build();
        app.MapBlazorAuth();
        return app;
    }

    public static string Chromium() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(folder => ((string[])["chromium", "chromium-browser", "google-chrome"]).Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("Chromium is not on the search path.");
}
