using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Tests;

/// <summary>A node in the test's process: an app on a store, with credentials that let everybody in.</summary>
internal sealed class StoreNode : IAsyncDisposable
{
    public const string Secret = "a-secret-of-the-tests-that-is-long-enough";
    public const string CookieName = "authjs.session-token";

    private readonly WebApplication _app;

    private StoreNode(WebApplication app, LogCollector logs)
    {
        _app = app;
        Logs = logs;
        Client = app.GetTestClient();
    }

    public LogCollector Logs { get; }

    public HttpClient Client { get; }

    public ISessionStore Store => _app.Services.GetRequiredService<ISessionStore>();

    public IProtectionKeyStore Keys => (IProtectionKeyStore)Store;

    public SessionManager Sessions => _app.Services.GetRequiredService<SessionManager>();

    public ChangedSessions Changes => _app.Services.GetRequiredService<ChangedSessions>();

    public static async Task<StoreNode> StartAsync(
        string store, TimeProvider? clock = null, Action<AuthOptions>? configure = null, Action<AuthenticationBuilder>? build = null)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Production" });
        var logs = new LogCollector();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders().AddProvider(logs).SetMinimumLevel(LogLevel.Debug);
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        var authentication = builder.Services.AddBlazorAuth(options =>
        {
            options.Secrets.Add(Secret);
            options.Url = new Uri("http://localhost");
            options.Store = store;
            options.RateLimit.PermitLimit = 0;
            configure?.Invoke(options);
        });
        build?.Invoke(authentication);
        authentication.AddCredentials("password", context => ValueTask.FromResult(CredentialsResult.Accept(new SessionUser { Id = context.Form["username"]! })));
        var app = builder.Build();
        app.MapBlazorAuth();
        app.MapGet("/page", async (HttpContext http) => (await http.GetSessionAsync())?.User.Id ?? "nobody");
        app.MapHealthChecks("/healthz/ready");
        app.MapGet("/form", (HttpContext http, IAntiforgery antiforgery) => antiforgery.GetAndStoreTokens(http).RequestToken);
        app.MapPost("/form", async (HttpContext http, IAntiforgery antiforgery) => await antiforgery.IsRequestValidAsync(http) ? Results.Ok() : Results.BadRequest());
        try
        {
            await app.StartAsync();
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new StoreNode(app, logs);
    }

    /// <summary>Begins a session as a sign-in does; returns its ticket and the cookie's value.</summary>
    public async Task<(SessionTicket Ticket, string Cookie)> SignInAsync(string user = "ada")
    {
        var now = _app.Services.GetRequiredService<TimeProvider>().GetUtcNow();
        var ticket = Sessions.Lifetimes.WithTimes(Ticket(Guid.NewGuid().ToString("N"), user, now));
        await Sessions.CreateAsync(ticket, null, null, CancellationToken.None);
        return (ticket, CookieOf(ticket));
    }

    public static SessionTicket Ticket(string id, string user, DateTimeOffset now) => new()
    {
        Id = id, UserId = user, Provider = "password", Claims = new JsonObject { ["name"] = user }, Version = 1, SignedInAt = now, IssuedAt = now, ExpiresAt = now.AddDays(30),
    };

    public static string CookieOf(SessionTicket ticket) =>
        new SessionToken(new SessionKeys([Secret])).Write(ticket.ToToken(), CookieName, ticket.IssuedAt, ticket.ExpiresAt);

    public Task<HttpResponseMessage> GetAsync(string path, string? cookie = null) => SendAsync(Client, HttpMethod.Get, path, cookie);

    public Task<HttpResponseMessage> SignOutAsync(string cookie) => SendAsync(Client, HttpMethod.Post, "/api/auth/signout", cookie);

    /// <summary>Whether a cookie is believed: what <c>GET session</c> says.</summary>
    public async Task<bool> BelievesAsync(string cookie) => await BelievesAsync(Client, cookie);

    public static async Task<bool> BelievesAsync(HttpClient client, string cookie)
    {
        using var response = await SendAsync(client, HttpMethod.Get, "/api/auth/session", cookie);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync() != "null";
    }

    public static Task<HttpResponseMessage> SendAsync(HttpClient client, HttpMethod method, string path, string? cookie)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.Add("Cookie", cookie is null ? [] : [$"{CookieName}={cookie}"]);
        request.Content = method == HttpMethod.Post ? new FormUrlEncodedContent([]) : null;
        return client.SendAsync(request);
    }

    public async Task<HealthStatus> HealthAsync() =>
        (await _app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status;

    /// <summary>Ends when a change of this session is known here; fails after some seconds.</summary>
    public async Task<SessionChange> HearsAsync(string sessionId)
    {
        var heard = new TaskCompletionSource<SessionChange>(TaskCreationOptions.RunContinuationsAsynchronously);
        Changes.Observe(change =>
        {
            if (change.SessionId == sessionId)
            {
                heard.TrySetResult(change);
            }
        });
        return Changes.Find(sessionId) ?? await heard.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    /// <summary>Ends when the health is as expected; fails after some seconds.</summary>
    public async Task BecomesAsync(HealthStatus expected)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (await HealthAsync() != expected)
        {
            await pace.WaitForNextTickAsync(limit.Token);
        }
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
