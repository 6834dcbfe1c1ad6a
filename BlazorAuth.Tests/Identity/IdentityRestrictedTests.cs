using BlazorAuth.Tests.Stores;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;

namespace BlazorAuth.Tests.Identity;

/// <summary>What the app has written into a session, perhaps to restrict it, outlives Identity's own pages: they make a principal of what Identity knows.</summary>
public sealed class IdentityRestrictedTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // RefreshSignInAsync; SignInAsync(user) for whoever is signed in; a change that gives the session another stamp, without and with a refresh; the check of each interval.
    [Theory]
    [InlineData("/refresh")]
    [InlineData("/again")]
    [InlineData("/password")]
    [InlineData("/phone-number")]
    [InlineData("")]
    public async Task AClaimThatCodeWroteOutlivesARefresh(string page)
    {
        await using var app = await StartAsync();
        var ada = await app.CreateLinkedAsync();
        foreach (var way in (string[])["password", "work"])
        {
            using var browser = await (way == "password" ? app.SignInAsync(ada) : app.ComeAsync(way));
            await app.App.Sessions.UpdateUserClaimsAsync(ada.Id, claims => claims["frozen"] = true, Token);

            await VisitAsync(app, browser, page);

            Assert.Contains("frozen", (await browser.GetAsync("/claims")).Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/refresh", TokenTrigger.SignIn)]
    [InlineData("/again", TokenTrigger.SignIn)]
    [InlineData("/refresh", TokenTrigger.Update)]
    [InlineData("", TokenTrigger.SignIn)]
    public async Task AClaimOfTheTokenCallbackOutlivesARefresh(string page, TokenTrigger trigger)
    {
        await using var app = await StartAsync(setup => setup.Options = auth => auth.Callbacks.OnToken = context =>
        {
            if (context.Trigger == trigger)
            {
                context.Claims["must_change_password"] = true;
            }

            return ValueTask.FromResult(true);
        });
        await app.CreateLinkedAsync();
        using var browser = await app.ComeAsync("work");
        await browser.FetchAsync(
            HttpMethod.Post, "/api/auth/session", System.Net.Http.Json.JsonContent.Create(new { csrfToken = await browser.CsrfTokenAsync(), data = new { } }));

        await VisitAsync(app, browser, page);

        Assert.Contains("must_change_password", (await browser.GetAsync("/claims")).Text, StringComparison.Ordinal);
    }

    // The refresh has read the session, and writes the next one after the app's code has changed it.
    [Theory]
    [InlineData("/refresh")]
    [InlineData("/again")]
    [InlineData("/as-i-am")]
    public async Task WhatIsDecidedMeanwhileCounts(string page)
    {
        HeldStore store = null!;
        await using var app = await StartAsync(setup => setup.Services += services => services.AddSingleton<ISessionStore>(store = new HeldStore(setup.Clock)));
        var ada = await app.CreateAsync("ada@example.com");
        using var browser = await app.SignInAsync(ada);
        await app.App.Sessions.UpdateUserClaimsAsync(ada.Id, claims => claims["may_pay"] = true, Token);
        await browser.SessionAsync();
        store.IsHeld = true;
        var visit = browser.PostAsync(page);
        await store.Reached.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);

        await app.App.Sessions.UpdateUserClaimsAsync(
            ada.Id,
            claims =>
            {
                claims.Remove("may_pay");
                claims["frozen"] = true;
            },
            Token);
        store.Held.SetResult();
        await visit;

        Assert.Equal("ada@example.com", await browser.NameAsync());
        var granted = (await browser.GetAsync("/claims")).Text;
        Assert.Contains("frozen", granted, StringComparison.Ordinal);
        Assert.DoesNotContain("may_pay", granted, StringComparison.Ordinal);
    }

    private static async Task VisitAsync(IdentityApp app, Browser browser, string page)
    {
        app.App.Clock.Advance(TimeSpan.FromMinutes(page.Length == 0 ? 31 : 1));
        if (page.Length > 0)
        {
            await browser.PostAsync(page);
        }

        Assert.NotEqual("null", await browser.SessionAsync());
    }

    private static Task<IdentityApp> StartAsync(Action<AuthAppSetup>? more = null) => IdentityApp.StartAsync(setup =>
    {
        setup.Map += host =>
        {
            host.MapPost("/again", async (HttpContext http, SignInManager<IdentityUser> signIns) =>
                await signIns.SignInAsync((await signIns.UserManager.GetUserAsync(http.User))!, isPersistent: false));
            host.MapPost("/as-i-am", (HttpContext http) => http.SignInAsync(IdentityConstants.ApplicationScheme, http.User));
            host.MapPost("/phone-number", async (HttpContext http, SignInManager<IdentityUser> signIns) =>
            {
                var user = (await signIns.UserManager.GetUserAsync(http.User))!;
                await signIns.UserManager.SetPhoneNumberAsync(user, "1");
                await signIns.RefreshSignInAsync(user);
            });
        };
        more?.Invoke(setup);
    });

    /// <summary>A store that writes no session in the place of another one until it may.</summary>
    private sealed class HeldStore(TimeProvider clock) : ForwardingStore(new MemorySessionStore(clock))
    {
        public bool IsHeld { get; set; }

        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Held { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async Task<SessionRecord?> ReplaceAsync(
            SessionRecord session, string replacedSessionId, TimeSpan grace, DateTimeOffset rememberUntil, CancellationToken cancellationToken = default)
        {
            if (IsHeld)
            {
                IsHeld = false;
                Reached.TrySetResult();
                await Held.Task;
            }

            return await base.ReplaceAsync(session, replacedSessionId, grace, rememberUntil, cancellationToken);
        }
    }
}
