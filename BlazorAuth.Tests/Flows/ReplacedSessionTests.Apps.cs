using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Flows;

/// <summary>What an app does by itself, and what it is told.</summary>
public sealed partial class ReplacedSessionTests
{
    // Apps sign people in again by themselves to put changed claims into the cookie.
    [Theory]
    [InlineData("twice")]
    [InlineData("after the owner")]
    [InlineData("out and in")]
    public async Task WhomTheAppSignsInAgainIsNoFresher(string how)
    {
        await using var app = await StartAsync(setup => setup.Map = host =>
        {
            host.MapGet("/danger", () => "done").RequireFresh(Within);
            host.MapPost("/refresh", async (HttpContext http, bool? signOut) =>
            {
                var person = http.User;
                if (signOut == true)
                {
                    await http.SignOutAsync();
                }

                await http.SignInAsync(person);
            }).RequireAuthorization();
        });
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        app.Clock.Advance(TimeSpan.FromHours(2));
        using var first = Copy(app, ada);
        using var second = Copy(app, ada);
        if (how == "after the owner")
        {
            await SignInAgainAsync(ada);
        }
        else if (how == "twice")
        {
            await first.PostAsync("/refresh");
        }

        await second.PostAsync(how == "out and in" ? "/refresh?signOut=true" : "/refresh");

        Assert.StartsWith("/api/auth/signin", (await second.OpenAsync("/danger")).Address.AbsolutePath, StringComparison.Ordinal);
        Assert.Equal("Ada Lovelace", await second.NameAsync());
    }

    [Fact]
    public async Task TheAppIsToldOfBothSessionsAndOfNoRevocation()
    {
        var told = new List<string>();
        await using var app = await StartAsync(setup => setup.Options = options =>
        {
            options.Events.OnSessionReplaced = context => Tell($"{context.OldSessionId} {context.Session.Id} {context.UserId}");
            options.Events.OnSessionRevoked = context => Tell("revoked");
            options.Events.OnSignedIn = context => Tell("in " + context.Session.Id);
        });
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        var old = await RowAsync(app, ada);
        await SignInAgainAsync(ada);
        var session = await RowAsync(app, ada);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await ada.SessionAsync();

        Assert.Equal(["in " + old.Id, $"{old.Id} {session.Id} {old.UserId}", "in " + session.Id], told);
        Assert.Contains(app.Logs.Own, line => line.Event.Name == "SessionReplaced" && line.Text.Contains(session.Id, StringComparison.Ordinal));
        Assert.DoesNotContain("Signed out", (await ada.OpenAsync("/api/auth/account")).Document.QuerySelector("main")!.TextContent, StringComparison.Ordinal);

        ValueTask Tell(string what)
        {
            told.Add(what);
            return ValueTask.CompletedTask;
        }
    }

    [Fact]
    public async Task AnAppThatSignsAPersonInByItselfReplacesTheirSessionToo()
    {
        await using var app = await StartAsync(setup =>
        {
            var map = setup.Map!;
            setup.Map = host =>
            {
                map(host);
                host.MapGet("/enter", (HttpContext http) => http.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity([new("sub", "7"), new("name", "Seven")], "own"))));
            };
        });
        using var browser = app.CreateBrowser();
        await browser.OpenAsync("/enter");
        using var copy = Copy(app, browser);
        await browser.OpenAsync("/enter");

        Assert.Single(await app.Sessions.ListAsync("7", Token));
        app.Clock.Advance(Grace);
        Assert.Equal("null", await copy.SessionAsync());
        Assert.Equal("Seven", await browser.NameAsync());
    }
}
