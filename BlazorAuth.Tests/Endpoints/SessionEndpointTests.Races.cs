using System.Text.Json.Nodes;
using BlazorAuth.Tests.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace BlazorAuth.Tests.Endpoints;

/// <summary>A token callback that takes its time while somebody else changes the claims.</summary>
public sealed partial class SessionEndpointTests
{
    [Fact]
    public async Task AnAdministratorsChangeDuringASlowCallbackSurvives()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var released = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.Callbacks.OnToken = async context =>
        {
            if (context.Trigger == TokenTrigger.SignIn)
            {
                context.Claims[AuthClaims.Roles] = "admin";
                return true;
            }

            context.Claims["visits"] = (context.Claims["visits"]?.GetValue<int>() ?? 0) + 1;
            reached.TrySetResult();
            await released.Task;
            return true;
        });
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var (userId, sessionId) = await CurrentAsync(app, browser);

        var read = browser.SessionAsync();
        await reached.Task;
        await app.Sessions.UpdateClaimsAsync(userId, sessionId, claims => claims.Remove(AuthClaims.Roles), TestContext.Current.CancellationToken);
        released.SetResult();
        Assert.Contains("Ada", await read, StringComparison.Ordinal);

        var row = (await app.Services.GetRequiredService<ISessionStore>().FindAsync(sessionId, TestContext.Current.CancellationToken))!;
        var claims = row.Content().Claims;
        Assert.Null(claims[AuthClaims.Roles]);
        Assert.Equal(1, claims["visits"]!.GetValue<int>());
    }

    [Fact]
    public async Task AChangeWithoutEndIsGivenUpAndSignsNobodyOut()
    {
        OwnStore? store = null;
        AuthApp? running = null;
        var (asked, isSlow) = (0, false);
        await using var app = running = await AuthApp.StartAsync(setup =>
        {
            store = new OwnStore(setup.Clock);
            setup.Services = services => services.AddSingleton<ISessionStore>(store);
            setup.Options = options => options.Callbacks.OnToken = async context =>
            {
                if (isSlow)
                {
                    var (userId, sessionId) = Current;
                    await running!.Sessions.UpdateClaimsAsync(userId, sessionId, claims => claims["other"] = asked);
                    context.Claims["asked"] = ++asked;
                }

                return true;
            };
        });
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        Current = await CurrentAsync(app, browser);
        isSlow = true;

        var answer = await browser.FetchAsync(HttpMethod.Get, "/api/auth/session");

        Assert.Equal((System.Net.HttpStatusCode.ServiceUnavailable, 5), (answer.Status, asked));
        isSlow = false;
        Assert.Contains("Ada", await browser.SessionAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASessionRevokedDuringASlowCallbackIsOver()
    {
        AuthApp? running = null;
        var isOver = false;
        await using var app = running = await AuthApp.StartAsync(setup => setup.Options = options => options.Callbacks.OnToken = async context =>
        {
            if (isOver)
            {
                await running!.Sessions.RevokeUserAsync(Current.UserId);
                context.Claims["late"] = true;
            }

            return true;
        });
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        Current = await CurrentAsync(app, browser);
        isOver = true;

        Assert.Equal("null", await browser.SessionAsync());
    }

    private (string UserId, string SessionId) Current { get; set; }

    private static async Task<(string UserId, string SessionId)> CurrentAsync(AuthApp app, Browser browser)
    {
        var id = await browser.UserIdAsync();
        return (id, Assert.Single(await app.Sessions.ListAsync(id, TestContext.Current.CancellationToken)).Id);
    }
}
