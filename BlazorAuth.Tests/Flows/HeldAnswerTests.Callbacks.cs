using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Flows;

/// <content>What the app itself ends while somebody signs in, and who comes afterwards.</content>
public sealed partial class HeldAnswerTests
{
    // An app may allow one session for each user, or tell the other sessions what a sign-in has read.
    [Theory]
    [InlineData("google")]
    [InlineData("password")]
    public async Task WhatItsOwnCallbacksDecideDoesNotMeanTheSignIn(string way)
    {
        var asked = 0;
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Options = options =>
            {
                options.Callbacks.OnSignIn = async context =>
                {
                    ((TestClock)context.Services.GetRequiredService<TimeProvider>()).Advance(TimeSpan.FromMilliseconds(1));
                    await context.Services.GetRequiredService<SessionManager>().RevokeUserAsync(context.User.Id, context.CancellationToken);
                    return SignInDecision.Allow;
                };
                options.Callbacks.OnToken = async context =>
                {
                    if (context.Trigger == TokenTrigger.SignIn)
                    {
                        asked++;
                        ((TestClock)context.Services.GetRequiredService<TimeProvider>()).Advance(TimeSpan.FromMilliseconds(1));
                        await context.Services.GetRequiredService<SessionManager>().UpdateUserClaimsAsync(context.User!.Id, claims => claims["plan"] = "pro", context.CancellationToken);
                    }

                    return true;
                };
            };
            setup.Providers = builder => builder.AddGoogle()
                .AddCredentials("password", _ => ValueTask.FromResult(CredentialsResult.Accept(new SessionUser { Id = "user-7", Name = "Ada" })));
        });
        using var first = app.CreateBrowser();
        using var second = app.CreateBrowser();
        await SignInAsync(first, way);
        await SignInAsync(second, way);
        Assert.Equal("null", await first.SessionAsync());
        Assert.NotEqual("null", await second.SessionAsync());
        Assert.Equal(2, asked);
    }

    // What its own callbacks decide hides nothing of what somebody else has decided.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnAnswerThatWasKeptSignsNobodyInWhereAnAppAllowsOneSessionOnly(bool allowsOneOnly)
    {
        var fake = new FakeProvider { ChangeIdToken = claims => claims["exp"] = DateTimeOffset.MaxValue.ToUnixTimeSeconds() / 100 };
        await using var app = await fake.StartAppAsync(setup => setup.Options = options => options.Callbacks.OnSignIn = async context =>
        {
            if (allowsOneOnly)
            {
                await context.Services.GetRequiredService<SessionManager>().RevokeUserAsync(context.User.Id, context.CancellationToken);
            }

            return SignInDecision.Allow;
        });
        using var thief = app.CreateBrowser();
        using var owner = app.CreateBrowser();
        var asked = (await thief.StartSignInAsync("google")).Location!;
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await owner.SignInAsync(fake, "google");
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await owner.PostAsync("/api/auth/signout", [new("where", "everywhere"), new("page", "1")]);
        Assert.Equal("null", await owner.SessionAsync());
        app.Clock.Advance(TimeSpan.FromMinutes(8));

        await thief.ArriveAsync(fake.Answer(asked));

        Assert.Equal("null", await thief.SessionAsync());
    }

    // A page to change the password: everybody else is signed out, and the one who changed it goes on.
    [Fact]
    public async Task AnAppMayEndAllSessionsAndSignItsPersonInAtOnce()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Map = host => host.MapPost("/new-password", async (HttpContext http, SessionManager sessions, TimeProvider clock) =>
        {
            var user = (await http.GetSessionAsync())!.User;
            ((TestClock)clock).Advance(TimeSpan.FromMilliseconds(1));
            await sessions.RevokeUserAsync(user.Id, RevocationReason.SignedOut);
            await http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([new("sub", user.Id), new("name", "Ada again")], "password")));
        }));
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        await browser.PostAsync("/new-password");
        Assert.Equal("Ada again", await browser.NameAsync());
    }

    [Fact]
    public async Task WhoeverBeginsAfterASignOutEverywhereComesInAlsoAroundMidnight()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var id = (string)(await browser.FetchAsync(HttpMethod.Get, "/api/private")).Json!["id"]!;
        foreach (var step in new[] { TimeSpan.Zero, TimeSpan.FromMilliseconds(1), UntilMidnight(app) - TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(1), TimeSpan.FromDays(3) })
        {
            app.Clock.Advance(step);
            await app.Sessions.RevokeUserAsync(id, Token);
            using var next = app.CreateBrowser();
            await next.SignInAsync("google");
            Assert.NotEqual("null", await next.SessionAsync());
        }
    }

    // However often somebody presses the button.
    [Fact]
    public async Task TheStoreKeepsOneRowForADay()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Clock = new TestClock(new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero)));
        for (var i = 0; i < 10; i++)
        {
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            await app.Sessions.RevokeUserAsync("somebody", Token);
            await app.Sessions.UpdateUserClaimsAsync("somebody", claims => claims["plan"] = "pro", Token);
        }

        var rows = (await app.Services.GetRequiredService<ISessionStore>().ScanAsync(null, 1000, Token)).Sessions;
        Assert.Equal(2, rows.Count);
        app.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(2, await app.Services.GetRequiredService<ISessionStore>().RemoveExpiredAsync(app.Clock.GetUtcNow(), Token));
    }

    private static TimeSpan UntilMidnight(AuthApp app) => app.Clock.GetUtcNow().UtcDateTime.Date.AddDays(1) - app.Clock.GetUtcNow().UtcDateTime;
}
