using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace BlazorAuth.Tests.Endpoints;

/// <summary><c>GET session</c>, and <c>POST session</c>: the client's <c>update(data)</c>.</summary>
public sealed partial class SessionEndpointTests
{
    // What a client sends is for the app's own callback: without one it says nothing about anybody.
    [Fact]
    public async Task WithoutACallbackAnUpdateChangesNothing()
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        async Task<(string Session, string Claims)> SeenAsync() => (
            System.Text.Json.Nodes.JsonNode.Parse(await browser.SessionAsync())!["user"]!.ToJsonString(),
            (await app.Sessions.FindTicketAsync(await browser.DeviceAsync(), TestContext.Current.CancellationToken))!.Claims.ToJsonString());
        var before = await SeenAsync();
        foreach (var data in (string[])
        [
            """{"name":"Eve","sub":"eve","email":"eve@example.com","roles":["admin"],"blazorauth.sid":"stolen","exp":99999999999,"auth_time":99999999999}""",
            """{"user":{"id":"eve","name":"Eve","role":"admin"},"expires":"2999-01-01T00:00:00Z"}""",
        ])
        {
            Assert.Equal(HttpStatusCode.OK, (await UpdateAsync(browser, $$"""{"data":{{data}}}""")).Status);
            Assert.Equal(before, await SeenAsync());
        }
    }

    [Fact]
    public async Task AnUpdateReachesTheTokenTheSessionAndTheNextRead()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options =>
        {
            options.Callbacks.OnToken = context =>
            {
                if (context.Trigger == TokenTrigger.Update && context.Data is { ValueKind: JsonValueKind.Object } data)
                {
                    context.Claims["theme"] = data.GetProperty("theme").GetString();
                    context.Claims["blazorauth.sid"] = "stolen";
                }

                return ValueTask.FromResult(true);
            };
            options.Callbacks.OnSession = context =>
            {
                context.Body["theme"] = context.Session.Claims.TryGetValue("theme", out var theme) ? theme.GetString() : null;
                return ValueTask.CompletedTask;
            };
        });
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var before = browser.Cookies["authjs.session-token"];
        var answer = await UpdateAsync(browser, "{\"data\":{\"theme\":\"dark\"}}");
        Assert.Contains("\"theme\":\"dark\"", answer.Text, StringComparison.Ordinal);
        Assert.True(answer.Response.Headers.CacheControl!.NoStore);
        Assert.NotEqual(before, browser.Cookies["authjs.session-token"]);
        Assert.Contains("\"theme\":\"dark\"", await browser.SessionAsync(), StringComparison.Ordinal);

        // A tab that still holds the older cookie sees the change, and gets the newer cookie.
        using var tab = app.CreateBrowser();
        tab.Cookies["authjs.session-token"] = before;
        Assert.Contains("\"theme\":\"dark\"", await tab.SessionAsync(), StringComparison.Ordinal);
        Assert.NotEqual(before, tab.Cookies["authjs.session-token"]);

        // No data, or data of another kind, changes nothing; with nobody signed in the answer is null.
        foreach (var body in (string[])["{}", "{\"data\":null}", "{\"data\":[1]}"])
        {
            Assert.Contains("\"theme\":\"dark\"", (await UpdateAsync(browser, body)).Text, StringComparison.Ordinal);
        }

        using var nobody = app.CreateBrowser();
        Assert.Equal((HttpStatusCode.OK, "null"), ((await UpdateAsync(nobody, "{}")).Status, (await UpdateAsync(nobody, "{}")).Text));
    }

    [Fact]
    public async Task ATokenCallbackThatSaysNoEndsTheSession()
    {
        var isOver = false;
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.Callbacks.OnToken = _ => ValueTask.FromResult(!isOver));
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var copied = browser.Cookies["authjs.session-token"];
        isOver = true;
        Assert.Equal("null", await browser.SessionAsync());
        Assert.Null(browser.Cookies["authjs.session-token"]);
        isOver = false;
        browser.Cookies["authjs.session-token"] = copied;
        Assert.Equal("null", await browser.SessionAsync());
    }

    [Theory]
    [InlineData("token")]
    [InlineData("session")]
    public async Task ACallbackThatThrowsSignsNobodyOut(string which)
    {
        var throws = false;
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options =>
        {
            options.Callbacks.OnToken = _ => throws && which == "token" ? throw new InvalidOperationException() : ValueTask.FromResult(true);
            options.Callbacks.OnSession = _ => throws && which == "session" ? throw new InvalidOperationException() : ValueTask.CompletedTask;
        });
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        throws = true;
        var answer = await browser.FetchAsync(HttpMethod.Get, "/api/auth/session");
        Assert.Equal(HttpStatusCode.InternalServerError, answer.Status);
        Assert.DoesNotContain(answer.SetCookies, cookie => cookie.Contains("session-token", StringComparison.Ordinal));
        throws = false;
        Assert.Contains("ada", await browser.SessionAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task APassiveReadRenewsNothingAndIsNoUse()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.Session.ReconcileInterval = TimeSpan.FromDays(1));
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var activity = app.Services.GetRequiredService<StoreOutbox>();
        await activity.FlushSeenAsync(TestContext.Current.CancellationToken);
        var (before, session) = (browser.Cookies[AuthApp.SessionCookie], await RecordAsync(app, browser));
        app.Clock.Advance(TimeSpan.FromHours(25));

        var answer = await browser.FetchAsync(HttpMethod.Get, "/api/auth/session", null, ("X-Auth-Passive", "1"));
        await activity.FlushSeenAsync(TestContext.Current.CancellationToken);
        Assert.Contains("Ada Lovelace", answer.Text, StringComparison.Ordinal);
        Assert.Equal(before, browser.Cookies[AuthApp.SessionCookie]);
        Assert.Equal((session.LastSeenAt, session.ExpiresAt), ((await RecordAsync(app, browser)).LastSeenAt, (await RecordAsync(app, browser)).ExpiresAt));

        await browser.SessionAsync();
        Assert.NotEqual(before, browser.Cookies[AuthApp.SessionCookie]);
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("1e99999999999")]
    [InlineData("{\"a\":[0.1E-99999999999]}")]
    public async Task ANumberThatNoScriptHasIsABadRequest(string number)
    {
        await using var app = await AuthApp.StartAsync();
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        Assert.Equal(HttpStatusCode.BadRequest, (await UpdateAsync(browser, $$$"""{"data":{"volume":{{{number}}}}}""")).Status);
        Assert.Equal(HttpStatusCode.OK, (await UpdateAsync(browser, """{"data":{"volume":-1.7976931348623157e+308,"step":5e-324}}""")).Status);
    }

    [Theory]
    [InlineData(25, HttpStatusCode.OK)]
    [InlineData(60, HttpStatusCode.BadRequest)]
    public async Task WhatIsTooDeepToBeKeptIsABadRequest(int depth, HttpStatusCode status)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.Callbacks.OnToken = context =>
        {
            context.Claims["prefs"] = new System.Text.Json.Nodes.JsonObject { ["of"] = new System.Text.Json.Nodes.JsonArray(System.Text.Json.Nodes.JsonNode.Parse(context.Data?.GetRawText() ?? "1")) };
            return ValueTask.FromResult(true);
        });
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        Assert.Equal(status, (await UpdateAsync(browser, $$"""{"data":{{new string('[', depth)}}{{new string(']', depth)}}}""")).Status);
        Assert.NotEqual("null", await browser.SessionAsync());
    }

    // As for every script, the last counts.
    [Fact]
    public async Task OfANameThatStandsTwiceTheLastCounts()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.Callbacks.OnToken = context =>
        {
            if (context.Data is { } data)
            {
                context.Claims["prefs"] = System.Text.Json.Nodes.JsonNode.Parse(data.GetProperty("prefs").GetRawText());
            }

            return ValueTask.FromResult(true);
        });
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        Assert.Equal(HttpStatusCode.OK, (await UpdateAsync(browser, """{"data":{"prefs":0},"data":{"prefs":[{"a":1,"a":2}],"prefs":[{"b":1,"b":2}]}}""")).Status);
        var session = Assert.Single(await app.Sessions.ListAsync(await browser.UserIdAsync(), TestContext.Current.CancellationToken));
        Assert.Equal("""[{"b":2}]""", session.Claims["prefs"].GetRawText());
    }

    [Theory]
    [InlineData("1e99999999999")]
    [InlineData("{\"a\":1,\"a\":2}")]
    public async Task AValueThatThePlatformCannotCompareBreaksNoSession(string value)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.Callbacks.OnToken = context =>
        {
            context.Claims["volume"] = System.Text.Json.Nodes.JsonNode.Parse(value);
            return ValueTask.FromResult(true);
        });
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");

        Assert.Contains("Ada", await browser.SessionAsync(), StringComparison.Ordinal);
        Assert.Contains("Ada", await browser.SessionAsync(), StringComparison.Ordinal);
        Assert.Equal(1, (await app.Store.FindAsync(await browser.DeviceAsync(), TestContext.Current.CancellationToken))!.Version);
    }

    [Fact]
    public async Task AnUpdateFromAnotherSiteChangesNothing()
    {
        var asked = 0;
        await using var app = await AuthApp.StartAsync(setup => setup.Options = options => options.Callbacks.OnToken = context =>
        {
            asked += context.Trigger == TokenTrigger.Update ? 1 : 0;
            return ValueTask.FromResult(true);
        });
        using var browser = app.CreateBrowser();
        await browser.SignInAsync("google");
        var cookie = browser.Cookies[AuthApp.SessionCookie]!;

        var answer = await browser.FetchAsync(
            HttpMethod.Post, "/api/auth/session", JsonContent.Create(new { data = new { theme = "dark" } }),
            ("Sec-Fetch-Site", "cross-site"), ("Origin", "https://evil.example"), ("Cookie", $"{AuthApp.SessionCookie}={cookie}"));

        Assert.Equal((HttpStatusCode.BadRequest, "null", 0), (answer.Status, answer.Text, asked));
        Assert.Empty(answer.SetCookies);
        Assert.Contains("Ada", await browser.SessionAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ASessionThatCannotBeCheckedIsNoSignOut()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Settings["AUTH_STORE"] = "postgres:Host=127.0.0.1;Port=1;Timeout=1");
        using var browser = app.CreateBrowser();
        browser.Cookies[AuthApp.SessionCookie] = TestTicket.Cookie(TestTicket.Of("ada", app.Clock.GetUtcNow()));
        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post])
        {
            var answer = await browser.FetchAsync(method, "/api/auth/session");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
            Assert.NotEmpty((string)answer.Json!["message"]!);
            Assert.NotNull(answer.Header("Retry-After"));
            Assert.Empty(answer.SetCookies);
        }
    }

    private static Task<Page> UpdateAsync(Browser browser, string json) => browser.FetchAsync(
        HttpMethod.Post, "/api/auth/session", new StringContent(json, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")));

    private static async Task<SessionRecord> RecordAsync(AuthApp app, Browser browser) =>
        (await app.Store.FindAsync((await CurrentAsync(app, browser)).SessionId, TestContext.Current.CancellationToken))!;
}
