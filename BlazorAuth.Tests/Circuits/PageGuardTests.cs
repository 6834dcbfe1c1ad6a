using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Endpoints;
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
    [InlineData("byrequest", "signed out", true)]
    [InlineData("byscheme", "demoted", false)]
    [InlineData("bytable", "demoted", true)]
    [InlineData("bytable", "signed out", false)]
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

    // The router, or the app, says so there; and what goes on elsewhere is not the page's.
    [Theory]
    [InlineData(null)]
    [InlineData("reader")]
    public async Task WhoWasNeverAllowedThereIsKeptFromNothingAndNeverSentInCircles(string? role)
    {
        await using var page = await GuardedPage.OpenAsync("admins", role);

        await page.Guard.LookAsync();

        Assert.True(await page.Guard.MayActAsync());
        page.Navigation.Move("public");
        Assert.True(await page.Guard.MayActAsync());
        Assert.Equal(0, page.Navigation.Reloads);
    }

    // They are writing on another page by now.
    [Fact]
    public async Task APageThatTheyLeftHasNoSay()
    {
        await using var page = await GuardedPage.OpenAsync("admins");
        await page.Guard.LookAsync();
        page.Navigation.Move("members");
        Assert.True(await page.Guard.MayActAsync());

        await page.DoAsync("demoted");
        await page.Guard.LookAsync();

        Assert.Equal((true, 0), (await page.Guard.MayActAsync(), page.Navigation.Reloads));
    }

    // The app's own table says no by now, whoever is asked about.
    [Fact]
    public async Task AYesIsKeptAndNotAskedForAgain()
    {
        await using var page = await GuardedPage.OpenAsync("bytable");
        await page.Guard.LookAsync();
        page.Table.Clear();

        await page.DoAsync("signed out");

        Assert.False(await page.Guard.MayActAsync());
    }

    // What the page draws when its session ends is acknowledged at once, and nobody has pressed anything.
    [Fact]
    public async Task AnEndedSessionReloadsNothingByItself()
    {
        await using var page = await GuardedPage.OpenAsync("members");
        await page.Guard.LookAsync();
        await page.DoAsync("signed out");

        Assert.False(await page.Guard.MayActAsync());
        page.Guard.Leave();

        Assert.Equal(0, page.Navigation.Reloads);
    }

    // The address has another query, and the app's table is not asked again in the middle of it.
    [Fact]
    public async Task TheSamePageIsJudgedOnce()
    {
        await using var page = await GuardedPage.OpenAsync("bytable");
        await page.Guard.LookAsync();
        page.Table.Clear();

        page.Navigation.Move("bytable?page=2");

        Assert.True(await page.Guard.MayActAsync());
    }

    // A router that is live asks only what is written on the page.
    [Fact]
    public async Task WhatOnlyTheEndpointAsksIsNotLeftToTheRouter()
    {
        await using var page = await GuardedPage.OpenAsync("stricter");
        page.State.Covers = 1;
        await page.Guard.LookAsync();

        await page.DoAsync("demoted");

        Assert.False(await page.Guard.MayActAsync());
    }

    // SessionOverlay in a live layout: what the person typed on a page that they may see stays, though they were on another one before.
    [Theory]
    [InlineData("demoted")]
    [InlineData("signed out")]
    public async Task ARouterThatIsLiveShowsItsOwnPagesAnewByItself(string what)
    {
        await using var page = await GuardedPage.OpenAsync("ofrouter");
        page.State.Covers = 1;
        Assert.True(await page.Guard.MayActAsync());

        await page.DoAsync(what);
        await page.Guard.LookAsync();

        Assert.Equal((true, 0), (await page.Guard.MayActAsync(), page.Navigation.Reloads));
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

        await page.Guard.LookAsync();

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
        private GuardedPage(AuthApp app, SessionStateProvider state, TestNavigation navigation, HashSet<string> table)
        {
            (App, State, Navigation, Table) = (app, state, navigation, table);
            Guard = new PageGuard(
                state, navigation, app.Services.GetRequiredService<PageEndpoints>(), app.Services.GetRequiredService<IServiceScopeFactory>(),
                app.Services.GetRequiredService<ILogger<PageGuard>>());
        }

        public AuthApp App { get; }

        public SessionStateProvider State { get; }

        public TestNavigation Navigation { get; }

        public PageGuard Guard { get; }

        /// <summary>Who may, as the app's own table says.</summary>
        public HashSet<string> Table { get; }

        public static async Task<GuardedPage> OpenAsync(string path, string? role = "admin", bool requiresEverywhere = false)
        {
            HashSet<string> table = ["ada"];
            var app = await AuthApp.StartAsync(setup =>
            {
                setup.Services = services =>
                {
                    var authorization = services.AddAuthorizationBuilder()
                        .AddPolicy("table", policy => policy.RequireAssertion(context => context.User.FindFirst("sub") is { } id && table.Contains(id.Value)))
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
                    app.MapGet("/stricter", () => "").WithMetadata(new ComponentTypeMetadata(typeof(MembersOnly)), new AuthorizeAttribute()).RequireAuthorization(policy => policy.RequireRole("admin"));
                    app.MapGet("/bytable", () => "").RequireAuthorization("table");
                    app.MapGet("/public", () => "");
                    app.MapGet("/ofrouter", () => "").WithMetadata(new ComponentTypeMetadata(typeof(AdminsOnly)), new AuthorizeAttribute { Roles = "admin" });
                    app.Map(RoutePatternFactory.Parse("/views/{controller=Home}/{id?}", null, null, new { controller = "Admin" }), () => "").RequireAuthorization(policy => policy.RequireRole("admin"));
                    app.Map(RoutePatternFactory.Parse("/views/{controller=Home}/{id?}", null, null, new { controller = "Home" }), () => "");
                    app.MapGet("/open", () => "").RequireAuthorization().AllowAnonymous();
                };
            });
            var ticket = role is null ? null : await app.BeginSessionAsync("ada", "s1", new JsonObject { [AuthClaims.Roles] = new JsonArray(role) });
            var state = new SessionStateProvider(app.Services.GetRequiredService<CircuitSessions>());
            state.SetAuthenticationState(TestTicket.State(ticket, app.Clock.GetUtcNow()));
            await state.OpenAsync();
            return new GuardedPage(app, state, new TestNavigation(path), table);
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

    [Authorize(Roles = "admin")]
    private sealed class AdminsOnly : ComponentBase;

    [Authorize]
    private sealed class MembersOnly : ComponentBase;

    private sealed class TestNavigation : NavigationManager
    {
        public TestNavigation(string path) => Initialize("http://localhost/", "http://localhost/" + path + "?x=1");

        public int Reloads { get; private set; }

        public void Move(string path) => Uri = "http://localhost/" + path;

        public override void Refresh(bool forceReload = false) => Reloads += forceReload ? 1 : 0;
    }
}
