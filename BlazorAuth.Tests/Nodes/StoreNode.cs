using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAuth.Tests.Nodes;

/// <summary>An <see cref="AuthApp"/> as one node of several on a store, and what is asked of it with nothing but a cookie. Its credentials let everybody in.</summary>
internal static class StoreNode
{
    public static Task<AuthApp> StartAsync(
        string store, TimeProvider? clock = null, Action<AuthOptions>? configure = null, Action<AuthenticationBuilder>? build = null) => AuthApp.StartAsync(setup =>
    {
        setup.Environment = "Production";
        setup.StandIns = false;
        setup.Clock = clock ?? TimeProvider.System;
        (setup.Settings["AUTH_STORE"], setup.Settings["AUTH_URL"]) = (store, "http://localhost");
        setup.Settings["AUTH_ACCOUNTS"] = store.StartsWith("redis:", StringComparison.Ordinal) ? "off" : null;
        setup.Options = options =>
        {
            options.RateLimit.PermitLimit = 0;
            configure?.Invoke(options);
        };
        setup.Providers = builder =>
        {
            build?.Invoke(builder);
            builder.AddCredentials("password", context => ValueTask.FromResult(CredentialsResult.Accept(new SessionUser { Id = context.Form["username"]! })));
        };
        setup.Map = Map;
    });

    /// <summary>Begins a session as a sign-in does; returns its ticket and the cookie's value.</summary>
    public static async Task<(SessionTicket Ticket, string Cookie)> SignInAsync(this AuthApp node, string user = "ada")
    {
        var ticket = await node.BeginSessionAsync(user);
        return (ticket, TestTicket.Cookie(ticket));
    }

    /// <summary>Begins a session in the place of another, as a confirmation does; returns the cookie's value.</summary>
    public static async Task<string> ReplaceAsync(this AuthApp node, SessionTicket ticket)
    {
        var next = TestTicket.Of(ticket.UserId, ticket.IssuedAt, Guid.NewGuid().ToString("N")).With(ticket.IssuedAt, ticket.ExpiresAt);
        return TestTicket.Cookie((await node.Sessions.ReplaceAsync(ticket.Id, next, new SessionOrigin(Device: null), CancellationToken.None))!);
    }

    public static Task<HttpResponseMessage> GetAsync(this AuthApp node, string path, string? cookie = null) => Client(node).SendAsync(HttpMethod.Get, path, cookie);

    public static Task<HttpResponseMessage> SignOutAsync(this AuthApp node, string cookie) => Client(node).SignOutAsync(cookie);

    public static Task<HttpResponseMessage> SignOutAsync(this HttpClient node, string cookie) => node.SendAsync(HttpMethod.Post, "/api/auth/signout", cookie);

    public static Task<bool> BelievesAsync(this AuthApp node, string cookie) => Client(node).BelievesAsync(cookie);

    /// <summary>Whether a cookie is believed: what <c>GET session</c> says.</summary>
    public static async Task<bool> BelievesAsync(this HttpClient node, string cookie)
    {
        using var response = await node.SendAsync(HttpMethod.Get, "/api/auth/session", cookie);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadAsStringAsync() != "null";
    }

    public static HttpClient Client(this AuthApp node) => new(node.CreateHandler()) { BaseAddress = node.Address };

    public static KnownChanges Changes(this AuthApp node) => node.Services.GetRequiredService<KnownChanges>();

    public static async Task<HealthStatus> HealthAsync(this AuthApp node) => (await node.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Status;

    /// <summary>Ends when a change of this session is known here; fails after some seconds.</summary>
    public static async Task<SessionChange> HearsAsync(this AuthApp node, string sessionId)
    {
        var heard = new TaskCompletionSource<SessionChange>(TaskCreationOptions.RunContinuationsAsynchronously);
        node.Changes().Observe(change =>
        {
            if (change.SessionId == sessionId)
            {
                heard.TrySetResult(change);
            }
        });
        return node.Changes().Find(sessionId) ?? await heard.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    /// <summary>Ends when the health is as expected, for the expected reason; fails after some seconds, with what it is instead.</summary>
    public static async Task BecomesAsync(this AuthApp node, HealthStatus expected, string reason = "")
    {
        var checks = node.Services.GetRequiredService<HealthCheckService>();
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        var began = Stopwatch.GetTimestamp();
        HealthReport report;
        while ((report = await checks.CheckHealthAsync()).Status != expected || !(report.Entries["blazorauth"].Description ?? "").Contains(reason, StringComparison.Ordinal))
        {
            Assert.True(
                Stopwatch.GetElapsedTime(began) < TimeSpan.FromSeconds(20),
                $"The node is {report.Status} and does not become {expected}: {string.Join(' ', report.Entries.Values.Select(entry => entry.Description))}\n{string.Join('\n', node.Logs.Own.Select(line => $"{line.Event.Id} {line.Text}"))}");
            await pace.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private static Task<HttpResponseMessage> SendAsync(this HttpClient client, HttpMethod method, string path, string? cookie)
    {
        var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.Add("Cookie", cookie is null ? [] : [$"{AuthApp.SessionCookie}={cookie}"]);
        request.Content = method == HttpMethod.Post ? new FormUrlEncodedContent([]) : null;
        return client.SendAsync(request);
    }

    private static void Map(WebApplication app)
    {
        app.MapHealthChecks("/healthz/ready");
        app.MapGet("/form", (HttpContext http, IAntiforgery antiforgery) => antiforgery.GetAndStoreTokens(http).RequestToken);
        app.MapPost("/form", async (HttpContext http, IAntiforgery antiforgery) => await antiforgery.IsRequestValidAsync(http) ? Results.Ok() : Results.BadRequest());
    }
}
