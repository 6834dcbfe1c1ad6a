using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;

namespace BlazorAuth.Tests.Sessions;

/// <summary>Changes of claims from outside, by an administrator or a job: <c>UpdateClaimsAsync</c> of one session, <c>UpdateUserClaimsAsync</c> of all.</summary>
public sealed class SessionClaimsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ChangesOfClaimsThatMeetAreAllKept()
    {
        await using var app = await AuthApp.StartAsync();
        await app.BeginSessionAsync("ada", "s1");

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(
            () => app.Sessions.UpdateClaimsAsync("ada", "s1", claims => claims[$"n{i}"] = i, Token), Token)));

        var session = Assert.Single(await app.Sessions.ListAsync("ada", Token));
        Assert.Equal(20, session.Claims.Keys.Count(name => name.StartsWith('n') && name != AuthClaims.Name));
        Assert.Null(await app.Sessions.UpdateClaimsAsync("grace", "s1", claims => claims["n0"] = "stolen", Token));
        Assert.Null(await app.Sessions.UpdateClaimsAsync("ada", "unknown", _ => { }, Token));
    }

    // Whoever is to lose a role cannot put it off with updates of their own.
    [Fact]
    public async Task AChangeIsMadeInOneTurnHoweverManyOthersAreUnderWay()
    {
        using var folder = new TempFolder();
        await using var app = await AuthApp.StartAsync(setup => setup.UseFile(folder));
        await app.BeginSessionAsync("ada", "s1");
        var calls = 0;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(
            async () =>
            {
                for (var i = 0; i < 10; i++)
                {
                    await app.Sessions.UpdateClaimsAsync(
                        "ada", "s1",
                        claims =>
                        {
                            Interlocked.Increment(ref calls);
                            claims["count"] = ((int?)claims["count"] ?? 0) + 1;
                        },
                        Token);
                }
            },
            Token)));

        Assert.Equal(80, calls);
        Assert.Equal(80, Assert.Single(await app.Sessions.ListAsync("ada", Token)).Claims["count"].GetInt32());
    }

    [Fact]
    public async Task IdsAndTimesOfASessionCannotBeChanged()
    {
        await using var app = await AuthApp.StartAsync();
        await app.BeginSessionAsync("ada", "s1");

        var updated = await app.Sessions.UpdateClaimsAsync(
            "ada", "s1", claims =>
            {
                claims[AuthClaims.Subject] = "grace";
                claims[AuthClaims.SessionId] = "s2";
                claims["team"] = "blue";
            },
            Token);

        Assert.Equal(("s1", "ada", "blue"), (updated!.Id, updated.User.Id, updated.Claims["team"].GetString()));
        Assert.DoesNotContain(AuthClaims.Subject, (await app.Store.FindAsync("s1", Token))!.Content().Claims.Select(claim => claim.Key));
    }

    [Fact]
    public async Task ARoleForAUserCountsOnAllTheirDevicesWithTheNextRequest()
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Map = app =>
            app.MapGet("/admins", () => "admins only").RequireAuthorization(policy => policy.RequireRole("admin")));
        Browser[] devices = [app.CreateBrowser(), app.CreateBrowser(), app.CreateBrowser()];
        await devices[0].SignInAsync("google");
        await devices[1].SignInAsync("google");
        await devices[2].SignInAsync("google", "grace");
        var ada = await devices[0].UserIdAsync();

        Assert.Equal(2, await app.Sessions.UpdateUserClaimsAsync(ada, claims => claims[AuthClaims.Roles] = "admin", Token));

        Assert.Equal(
            [HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Forbidden],
            await Task.WhenAll(devices.Select(async device => (await device.OpenAsync("/admins")).Status)));
        Assert.Equal(2, await app.Sessions.UpdateUserClaimsAsync(ada, claims => claims.Remove(AuthClaims.Roles), Token));
        Assert.Equal(HttpStatusCode.Forbidden, (await devices[1].OpenAsync("/admins")).Status);
        Array.ForEach(devices, device => device.Dispose());
    }

    [Fact]
    public async Task OnlyLiveSessionsOfTheUserAreChanged()
    {
        await using var app = await AuthApp.StartAsync();
        await app.BeginSessionAsync("ada", "ran out");
        app.Clock.Advance(TimeSpan.FromDays(31));
        await app.BeginSessionAsync("ada", "live");
        await app.BeginSessionAsync("ada", "revoked");
        await app.BeginSessionAsync("grace", "hers");
        await app.Sessions.RevokeAsync("ada", "revoked", Token);
        var asked = 0;

        Assert.Equal(1, await app.Sessions.UpdateUserClaimsAsync("ada", claims => claims["asked"] = ++asked, Token));

        Assert.Equal(1, asked);
        Assert.Equal(1, Assert.Single(await app.Sessions.ListAsync("ada", Token)).Claims["asked"].GetInt32());
        Assert.False(Assert.Single(await app.Sessions.ListAsync("grace", Token)).Claims.ContainsKey("asked"));
        Assert.Equal(0, await app.Sessions.UpdateUserClaimsAsync("nobody", claims => claims["asked"] = ++asked, Token));
    }

    [Fact]
    public async Task AStoreThatIsDownAndACallWithoutAChangeAreReported()
    {
        await using var app = await AuthApp.StartAsync(setup => FaultyStore.AddTo(setup, nameof(ISessionStore.ListAsync)));
        await Assert.ThrowsAsync<SessionStoreException>(() => app.Sessions.UpdateUserClaimsAsync("ada", _ => { }, Token));
        await Assert.ThrowsAsync<ArgumentNullException>(() => app.Sessions.UpdateClaimsAsync("ada", "s1", null!, Token));
    }

    [Theory]
    [InlineData("1e99999999999")]
    [InlineData("-1.5E-99999999999")]
    [InlineData("0e99999999999")]
    [InlineData("{\"a\":[1e99999999999]}")]
    public async Task ANumberThatNoTypeHoldsKeepsNoRole(string number)
    {
        await using var app = await AuthApp.StartAsync();
        var claims = new JsonObject { ["number"] = JsonNode.Parse(number), [AuthClaims.Roles] = "admin" };
        var ticket = await app.BeginSessionAsync("ada", "s1", claims);
        await app.BeginSessionAsync("ada", "s2", (JsonObject)claims.DeepClone());
        using var browser = app.CreateBrowser();
        browser.Cookies[AuthApp.SessionCookie] = TestTicket.Cookie(ticket);
        Assert.Contains("admin", (await app.Sessions.ListAsync("ada", Token))[0].Claims[AuthClaims.Roles].GetString(), StringComparison.Ordinal);

        Assert.Equal(2, await app.Sessions.UpdateUserClaimsAsync("ada", changed => changed[AuthClaims.Roles] = "reader", Token));

        Assert.All(await app.Sessions.ListAsync("ada", Token), session => Assert.Equal("reader", session.Claims[AuthClaims.Roles].GetString()));
        Assert.Contains("\"expires\"", await browser.SessionAsync(), StringComparison.Ordinal);
    }

    // The platform reads it, and throws when anything looks into it.
    [Theory]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""[{"a":{"b":1,"b":{"c":1,"c":2}}}]""")]
    public async Task AnObjectWithANameTwiceKeepsNoRole(string json)
    {
        await using var app = await AuthApp.StartAsync();
        await app.BeginSessionAsync("ada", "s1", new JsonObject { ["prefs"] = JsonNode.Parse(json), [AuthClaims.Roles] = "admin" });

        Assert.Equal(1, await app.Sessions.UpdateUserClaimsAsync(
            "ada",
            changed =>
            {
                changed[AuthClaims.Roles] = "reader";
                changed["more"] = JsonNode.Parse(json);
            },
            Token));

        var session = Assert.Single(await app.Sessions.ListAsync("ada", Token));
        Assert.Equal("reader", session.Claims[AuthClaims.Roles].GetString());
        Assert.Equal(json.Replace("\"a\":1,", "", StringComparison.Ordinal).Replace("\"b\":1,", "", StringComparison.Ordinal).Replace("\"c\":1,", "", StringComparison.Ordinal), session.Claims["more"].GetRawText());
        Assert.Equal(session.Claims["prefs"].GetRawText(), session.Claims["more"].GetRawText());
    }

    [Fact]
    public async Task ASessionThatCannotBeChangedKeepsNoOtherFromBeingChanged()
    {
        await using var app = await AuthApp.StartAsync();
        foreach (var id in (string[])["s1", "s2", "s3"])
        {
            await app.BeginSessionAsync("ada", id, new JsonObject { [AuthClaims.Roles] = "admin", ["id"] = id });
        }

        var failed = await Assert.ThrowsAsync<AggregateException>(() => app.Sessions.UpdateUserClaimsAsync(
            "ada", claims => claims[AuthClaims.Roles] = (string)claims["id"]! == "s2" ? throw new FormatException("no") : "reader", Token));

        Assert.IsType<FormatException>(Assert.Single(failed.InnerExceptions));
        Assert.Equal(
            [("s1", "reader"), ("s2", "admin"), ("s3", "reader")],
            (await app.Sessions.ListAsync("ada", Token)).Select(session => (session.Id, session.Claims[AuthClaims.Roles].GetString())).OrderBy(session => session.Id));
    }
}
