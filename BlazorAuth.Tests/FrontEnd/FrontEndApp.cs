using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Tests.FrontEnd;

/// <summary>An app as the README has it, with a credentials provider, on a port of its own.</summary>
internal sealed class FrontEndApp : IAsyncDisposable
{
    public const string Secret = "a-secret-of-the-tests-that-is-long-enough";

    private readonly WebApplication _app;

    private FrontEndApp(WebApplication app, LogCollector log)
    {
        _app = app;
        Log = log;
        var port = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;
        Origin = $"http://localhost:{port}";
    }

    /// <summary>By name: a browser keeps the cookies of <c>localhost</c> and <c>127.0.0.1</c> apart.</summary>
    public string Origin { get; }

    public string Auth => Origin + "/api/auth";

    public IServiceProvider Services => _app.Services;

    public SessionManager Sessions => _app.Services.GetRequiredService<SessionManager>();

    public LogCollector Log { get; }

    public static async Task<FrontEndApp> StartAsync(
        string? allowedOrigins = null,
        Action<AuthOptions>? options = null,
        Action<WebApplicationBuilder, AuthenticationBuilder>? build = null,
        Action<WebApplication>? before = null,
        Action<WebApplication>? after = null,
        string environment = "Development",
        params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        var log = new LogCollector();
        builder.Logging.ClearProviders().AddProvider(log);
        // Nothing of the machine's own environment or files.
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?> { ["AUTH_STORE"] = "memory", ["AUTH_SECRET"] = Secret, ["AUTH_ALLOWED_ORIGINS"] = allowedOrigins });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)));
        var schemes = builder.Services.AddBlazorAuth(options).AddCredentials("password", JudgeAsync);
        build?.Invoke(builder, schemes);
        var app = builder.Build();
        before?.Invoke(app);
        app.MapBlazorAuth();
        after?.Invoke(app);
        try
        {
            await app.StartAsync(TestContext.Current.CancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new FrontEndApp(app, log);
    }

    public HttpUser User(string? origin = null) => new(new Uri(Origin), origin);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(TestContext.Current.CancellationToken);
        await _app.DisposeAsync();
    }

    // ada and bob sign in with their own names; "custom" is refused with a code, "throws" meets a defect.
    private static ValueTask<CredentialsResult> JudgeAsync(CredentialsContext context) => ValueTask.FromResult((string?)context.Form["user"] switch
    {
        "throws" => throw new InvalidOperationException("the database password is hunter2"),
        "custom" => CredentialsResult.Refuse("locked_out"),
        { } name when name is "ada" or "bob" && context.Form["password"] == name => CredentialsResult.Accept(
            new SessionUser { Id = "u-" + name, Name = name == "ada" ? "Ada" : "Bob", Email = name + "@example.com", EmailVerified = true }),
        _ => CredentialsResult.Refuse(),
    });
}
