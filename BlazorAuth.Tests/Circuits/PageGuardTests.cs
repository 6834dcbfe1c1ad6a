using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Tests.Circuits;

/// <summary>Whether the person of a circuit may still be on its page, whatever drew it.</summary>
public sealed class PageGuardTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("admins", "demoted", false)]
    [InlineData("admins", "signed out", false)]
    [InlineData("members", "demoted", true)]
    [InlineData("members", "signed out", false)]
    [InlineData("teams/7", "demoted", false)]
    [InlineData("teams/of-mine", "demoted", true)]
    [InlineData("byhandler", "demoted", false)]
    [InlineData("byrequest", "demoted", true)]
    [InlineData("byrequest", "signed out", false)]
    [InlineData("byscheme", "demoted", false)]
    [InlineData("public", "signed out", true)]
    [InlineData("views/admin", "demoted", false)]
    [InlineData("Views/Home/", "demoted", true)]
    [InlineData("open", "signed out", true)]
    [InlineData("nowhere", "signed out", true)]
    public async Task ItIsAskedAgainWhenTheSessionChanges(string path, string what, bool mayAct)
    {
        await using var page = await GuardedPage.OpenAsync(path);
        Assert.True(await page.Guard.MayActAsync());

        await page.DoAsync(what);

        Assert.Equal(mayAct, await page.Guard.MayActAsync());
    }

    [Fact]
    public async Task TheFallbackPolicyCounts()
    {
        await using var page = await GuardedPage.OpenAsync("public", requiresEverywhere: true);
        Assert.True(await page.Guard.MayActAsync());

        await page.DoAsync("signed out");

        Assert.False(await page.Guard.MayActAsync());
    }

    // A client reports any address; what was drawn is still there.
    [Fact]
    public async Task WhoSaysThatTheyMovedIsStillOnIt()
    {
        await using var page = await GuardedPage.OpenAsync("admins");
        Assert.True(await page.Guard.MayActAsync());
        page.Navigation.Move("public");
        Assert.True(await page.Guard.MayActAsync());

        await page.DoAsync("demoted");

        Assert.False(await page.Guard.MayActAsync());
    }

    // Somebody kept what they need to open a circuit on a page that they could see before.
    [Theory]
    [InlineData("admins", null, false)]
    [InlineData("admins", "reader", false)]
    [InlineData("admins", "admin", true)]
    [InlineData("members", null, false)]
    [InlineData("public", null, true)]
    [InlineData("byhandler", "reader", true)]
    public async Task ACircuitOnAPageThatItsPersonMayNotSeeDoesNothing(string path, string? role, bool mayAct)
    {
        await using var page = await GuardedPage.OpenAsync(path, role);

        Assert.Equal(mayAct, await page.Guard.MayActAsync());
    }

    [Fact]
    public async Task NobodyIsSentInCircles()
    {
        await using var page = await GuardedPage.OpenAsync("members", role: null);
        Assert.False(await page.Guard.MayActAsync());

        page.Guard.Leave();
        page.Guard.Leave();

        Assert.Equal(0, page.Navigation.Reloads);
        Assert.Single(page.App.Logs.Own, line => line.Event.Name == "PageOfNobody");
    }

    [Theory]
    [InlineData("admins", "demoted", 1)]
    [InlineData("admins", "signed out", 0)]
    [InlineData("members", "demoted", 0)]
    public async Task WhoLostARightLeavesAtOnceAndWhoseSessionEndedWhenTheyPress(string path, string what, int reloads)
    {
        await using var page = await GuardedPage.OpenAsync(path);
        await page.Guard.MayActAsync();
        await page.DoAsync(what);

        await page.Guard.LeaveIfForbiddenAsync();

        Assert.Equal(reloads, page.Navigation.Reloads);
    }

    [Fact]
    public async Task WhoIsBackMayGoOn()
    {
        await using var page = await GuardedPage.OpenAsync("members");
        await page.Guard.MayActAsync();
        await page.DoAsync("signed out");
        Assert.False(await page.Guard.MayActAsync());

        Assert.True(page.State.TryEnter(await page.App.BeginSessionAsync("ada", "s2")));

        Assert.True(await page.Guard.MayActAsync());
    }

    private sealed class GuardedPage : IAsyncDisposable
    {
        private GuardedPage(AuthApp app, SessionStateProvider state, TestNavigation navigation)
        {
            (App, State, Navigation) = (app, state, navigation);
            Guard = new PageGuard(
                state, navigation, app.Services.GetRequiredService<PageEndpoints>(), app.Services.GetRequiredService<IAuthorizationService>(),
                app.Services.GetRequiredService<IAuthorizationPolicyProvider>(), app.Services.GetRequiredService<ILogger<PageGuard>>());
        }

        public AuthApp App { get; }

        public SessionStateProvider State { get; }

        public TestNavigation Navigation { get; }

        public PageGuard Guard { get; }

        public static async Task<GuardedPage> OpenAsync(string path, string? role = "admin", bool requiresEverywhere = false)
        {
            var app = await AuthApp.StartAsync(setup =>
            {
                setup.Services = services =>
                {
                    var authorization = services.AddAuthorizationBuilder()
                        .AddPolicy("handler", policy => policy.RequireAssertion(context => context.User.IsInRole("admin")))
                        .AddPolicy("request", policy => policy.RequireAuthenticatedUser().RequireAssertion(context => context.Resource is HttpContext))
                        .AddPolicy("scheme", policy => policy.AddAuthenticationSchemes("another").RequireRole("admin"));
                    if (requiresEverywhere)
                    {
                        authorization.SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
                    }
                };
                setup.Map = app =>
                {
                    app.MapGet("/admins", () => "").RequireAuthorization(policy => policy.RequireRole("admin"));
                    app.MapPost("/admins", () => "");
                    app.MapGet("/members", () => "").RequireAuthorization();
                    app.MapGet("/teams/{id:int}", () => "").RequireAuthorization(policy => policy.RequireRole("admin"));
                    app.MapGet("/teams/{name}", () => "").RequireAuthorization();
                    app.MapGet("/byhandler", () => "").RequireAuthorization("handler");
                    app.MapGet("/byrequest", () => "").RequireAuthorization("request");
                    app.MapGet("/byscheme", () => "").RequireAuthorization("scheme");
                    app.MapGet("/public", () => "");
                    app.Map(RoutePatternFactory.Parse("/views/{controller=Home}/{id?}", null, null, new { controller = "Admin" }), () => "").RequireAuthorization(policy => policy.RequireRole("admin"));
                    app.Map(RoutePatternFactory.Parse("/views/{controller=Home}/{id?}", null, null, new { controller = "Home" }), () => "");
                    app.MapGet("/open", () => "").RequireAuthorization().AllowAnonymous();
                };
            });
            var ticket = role is null ? null : await app.BeginSessionAsync("ada", "s1", new JsonObject { [AuthClaims.Roles] = new JsonArray(role) });
            var state = new SessionStateProvider(app.Services.GetRequiredService<CircuitSessions>());
            state.SetAuthenticationState(TestTicket.State(ticket, app.Clock.GetUtcNow()));
            await state.OpenAsync();
            return new GuardedPage(app, state, new TestNavigation(path));
        }

        public async Task DoAsync(string what)
        {
            var before = State.Current;
            if (what == "signed out")
            {
                await App.Sessions.RevokeUserAsync("ada", Token);
            }
            else
            {
                await App.Sessions.UpdateUserClaimsAsync("ada", claims => claims[AuthClaims.Roles] = new JsonArray("reader"), Token);
            }

            while (ReferenceEquals(before, State.Current))
            {
                await Task.Delay(10, Token);
            }
        }

        public ValueTask DisposeAsync() => App.DisposeAsync();
    }

    private sealed class TestNavigation : NavigationManager
    {
        public TestNavigation(string path) => Initialize("http://localhost/", "http://localhost/" + path + "?x=1");

        public int Reloads { get; private set; }

        public void Move(string path) => Uri = "http://localhost/" + path;

        public override void Refresh(bool forceReload = false) => Reloads += forceReload ? 1 : 0;
    }
}
