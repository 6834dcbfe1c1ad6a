using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;

namespace BlazorAuth.Tests.Identity;

/// <summary>An app that ends a user's other sessions as soon as the first factor is right. The second comes in another request.</summary>
public sealed class IdentityFirstFactorTests
{
    [Theory]
    [InlineData("password", "none")]
    [InlineData("password", "sessions")]
    [InlineData("page", "none")]
    [InlineData("page", "sessions")]
    [InlineData("page", "stamp")]
    [InlineData("event", "none")]
    [InlineData("event", "sessions")]
    [InlineData("callback", "none")]
    [InlineData("callback", "sessions")]
    public async Task WhatTheRequestOfTheFirstFactorDecidesKeepsItsPersonOutOnlyIfSomebodyElseDecidesItToo(string where, string ends)
    {
        await using var app = await IdentityApp.StartAsync(setup => End(setup, where, ends));
        var ada = await app.CreateLinkedAsync();
        var code = await app.UseSecondFactorAsync(ada);
        using var browser = app.App.CreateBrowser();
        await ShowFirstFactorAsync(app, browser, where, ends);
        app.App.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("Succeeded", (await browser.PostAsync("/second?code=" + code)).Text);
        Assert.Equal("ada@example.com", await browser.NameAsync());

        using var late = app.App.CreateBrowser();
        code = await app.UseSecondFactorAsync(ada);
        await ShowFirstFactorAsync(app, late, where, ends);
        app.App.Clock.Advance(TimeSpan.FromSeconds(20));
        await app.App.Sessions.RevokeUserAsync(ada.Id, RevocationReason.SignedOut, TestContext.Current.CancellationToken);
        app.App.Clock.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal("Succeeded", (await late.PostAsync("/second?code=" + code)).Text);
        Assert.Equal("null", await late.SessionAsync());
    }

    private static void End(AuthAppSetup setup, string where, string ends)
    {
        setup.Map += Map;
        if (where == "event")
        {
            setup.Services += services => services.Configure<OpenIdConnectOptions>("Work", options => options.Events.OnTicketReceived = context =>
                IdentityApp.EndAsync(context.HttpContext.RequestServices, ends));
        }

        if (where == "callback")
        {
            setup.Options += options => options.Callbacks.OnSignIn = async context =>
            {
                await IdentityApp.EndAsync(context.Services, ends);
                return SignInDecision.Allow;
            };
        }
    }

    private static async Task ShowFirstFactorAsync(IdentityApp app, Browser browser, string where, string ends)
    {
        if (where == "password")
        {
            Assert.Equal("RequiresTwoFactor", (await browser.PostAsync("/ending/password?ends=" + ends)).Text);
            return;
        }

        var asked = where == "page" ? (await browser.OpenAsync("/external?provider=Work")).Location! : (await browser.StartSignInAsync("work")).Location!;
        app.App.Clock.Advance(TimeSpan.FromSeconds(20));
        await browser.ArriveAsync(app.Provider.Answer(asked));
        if (where == "page")
        {
            Assert.Equal("RequiresTwoFactor", (await browser.PostAsync("/ending/page?ends=" + ends)).Text);
        }
    }

    private static void Map(WebApplication host)
    {
        host.MapPost("/ending/password", async (string ends, IServiceProvider services, SignInManager<IdentityUser> signIns) =>
        {
            await IdentityApp.EndAsync(services, ends);
            return (await signIns.PasswordSignInAsync("ada@example.com", IdentityApp.Password, isPersistent: false, lockoutOnFailure: true)).ToString();
        });
        host.MapPost("/ending/page", async (string ends, IServiceProvider services, SignInManager<IdentityUser> signIns) =>
        {
            var info = (await signIns.GetExternalLoginInfoAsync())!;
            await IdentityApp.EndAsync(services, ends);
            return (await signIns.ExternalLoginSignInAsync(info.LoginProvider, info.ProviderKey, isPersistent: false, bypassTwoFactor: false)).ToString();
        });
    }
}
