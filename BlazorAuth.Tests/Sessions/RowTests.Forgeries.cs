using System.Text.Json.Nodes;
using BlazorAuth.Tests.Stores;

namespace BlazorAuth.Tests.Sessions;

/// <summary>Tokens that somebody writes under an old secret.</summary>
public sealed partial class RowTests
{
    [Theory]
    [InlineData("unknown", "ada")]
    [InlineData("s1", "mallory")]
    public async Task ATokenUnderAnOldSecretCountsForNothingWithoutItsRow(string id, string user)
    {
        await using var app = await StartAsync(setup => setup.Settings["AUTH_SECRET_1"] = OldSecret);
        // AUTH_SECRET_1 goes before AUTH_SECRET: the tests' secret is the old one, which leaked.
        await app.BeginSessionAsync("ada", "s1");
        var before = await app.Store.FindAsync("s1", Token);
        using var mallory = app.CreateBrowser();
        mallory.Cookies[Cookie] = await ForgeryAsync(app, id, user);

        Assert.Equal("nobody", (await mallory.OpenAsync("/page")).Text);
        Assert.Equal("null", await mallory.SessionAsync());
        Assert.Null(mallory.Cookies[Cookie]);
        Assert.Equal(before, await app.Store.FindAsync("s1", Token));
    }

    [Fact]
    public async Task AForgeryAboutALiveSessionGetsNothingButWhatItsRowSays()
    {
        await using var app = await StartAsync(setup => setup.Settings["AUTH_SECRET_1"] = OldSecret);
        var ticket = await app.BeginSessionAsync("ada", "s1", new JsonObject { ["name"] = "Ada" });
        app.Clock.Advance(TimeSpan.FromDays(3));
        using var mallory = app.CreateBrowser();
        mallory.Cookies[Cookie] = await ForgeryAsync(app, "s1", "ada", claims =>
        {
            claims[AuthClaims.Roles] = "admin";
            claims[AuthClaims.AuthenticatedAt] = app.Clock.GetUtcNow().ToUnixTimeSeconds();
            claims[AuthClaims.SignedInAt] = app.Clock.GetUtcNow().ToUnixTimeSeconds();
            claims[AuthClaims.Provider] = "work";
        });

        await mallory.SessionAsync();

        var written = TestTicket.Claims(mallory.Cookies[Cookie]!, app.Clock.GetUtcNow(), OldSecret);
        Assert.Null(written[AuthClaims.Roles]);
        Assert.Null(written[AuthClaims.AuthenticatedAt]);
        Assert.Equal(ticket.SignedInAt.ToUnixTimeSeconds(), (long)written[AuthClaims.SignedInAt]!);
        Assert.Equal("google", (string)written[AuthClaims.Provider]!);
    }

    // A number that the store has not reached looks like a loss: under the first secret it would be believed after the next start.
    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task TheNumberOfAForgeryIsNotWrittenUnderTheFirstSecret(string method)
    {
        await using var app = await StartAsync(setup => setup.Settings["AUTH_SECRET_1"] = OldSecret);
        await app.BeginSessionAsync("ada", "s1");
        using var mallory = app.CreateBrowser();
        var csrf = await mallory.CsrfTokenAsync();
        mallory.Cookies[Cookie] = await ForgeryAsync(app, "s1", "ada");
        Assert.EndsWith(".1000", (string)TestTicket.Claims(mallory.Cookies[Cookie]!, app.Clock.GetUtcNow())[AuthClaims.Store]!, StringComparison.Ordinal);

        var answer = await mallory.FetchAsync(
            new HttpMethod(method), "/api/auth/session", method == "GET" ? null : new FormUrlEncodedContent([new("csrfToken", csrf)]));

        Assert.Equal(System.Net.HttpStatusCode.OK, answer.Status);
        var written = TestTicket.Claims(mallory.Cookies[Cookie]!, app.Clock.GetUtcNow(), OldSecret);
        Assert.False(((string)written[AuthClaims.Store]!).EndsWith(".1000", StringComparison.Ordinal), written.ToJsonString());
    }

    [Fact]
    public async Task AClientThatTakesNoCookieCostsOneLookAndOneWrite()
    {
        OwnStore store = null!;
        await using var app = await StartAsync(setup =>
        {
            setup.Settings["AUTH_SECRET_1"] = OldSecret;
            store = new OwnStore(setup.Clock);
            setup.Services = services => services.AddSingleton<ISessionStore>(store);
        });
        var token = await ForgeryAsync(app, (await app.BeginSessionAsync("ada", "s1")).Id, "ada");
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var calls = new List<string>();
        store.OnCall = calls.Add;
        for (var i = 0; i < 20; i++)
        {
            using var client = app.CreateBrowser();
            client.Cookies[Cookie] = token;
            Assert.NotEqual("null", await client.SessionAsync());
            Assert.NotEqual(token, client.Cookies[Cookie]);
        }

        Assert.Equal(1, calls.Count(call => call == "FindAsync"));
        Assert.InRange(calls.Count(call => call == "RenewAsync"), 0, 1);
    }

    /// <summary>A token under the tests' secret about a session of this store, written now.</summary>
    private static async Task<string> ForgeryAsync(AuthApp app, string id, string user, Action<JsonObject>? change = null)
    {
        var now = app.Clock.GetUtcNow();
        var ticket = TestTicket.Of(user, now, id).With(now, now.AddDays(30)).From(new StoreMark(await StoreIdAsync(app), 1000));
        return TestTicket.Reminted(TestTicket.Cookie(ticket), now, change);
    }
}
