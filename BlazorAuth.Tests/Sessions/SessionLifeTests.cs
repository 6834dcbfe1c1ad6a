using System.Globalization;
using System.Text.Json;
using BlazorAuth.Tests.Flows;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace BlazorAuth.Tests.Sessions;

/// <summary>How long a session lives, what ends it, and what it survives.</summary>
public sealed class SessionLifeTests
{
    private const string Cookie = "authjs.session-token";

    [Fact]
    public async Task ATokenIsRenewedOnceItIsADayOldAndNotBefore()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var start = Whole(app);
        Assert.Equal(start + TimeSpan.FromDays(30), await ExpiresAsync(browser));

        app.Clock.Advance(TimeSpan.FromHours(23));
        var before = browser.Cookies[Cookie];
        Assert.Equal(start + TimeSpan.FromDays(30), await ExpiresAsync(browser));
        Assert.Equal(before, browser.Cookies[Cookie]);

        app.Clock.Advance(TimeSpan.FromHours(2));
        Assert.Equal(Whole(app) + TimeSpan.FromDays(30), await ExpiresAsync(browser));
        Assert.NotEqual(before, browser.Cookies[Cookie]);
        Assert.Equal(Whole(app) + TimeSpan.FromDays(30), browser.Cookies.Find(Cookie)!.Expires);
    }

    [Fact]
    public async Task APageRenewsTooAndIsThenNotCached()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        app.Clock.Advance(TimeSpan.FromHours(25));
        var before = browser.Cookies[Cookie];

        // A script's request may cross with others: it only reads.
        await browser.FetchAsync(HttpMethod.Get, "/api/private");
        Assert.Equal(before, browser.Cookies[Cookie]);
        var page = await browser.OpenAsync("/page");
        Assert.NotEqual(before, browser.Cookies[Cookie]);
        Assert.True(page.Response.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task ARenewedCookieNeverLiesInASharedCache()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Map = map => map.MapGet("/public", (HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "public, max-age=3600";
            return "for all";
        }));
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        Assert.True((await browser.OpenAsync("/public")).Response.Headers.CacheControl!.Public);
        app.Clock.Advance(TimeSpan.FromHours(25));

        var renewed = await browser.OpenAsync("/public");
        Assert.Contains(renewed.SetCookies, cookie => cookie.StartsWith(Cookie, StringComparison.Ordinal));
        Assert.Equal((true, false), (renewed.Response.Headers.CacheControl!.NoStore, renewed.Response.Headers.CacheControl.Public));
    }

    [Fact]
    public async Task AnIdleSessionEndsAndAUsedOneEndsAtItsAbsoluteLifetime()
    {
        await using var app = await StartAsync();
        using var idle = app.CreateBrowser();
        using var used = app.CreateBrowser();
        await idle.SignInAsync("google");
        await used.SignInAsync("google");
        var kept = idle.Cookies[Cookie];
        var end = Whole(app) + TimeSpan.FromDays(90);
        for (var day = 0; day < 89; day++)
        {
            app.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1));
            if (day % 8 == 0)
            {
                Assert.True(await ExpiresAsync(used) <= end);
            }
        }

        idle.Cookies[Cookie] = kept;
        Assert.Equal("null", await idle.SessionAsync());
        Assert.Equal(end, await ExpiresAsync(used));
        var last = used.Cookies[Cookie];
        app.Clock.Advance(TimeSpan.FromDays(1));
        used.Cookies[Cookie] = last;
        Assert.Equal("null", await used.SessionAsync());
    }

    [Fact]
    public async Task ARenewalNeverBringsARevokedSessionBack()
    {
        await using var app = await StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var session = await CurrentAsync(app, browser);

        // Revoked behind this node's back: it learns of it at the latest when the token is due.
        var store = app.Services.GetRequiredService<ISessionStore>();
        await store.RevokeAsync(session.UserId, session.Id, new(RevocationReason.Revoked, session.ExpiresAt), TestContext.Current.CancellationToken);
        app.Clock.Advance(TimeSpan.FromHours(25));
        var copied = browser.Cookies[Cookie];
        Assert.Equal("null", await browser.SessionAsync());
        Assert.Null(browser.Cookies[Cookie]);
        browser.Cookies[Cookie] = copied;
        Assert.Equal("nobody", (await browser.OpenAsync("/page")).Text);
        var update = await browser.FetchAsync(HttpMethod.Post, "/api/auth/session", new StringContent("{}", new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")));
        Assert.Equal("null", update.Text);
    }

    [Fact]
    public async Task OneOtherOrAllSessionsOfAUserCanBeRevoked()
    {
        var told = new List<string>();
        await using var app = await StartAsync(options => options.Events.OnSessionRevoked = context =>
        {
            told.Add(context.SessionId);
            return ValueTask.CompletedTask;
        });
        Browser[] browsers = [app.CreateBrowser(), app.CreateBrowser(), app.CreateBrowser(), app.CreateBrowser()];
        var sessions = new List<SessionRecord>();
        for (var i = 0; i < browsers.Length; i++)
        {
            await browsers[i].SignInAsync("google", i == 3 ? "grace" : "ada");
            sessions.Add(await CurrentAsync(app, browsers[i]));
        }

        var (ada, cancel) = (sessions[0].UserId, TestContext.Current.CancellationToken);
        Assert.Equal(3, (await app.Sessions.ListAsync(ada, cancel)).Count);
        Assert.All(await app.Sessions.ListAsync(ada, cancel), session => Assert.Equal("Chrome on Linux", session.Device));

        Assert.Equal(RevokeResult.NotFound, await app.Sessions.RevokeAsync(ada, sessions[3].Id, cancel));
        Assert.Equal(RevokeResult.Revoked, await app.Sessions.RevokeAsync(ada, sessions[0].Id, cancel));
        Assert.Equal(RevokeResult.AlreadyRevoked, await app.Sessions.RevokeAsync(ada, sessions[0].Id, cancel));
        Assert.Equal("null", await browsers[0].SessionAsync());
        Assert.NotEqual("null", await browsers[1].SessionAsync());

        await browsers[0].SignInAsync("google");
        Assert.Equal(2, await app.Sessions.RevokeOthersAsync(ada, (await CurrentAsync(app, browsers[0])).Id, cancel));
        Assert.NotEqual("null", await browsers[0].SessionAsync());
        Assert.Equal("nobody", (await browsers[1].OpenAsync("/page")).Text);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await browsers[2].FetchAsync(HttpMethod.Get, "/api/private")).Status);

        Assert.Equal(1, await app.Sessions.RevokeUserAsync(ada, cancel));
        Assert.Equal("null", await browsers[0].SessionAsync());
        Assert.NotEqual("null", await browsers[3].SessionAsync());
        Assert.Equal(4, told.Count);
        Array.ForEach(browsers, browser => browser.Dispose());
    }

    [Fact]
    public async Task ARestartKeepsSessionsRevocationsAndSignInsUnderWay()
    {
        using var folder = new TempFolder();
        var fake = new FakeProvider();
        var jar = new CookieJar(TimeProvider.System, "localhost");
        Uri callback;
        string revoked;
        await using (var app = await fake.StartAppAsync(setup => setup.UseFile(folder)))
        {
            using var gone = app.CreateBrowser();
            await gone.SignInAsync(fake, "google");
            revoked = gone.Cookies[Cookie]!;
            await gone.PostAsync("/api/auth/signout");

            using var browser = app.CreateBrowser();
            await browser.SignInAsync(fake, "google");
            callback = fake.Answer((await browser.StartSignInAsync("google", "/page?after=restart")).Location!);
            browser.Cookies.CopyTo(jar);
        }

        await using (var app = await fake.StartAppAsync(setup => setup.UseFile(folder)))
        {
            using var browser = app.CreateBrowser();
            jar.CopyTo(browser.Cookies);
            Assert.Equal("Ada Lovelace", (await browser.OpenAsync("/page")).Text);
            var end = await browser.ArriveAsync(callback);
            Assert.Equal(("/page?after=restart", "Ada Lovelace"), (end.Address.PathAndQuery, end.Text));

            using var gone = app.CreateBrowser();
            gone.Cookies[Cookie] = revoked;
            Assert.Equal("null", await gone.SessionAsync());
        }
    }

    [Fact]
    public async Task ATokenOfAnotherAppWithAnotherSecretIsNone()
    {
        await using var app = await StartAsync();
        await using var other = await AuthApp.StartAsync(setup => setup.Settings["AUTH_SECRET"] = "another-secret-of-another-app-long-enough");
        using var browser = app.CreateBrowser();
        using var foreign = other.CreateBrowser();
        await foreign.SignInAsync("google");
        browser.Cookies[Cookie] = foreign.Cookies[Cookie];
        Assert.Equal("null", await browser.SessionAsync());
    }

    private static Task<AuthApp> StartAsync(Action<AuthOptions>? configure = null) => AuthApp.StartAsync(setup => setup.Options = options =>
    {
        // The clock moves by months here: fewer ticks.
        options.Session.ReconcileInterval = TimeSpan.FromDays(1);
        configure?.Invoke(options);
    });

    private static DateTimeOffset Whole(AuthApp app) => DateTimeOffset.FromUnixTimeSeconds(app.Clock.GetUtcNow().ToUnixTimeSeconds());

    private static async Task<DateTimeOffset> ExpiresAsync(Browser browser) => DateTimeOffset.Parse(
        JsonDocument.Parse(await browser.SessionAsync()).RootElement.GetProperty("expires").GetString()!, CultureInfo.InvariantCulture);

    private static async Task<SessionRecord> CurrentAsync(AuthApp app, Browser browser)
    {
        var reading = app.Services.GetRequiredService<SessionToken>().Read(browser.Cookies[Cookie]!, Cookie, app.Clock.GetUtcNow());
        var ticket = SessionTicket.FromToken(System.Text.Json.Nodes.JsonObject.Create(reading.Claims)!)!;
        return (await app.Services.GetRequiredService<ISessionStore>().FindAsync(ticket.Id, TestContext.Current.CancellationToken))!;
    }
}
