using System.Text.Json.Nodes;

namespace BlazorAuth.Tests.Sessions;

/// <content>Sessions that an Auth.js began.</content>
public sealed partial class UntoldSignOutTests
{
    // docs/share-with-nextjs.md: a copy is dead here at once, and earlier tokens stop working. Auth.js writes another token with each look at the session.
    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task AnEarlierTokenOfAnAuthJsIsDeadToo(bool isDown, bool wasUsedHere)
    {
        await using var app = await StartAsync();
        var earlier = AuthJsToken(app);
        if (wasUsedHere)
        {
            Assert.Contains("Kim", await AskAsync(app, earlier), StringComparison.Ordinal);
        }

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var newest = AuthJsToken(app);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await SignOutAsync(app, newest, isDown);
        await FlushAsync(app);

        Assert.Equal("null", await AskAsync(app, newest));
        Assert.Equal("null", await AskAsync(app, earlier));
        Assert.Empty(await app.Sessions.ListAsync("kim", Token));
    }

    [Fact]
    public async Task AndWhoSignsInThereAgainIsIn()
    {
        await using var app = await StartAsync();
        await SignOutAsync(app, AuthJsToken(app));
        await FlushAsync(app);
        app.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Contains("Kim", await AskAsync(app, AuthJsToken(app)), StringComparison.Ordinal);
    }

    // What a node knows is written back when the store may have forgotten something.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AForgedTokenOfAnAuthJsLeavesNothingInTheStore(bool isFlushedFirst)
    {
        await using var app = await StartAsync(isRotating: true);
        await SignOutAsync(app, AuthJsToken(app));
        if (isFlushedFirst)
        {
            await FlushAsync(app);
        }

        await app.Services.GetRequiredService<StoreWatch>().RoundAsync(all: true, Token);
        await FlushAsync(app);

        Assert.Empty(await app.Store.ListHistoryAsync("kim", 10, null, Token));
        Assert.Empty(await app.Store.ListHistoryAsync("unknown", 10, null, Token));
        Assert.Equal(0, app.Services.GetRequiredService<KnownChanges>().Count);
    }

    [Fact]
    public async Task AnHonestOneIsWrittenDownForItsUser()
    {
        await using var app = await StartAsync();
        await SignOutAsync(app, AuthJsToken(app));

        await app.Services.GetRequiredService<StoreWatch>().RoundAsync(all: true, Token);
        await FlushAsync(app);

        Assert.Single(await app.Store.ListHistoryAsync("kim", 10, null, Token));
        Assert.Empty(await app.Store.ListHistoryAsync("unknown", 10, null, Token));
    }

    // The store responds again, and the round that tells it is still to come: a copy of another token of that Auth.js gets a session of its own, for good.
    [Theory]
    [InlineData(Browser.Chrome)]
    [InlineData("Firefox on Linux")]
    public async Task ACopyOfAnotherTokenOfTheAuthJsGetsNoSessionOfItsOwn(string thief)
    {
        await using var app = await StartAsync();
        var copied = AuthJsToken(app);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var used = AuthJsToken(app);
        Assert.Contains("Kim", await AskAsync(app, used, Browser.Chrome), StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await SignOutAsync(app, used);

        var meanwhile = await AskAsync(app, copied, thief);
        await FlushAsync(app);

        Assert.Equal(("null", "null"), (meanwhile, await AskAsync(app, copied, thief)));
        Assert.Empty(await app.Sessions.ListAsync("kim", Token));
    }

    // The app's own table decides on IDs: Auth.js's 7 is user "u-7" here, and user "7" is somebody else.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnEarlierTokenIsDeadTooWhereTheAppGivesIds(bool isDown)
    {
        await using var app = await StartAsync(isMapped: true);
        var earlier = AuthJsToken(app, "7");
        Assert.Contains("Kim", await AskAsync(app, earlier), StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var newest = AuthJsToken(app, "7");
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await SignOutAsync(app, newest, isDown);
        await FlushAsync(app);

        Assert.Equal("null", await AskAsync(app, earlier));
        Assert.Empty(await app.Sessions.ListAsync("u-7", Token));
    }

    [Fact]
    public async Task NorDoesItSignOutSomebodyElse()
    {
        await using var app = await StartAsync(isMapped: true);
        var victim = AuthJsToken(app, "old-3");
        Assert.Contains("Kim", await AskAsync(app, victim), StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await SignOutAsync(app, AuthJsToken(app, "7"));
        await FlushAsync(app);

        Assert.Single(await app.Sessions.ListAsync("7", Token));
        Assert.Contains("Kim", await AskAsync(app, victim), StringComparison.Ordinal);
    }

    // Whom the app doesn't let in just then may be let in later.
    [Fact]
    public async Task ATokenThatWasSignedOutStaysSoWhatTheAppSaysLater()
    {
        await using var app = await StartAsync(isMapped: true);
        var token = AuthJsToken(app, "7");
        await SignOutAsync(app, token);
        _isDenied = true;
        await FlushAsync(app);
        _isDenied = false;
        app.Services.GetRequiredService<KnownChanges>().Withdraw(Assert.Single(app.Services.GetRequiredService<KnownChanges>().All()).SessionId);

        Assert.Equal("null", await AskAsync(app, token));
        Assert.Empty(await app.Store.ListHistoryAsync("7", 10, null, Token));
    }

    // Whoever is banned meanwhile has still signed out.
    [Fact]
    public async Task AnEarlierTokenOfSomebodyWhoMayNotSignInIsDeadToo()
    {
        await using var app = await StartAsync();
        var earlier = await UsedAndSignedOutLaterAsync(app, "kim");
        await _accounts.CreateAsync(
            new() { Id = "kim", CreatedAt = app.Clock.GetUtcNow(), LastSeenAt = app.Clock.GetUtcNow(), BannedUntil = app.Clock.GetUtcNow().AddMinutes(1) },
            new() { Issuer = "authjs", Subject = "kim-elsewhere", Provider = "authjs", UserId = "kim", LinkedAt = app.Clock.GetUtcNow(), LastUsedAt = app.Clock.GetUtcNow() }, Token);
        await FlushAsync(app);
        app.Clock.Advance(TimeSpan.FromMinutes(2));

        Assert.Equal("null", await AskAsync(app, earlier));
        Assert.Empty(await app.Sessions.ListAsync("kim", Token));
    }

    // Their new token has no session of its own here yet when the store is told of the sign-out before.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhoSignsInThereAgainMeanwhileStaysIn(bool hadSession)
    {
        await using var app = await StartAsync();
        if (hadSession)
        {
            await UsedAndSignedOutLaterAsync(app, "kim");
        }
        else
        {
            await SignOutAsync(app, AuthJsToken(app));
        }

        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var again = AuthJsToken(app);
        Assert.Contains("Kim", await AskAsync(app, again), StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromSeconds(5));

        await FlushAsync(app);

        Assert.Contains("Kim", await AskAsync(app, again), StringComparison.Ordinal);
    }

    // A copy of a token that was never used here, while it is not known yet which session the sign-out ends.
    [Fact]
    public async Task ATokenFromBeforeJoinsNoSessionMeanwhile()
    {
        await using var app = await StartAsync();
        var copied = AuthJsToken(app);
        await UsedAndSignedOutLaterAsync(app, "kim");

        Assert.Equal("null", await AskAsync(app, copied));
    }

    /// <summary>Returns a token that has a session here; with a later one, its person signs out while the store is silent.</summary>
    private async Task<string> UsedAndSignedOutLaterAsync(AuthApp app, string sub)
    {
        var earlier = AuthJsToken(app, sub);
        Assert.Contains("Kim", await AskAsync(app, earlier), StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        await SignOutAsync(app, AuthJsToken(app, sub));
        return earlier;
    }

    private static string AuthJsToken(AuthApp app, string sub = "kim")
    {
        var now = app.Clock.GetUtcNow();
        return new SessionToken(new SessionKeyRing([AuthApp.Secret])).Write(new JsonObject { ["sub"] = sub, ["name"] = "Kim" }, Cookie, now, now.AddDays(30));
    }

    private static async Task<string> AskAsync(AuthApp app, string token, string device = Browser.Chrome)
    {
        using var client = app.CreateBrowser();
        client.UserAgent = device;
        client.Cookies[Cookie] = token;
        return await client.SessionAsync();
    }
}
