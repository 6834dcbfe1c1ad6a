using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace BlazorAuth.Tests.Flows;

/// <summary>
/// Whoever is signed in and signs in once more, or confirms that it is them, gets a session of its own: a copy of the cookie from before gains nothing by it.
/// </summary>
public sealed partial class ReplacedSessionTests
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ACopyOfTheOldCookieIsNoFresherAndEndsAMomentLater(bool isConfirmation)
    {
        await using var app = await StartAsync();
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        app.Clock.Advance(Within);
        using var thief = Copy(app, ada);
        var old = ada.Cookies[AuthApp.SessionCookie];

        await SignInAgainAsync(ada, isConfirmation);

        Assert.NotEqual(old, ada.Cookies[AuthApp.SessionCookie]);
        Assert.Equal(isConfirmation ? "/danger" : "/api/auth/signin/google", (await ada.OpenAsync("/danger")).Address.AbsolutePath);
        Assert.Equal("/api/auth/signin/google", (await thief.OpenAsync("/danger")).Address.AbsolutePath);
        Assert.Equal("Ada Lovelace", await thief.NameAsync());
        app.Clock.Advance(Grace);
        Assert.Equal("null", await thief.SessionAsync());
        Assert.Equal("Ada Lovelace", await ada.NameAsync());
        Assert.Single(await SessionsAsync(app, ada));
    }

    [Fact]
    public async Task ACopyOfTheOldCookieGetsNothingNew()
    {
        await using var app = await StartAsync();
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        using var thief = Copy(app, ada);
        // Due for another cookie.
        app.Clock.Advance(TimeSpan.FromDays(1));
        await SignInAgainAsync(ada);
        using var thiefsPage = app.CreateBrowser();
        await thiefsPage.StartSignInAsync("google");
        thiefsPage.Cookies[AuthApp.SessionCookie] = thief.Cookies[AuthApp.SessionCookie];
        var before = await RowAsync(app, thief);

        foreach (var answer in (Page[])
        [
            await thief.FetchAsync(HttpMethod.Get, "/api/auth/session"), await thief.OpenAsync("/page"),
            await thief.FetchFormAsync("/api/auth/session", []),
        ])
        {
            Assert.Contains("Ada Lovelace", answer.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(answer.SetCookies, cookie => cookie.StartsWith(AuthApp.SessionCookie, StringComparison.Ordinal));
        }

        Assert.Equal("null", (await thiefsPage.FetchAsync(HttpMethod.Post, "/api/auth/session/handover", JsonContent.Create(new { circuit = "circuit" }))).Text);
        Assert.Null(await app.Sessions.UpdateClaimsAsync(before.UserId, before.Id, claims => claims[AuthClaims.Roles] = "admin", Token));
        await app.Services.GetRequiredService<StoreOutbox>().FlushSeenAsync(Token);
        Assert.Equal(before, await RowAsync(app, thief));
        app.Clock.Advance(Grace);
        Assert.Equal("null", await thief.SessionAsync());
    }

    // A copy in another browser whose owner signs in there as the same person: a session of its own, and not the owner's.
    [Fact]
    public async Task WithoutTheBrowsersCookieItIsASessionOfItsOwn()
    {
        await using var app = await StartAsync();
        using var ada = app.CreateBrowser();
        await ada.SignInAsync("google");
        using var copy = Copy(app, ada);
        await SignInAgainAsync(ada);

        await copy.SignInAsync("google");

        Assert.NotEqual((await RowAsync(app, ada)).Id, (await RowAsync(app, copy)).Id);
        Assert.Equal(2, (await SessionsAsync(app, ada)).Count);
    }

    // Another site's POST brings no cookie of the session: the protected state says which one it was.
    [Theory]
    [InlineData("42", true)]
    [InlineData("43", false)]
    public async Task AnAnswerByFormPostReplacesTheSessionInWhichItBegan(string person, bool isSame)
    {
        var fake = new FakeProvider();
        await using var app = await AuthApp.StartAsync(setup =>
        {
            setup.StandIns = false;
            setup.Address = new Uri("https://app.example");
            setup.Providers = builder => builder.AddOpenIdConnect("work", "Work", options =>
            {
                fake.UseFor(options);
                options.ResponseMode = OpenIdConnectResponseMode.FormPost;
            });
        });
        using var browser = app.CreateBrowser();
        await PostAnswerAsync(fake, browser);
        var old = Id(app, browser);
        (fake.User["sub"], fake.User["email"]) = (person, $"{person}@example.com");

        await PostAnswerAsync(fake, browser);

        var row = (await app.Store.FindAsync(old, Token))!;
        Assert.Equal((isSame ? Id(app, browser) : null, RevocationReason.Replaced), (row.ReplacedBy, row.RevokedFor!.Value));
        Assert.DoesNotContain(await app.Sessions.ListAsync(row.UserId, Token), session => session.Id == old);
        Assert.Equal(isSame, row.RevokedAt > app.Clock.GetUtcNow());
    }

    private static async Task PostAnswerAsync(FakeProvider fake, Browser browser)
    {
        var posted = await browser.PostAnswerAsync(fake.Answer((await browser.StartSignInAsync("work")).Location!));
        Assert.Equal((HttpStatusCode.Found, "/page"), (posted.Status, posted.Location!.AbsolutePath));
    }

    private static async Task SignInAgainAsync(Browser browser, bool isConfirmation = false)
    {
        var done = isConfirmation
            ? await browser.ChooseAsync(await browser.PressAsync(await browser.OpenAsync("/danger")))
            : await browser.SignInAsync("google");
        Assert.Equal(isConfirmation ? "done" : "Ada Lovelace", done.Text);
    }

    /// <summary>Somebody who has copied the session's cookie, and no other.</summary>
    private static Browser Copy(AuthApp app, Browser from)
    {
        var copy = app.CreateBrowser();
        copy.Cookies[AuthApp.SessionCookie] = from.Cookies[AuthApp.SessionCookie];
        return copy;
    }

    private static string Id(AuthApp app, Browser browser, string cookie = "__Host-authjs.session-token") =>
        (string)JsonClaims(browser.Cookies[cookie]!, cookie, app)[AuthClaims.SessionId]!;

    private static async Task<SessionRecord> RowAsync(AuthApp app, Browser browser) =>
        (await app.Store.FindAsync(Id(app, browser, AuthApp.SessionCookie), Token))!;

    private static System.Text.Json.Nodes.JsonObject JsonClaims(string token, string cookie, AuthApp app) =>
        System.Text.Json.Nodes.JsonObject.Create(new SessionToken(new SessionKeyRing([AuthApp.Secret])).Read(token, cookie, app.Clock.GetUtcNow()).Claims)!;

    private static async Task<IReadOnlyList<Session>> SessionsAsync(AuthApp app, Browser browser) =>
        await app.Sessions.ListAsync((await RowAsync(app, browser)).UserId, Token);

    private static Task<AuthApp> StartAsync(Action<AuthAppSetup>? configure = null) => AuthApp.StartAsync(setup =>
    {
        setup.Map = app => app.MapGet("/danger", () => "done").RequireFresh(Within);
        configure?.Invoke(setup);
    });
}
