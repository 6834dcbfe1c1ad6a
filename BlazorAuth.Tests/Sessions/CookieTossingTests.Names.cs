using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Sessions;

/// <content>Which name the session cookie has, and which one is believed.</content>
public sealed partial class CookieTossingTests
{
    // Over https nobody but the host sets __Host-: there the first of that name is the only one, and no other name is read.
    [Fact]
    public async Task OverHttpsOnlyTheGuardedNameIsRead()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Address = new Uri("https://app.example"));
        var ticket = await app.BeginSessionAsync("ada");
        string Token(string name) => new SessionToken(new SessionKeyRing([AuthApp.Secret])).Write(ticket.ToToken(), name, ticket.IssuedAt, ticket.ExpiresAt);
        foreach (var name in (string[])["__Secure-authjs.session-token", "authjs.session-token", "next-auth.session-token", "__Secure-next-auth.session-token"])
        {
            Assert.Equal("null", (await AskAsync(app, $"{name}={Token(name)}")).Text);
        }

        // Browsers let anybody set a name that begins with another white space, which some servers trim.
        foreach (var space in "\u000b\u000c\u0085\u00a0\u2000\u3000\ufeff")
        {
            Assert.Equal("null", (await AskAsync(app, $"{space}__Host-authjs.session-token={Token("__Host-authjs.session-token")}")).Text);
        }

        Assert.NotEqual("null", (await AskAsync(app, $"__Secure-authjs.session-token=x; __Host-authjs.session-token={Token("__Host-authjs.session-token")}")).Text);
    }

    [Fact]
    public async Task SharedWithAuthJsItsOwnNameIsReadAndNoOther()
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Address = new Uri("https://app.example");
            setup.Settings["AUTH_SHARE_WITH_AUTHJS"] = "true";
        });
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        Assert.NotNull(browser.Cookies["__Secure-authjs.session-token"]);
        Assert.Null(browser.Cookies["__Host-authjs.session-token"]);
        Assert.Contains("ada@example.com", await browser.SessionAsync(), StringComparison.Ordinal);

        var own = browser.Cookies["__Secure-authjs.session-token"];
        Assert.Contains("ada@example.com", (await AskAsync(app, $"__Secure-authjs.session-token=garbage; __Secure-authjs.session-token={own}")).Text, StringComparison.Ordinal);
    }

    // The app had the other name before, and may have it again: on a shared computer its cookie would count then.
    [Theory]
    [InlineData("sign in")]
    [InlineData("sign out")]
    public async Task WhatItWasCalledBeforeGoes(string what)
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Address = new Uri("https://app.example");
            setup.Settings["AUTH_SHARE_WITH_AUTHJS"] = "true";
        });
        using var browser = app.CreateBrowser();
        if (what == "sign out")
        {
            await browser.SignInAsync("google");
        }

        browser.Cookies["__Host-authjs.session-token.0"] = "half of a former session";
        browser.Cookies["__Host-authjs.session-token.1"] = "and the other half";
        await (what == "sign out" ? browser.PressAsync(await browser.OpenAsync("/api/auth/signout")) : browser.SignInAsync("google"));

        Assert.DoesNotContain("__Host-authjs.session-token", browser.Cookies.Header(app.Address, isCrossSitePost: false), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "__Host-authjs.session-token", "cookies.sessionToken.name")]
    [InlineData("AUTH_SHARE_WITH_AUTHJS", "1", "__Secure-authjs.session-token", "the default name of Auth.js")]
    public async Task TheLogSaysAtStartWhichNameAuthJsHasToUse(string? setting, string? value, string name, string remedy)
    {
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.Settings["AUTH_URL"] = "https://app.example";
            setup.Options = options => options.Session.AcceptAuthJsTokens = true;
            if (setting is not null)
            {
                setup.Settings[setting] = value;
            }
        });
        var line = Assert.Single(app.Logs.Own, line => line.Event.Name == "AuthJsCookieName");
        Assert.Contains(name, line.Text, StringComparison.Ordinal);
        Assert.Contains(remedy, line.Text, StringComparison.Ordinal);
    }
}
