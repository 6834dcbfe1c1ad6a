using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;

namespace BlazorAuth.Tests.Identity;

/// <summary>An app with Identity that allows one session for each user: its page, or an event of a handler, ends the others while somebody signs in.</summary>
public sealed class IdentityOwnDecisionTests
{
    [Theory]
    [InlineData("none")]
    [InlineData("stamp")]
    [InlineData("sessions")]
    public async Task WhoSignsInWithAProviderWhereAPageEndsTheUsersOtherSessionsIsSignedIn(string ends)
    {
        await using var app = await StartAsync();
        await app.CreateLinkedAsync();
        using var browser = app.App.CreateBrowser();
        var asked = (await browser.OpenAsync("/external?provider=Work")).Location!;
        app.App.Clock.Advance(TimeSpan.FromSeconds(20));
        await browser.ArriveAsync(app.Provider.Answer(asked));
        Assert.Equal("Succeeded", (await browser.PostAsync("/only/external/sign-in?ends=" + ends)).Text);
        Assert.Equal("ada@example.com", await browser.NameAsync());
    }

    // The app ends them in an event of the handler, before BlazorAuth's gate, in a flow of BlazorAuth's own.
    [Theory]
    [InlineData("none")]
    [InlineData("sessions")]
    public async Task SoIsWhoComesWhereAnEventOfTheHandlerEndsThem(string ends)
    {
        await using var app = await StartAsync(more: setup => setup.Services += services => services.Configure<OpenIdConnectOptions>("Work", options =>
            options.Events.OnTicketReceived = async context =>
            {
                var users = context.HttpContext.RequestServices.GetRequiredService<UserManager<IdentityUser>>();
                await EndAsync(ends, users, (await users.FindByLoginAsync("Work", "42"))!, context.HttpContext.RequestServices.GetRequiredService<SessionManager>());
            }));
        await app.CreateLinkedAsync();
        using var browser = app.App.CreateBrowser();
        var asked = (await browser.StartSignInAsync("work")).Location!;
        app.App.Clock.Advance(TimeSpan.FromSeconds(20));
        await browser.ArriveAsync(app.Provider.Answer(asked));
        Assert.Equal("ada@example.com", await browser.NameAsync());
    }

    // The line of docs/identity.md for an app with one session for each user.
    [Fact]
    public async Task WhereTheAppEndsTheOthersOnceSomebodyIsSignedInOnlyTheNewSessionIsLeft()
    {
        await using var app = await StartAsync(more: setup => setup.Options += options => options.Events.OnSignedIn = async context =>
            await context.Services.GetRequiredService<SessionManager>().RevokeOthersAsync(context.Session.User.Id, context.Session.Id));
        await app.CreateLinkedAsync();
        using var first = app.App.CreateBrowser();
        using var second = app.App.CreateBrowser();
        foreach (var browser in (Browser[])[first, second])
        {
            await app.ArriveAsync(browser);
            await browser.PostAsync("/external/sign-in");
            Assert.Equal("ada@example.com", await browser.NameAsync());
        }

        Assert.Equal("null", await first.SessionAsync());
    }

    [Theory]
    [InlineData("none")]
    [InlineData("stamp")]
    [InlineData("sessions")]
    public async Task SoIsWhoShowsASecondFactor(string ends)
    {
        await using var app = await StartAsync();
        var ada = await app.CreateLinkedAsync();
        var code = await app.UseSecondFactorAsync(ada);
        using var browser = app.App.CreateBrowser();
        Assert.Equal("RequiresTwoFactor", (await browser.PostAsync($"/login?name={ada.UserName}&remember=false")).Text);
        app.App.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("Succeeded", (await browser.PostAsync($"/only/second?ends={ends}&code={code}")).Text);
        Assert.Equal("ada@example.com", await browser.NameAsync());
    }

    private static Task<IdentityApp> StartAsync(Action<AuthAppSetup>? more = null)
    {
        return IdentityApp.StartAsync(setup =>
        {
            more?.Invoke(setup);
            setup.Map += Map;
        });

        static void Map(WebApplication host)
        {
            host.MapPost("/only/external/sign-in", async (string? ends, SignInManager<IdentityUser> signIns, SessionManager sessions) =>
            {
                if (await signIns.GetExternalLoginInfoAsync() is not { } info)
                {
                    return "no answer";
                }

                if (await signIns.UserManager.FindByLoginAsync(info.LoginProvider, info.ProviderKey) is { } user)
                {
                    await EndAsync(ends, signIns.UserManager, user, sessions);
                }

                return (await signIns.ExternalLoginSignInAsync(info.LoginProvider, info.ProviderKey, isPersistent: false, bypassTwoFactor: false)).ToString();
            });
            host.MapPost("/only/second", async (string? ends, string code, SignInManager<IdentityUser> signIns, SessionManager sessions) =>
            {
                if (await signIns.GetTwoFactorAuthenticationUserAsync() is { } user)
                {
                    await EndAsync(ends, signIns.UserManager, user, sessions);
                }

                return (await signIns.TwoFactorRecoveryCodeSignInAsync(code)).ToString();
            });
        }
    }

    private static Task EndAsync(string? ends, UserManager<IdentityUser> users, IdentityUser user, SessionManager sessions) => ends switch
    {
        "stamp" => users.UpdateSecurityStampAsync(user),
        "sessions" => sessions.RevokeUserAsync(user.Id, RevocationReason.SignedOut),
        _ => Task.CompletedTask,
    };
}
