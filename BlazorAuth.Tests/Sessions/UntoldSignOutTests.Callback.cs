using System.Text.Json.Nodes;
using BlazorAuth.Tests.Endpoints;
using BlazorAuth.Tests.Nodes;

namespace BlazorAuth.Tests.Sessions;

/// <content>Sign-outs with a token of an Auth.js of which only the app, or the account store, can say whose they are.</content>
public sealed partial class UntoldSignOutTests
{
    // The app's database comes back later than the store: an old connection of its pool is enough.
    [Fact]
    public async Task ACallbackThatFailsIsAskedAgain()
    {
        await using var app = await StartAsync(isMapped: true);
        var earlier = await UsedAndSignedOutLaterAsync(app, "7");
        _isBroken = true;
        await FlushAsync(app);
        _isBroken = false;
        Assert.Equal(1, app.Services.GetRequiredService<StoreOutbox>().PendingSignOuts);

        app.Clock.Advance(TimeSpan.FromSeconds(2));
        await FlushAsync(app);

        Assert.Equal("null", await AskAsync(app, earlier));
        Assert.Empty(await app.Sessions.ListAsync("u-7", Token));
    }

    [Fact]
    public async Task AFailingCallbackIsGivenUpAfterADay()
    {
        await using var app = await StartAsync(isMapped: true);
        var token = AuthJsToken(app, "7");
        await SignOutAsync(app, token);
        _isBroken = true;
        await FlushAsync(app);
        app.Clock.Advance(TimeSpan.FromHours(23));
        await FlushAsync(app);
        Assert.Equal(1, app.Services.GetRequiredService<StoreOutbox>().PendingSignOuts);
        app.Clock.Advance(TimeSpan.FromHours(2));
        await FlushAsync(app);
        _isBroken = false;

        Assert.Equal(0, app.Services.GetRequiredService<StoreOutbox>().PendingSignOuts);
        Assert.Equal("null", await AskAsync(app, token));
    }

    // Sessions are in Redis and users in PostgreSQL, say, and the latter comes back later.
    [Fact]
    public async Task AnAccountStoreThatIsDownKeepsNoOtherSignOutWaiting()
    {
        await using var app = await StartAsync(isRotating: true);
        var now = app.Clock.GetUtcNow();
        for (var i = 0; i < 10; i++)
        {
            await app.BeginSessionAsync($"ada{i}", $"s{i}");
            var token = new SessionToken(new SessionKeyRing([NewSecret])).Write(new JsonObject { ["sub"] = $"kim{i}", ["name"] = "Kim" }, Cookie, now, now.AddDays(30));
            await SignOutAsync(app, token);
            await SignOutAsync(app, TestTicket.Cookie(TestTicket.Of($"ada{i}", now, $"s{i}").With(now, now.AddDays(30)).From(new StoreMark("ours", 1))));
        }

        _accounts.IsDown = true;
        await FlushAsync(app);

        Assert.Equal(10, app.Services.GetRequiredService<StoreOutbox>().PendingSignOuts);
        for (var i = 0; i < 10; i++)
        {
            Assert.NotNull((await app.Store.FindAsync($"s{i}", Token))!.RevokedAt);
        }

        _accounts.IsDown = false;
        app.Clock.Advance(TimeSpan.FromSeconds(2));
        await FlushAsync(app);
        Assert.Equal(0, app.Services.GetRequiredService<StoreOutbox>().PendingSignOuts);
    }

    // An app that denies while its database does not respond, and somebody who is let in later.
    [Fact]
    public async Task WhomTheAppLetsInNowhereIsAskedAboutAgain()
    {
        await using var app = await StartAsync(isMapped: true);
        var unused = AuthJsToken(app, "7");
        var earlier = await UsedAndSignedOutLaterAsync(app, "7");
        _isDenied = true;
        await FlushAsync(app);
        _isDenied = false;
        app.Clock.Advance(TimeSpan.FromSeconds(2));
        await FlushAsync(app);

        Assert.Equal(("null", "null"), (await AskAsync(app, earlier), await AskAsync(app, unused)));
        Assert.Equal(0, app.Services.GetRequiredService<StoreOutbox>().PendingSignOuts);
    }

    // What a database behind a broken network does: it takes long, and fails; or never responds. Rounds, and other sign-outs, go on.
    [Theory]
    [InlineData(15)]
    [InlineData(null)]
    public async Task ACallbackThatTakesLongKeepsNothingElseWaiting(int? seconds)
    {
        await using var app = await StartAsync(interval: TimeSpan.FromSeconds(1), onAccount: async (context, clock) =>
        {
            if (_isBroken)
            {
                await (seconds is { } some ? Task.Delay(TimeSpan.FromSeconds(some), clock, context.CancellationToken) : _held.Task);
                throw new TimeoutException("connect");
            }

            return AccountDecision.User("u-" + context.Subject);
        });
        var (first, second) = (await app.BeginSessionAsync("ada"), await app.BeginSessionAsync("eve"));
        for (var i = 0; i < 20; i++)
        {
            await SignOutAsync(app, AuthJsToken(app, "7"));
        }

        _isBroken = true;
        await RoundsAsync(app, 10);

        // On another node, and here in a second outage.
        await _store.RevokeAsync("ada", first.Id, new SessionRevocation(RevocationReason.Banned, app.Clock.GetUtcNow().AddDays(30)), Token);
        await SignOutAsync(app, TestTicket.Cookie(second));
        await RoundsAsync(app, 10);

        Assert.True(app.Services.GetRequiredService<KnownChanges>().Find(first.Id) is { Revoked: true });
        Assert.NotNull((await app.Store.FindAsync(second.Id, Token))!.RevokedAt);
        Assert.Equal(20, app.Services.GetRequiredService<StoreOutbox>().PendingSignOuts);
        _held.SetResult();
    }

    // The app's own database blinks while somebody comes over from the Next.js app, whose cookie it is, too.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ACallbackThatFailsCostsNobodyTheirCookie(bool wasUsedHere)
    {
        await using var app = await StartAsync(isMapped: true);
        using var browser = app.CreateBrowser();
        var token = AuthJsToken(app, "7");
        if (wasUsedHere)
        {
            await AskAsync(app, token);
            browser.UserAgent = "another node, which does not remember the token";
            token = AuthJsToken(app, "7");
        }

        browser.Cookies[Cookie] = token;
        _isBroken = true;
        var answer = await browser.GetAsync("/api/auth/session");
        _isBroken = false;

        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal(token, browser.Cookies[Cookie]);
        Assert.Contains("Kim", await browser.SessionAsync(), StringComparison.Ordinal);
    }

    /// <summary>Waits until the node has gone through some more rounds, which each read what is new in the store.</summary>
    private async Task RoundsAsync(AuthApp app, int rounds)
    {
        for (var i = 0; i < rounds; i++)
        {
            var read = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _store.OnCall = name => _ = name == nameof(ISessionStore.ReadChangesAsync) && read.TrySetResult();
            app.Clock.Advance(TimeSpan.FromSeconds(1));
            await read.Task.WaitAsync(TimeSpan.FromSeconds(30), Token);
        }

        _store.OnCall = _ => { };
    }

    // Fifty people whom the app fails for, with twenty tokens each.
    [Fact]
    public async Task ThoseAboutWhomTheAppIsAskedTakeNoPlaceFromTheOthers()
    {
        await using var app = await StartAsync(isMapped: true);
        _isBroken = true;
        var outbox = app.Services.GetRequiredService<StoreOutbox>();
        for (var user = 0; user < 50; user++)
        {
            for (var i = 0; i < StoreOutbox.MostUnprovenOfUser; i++)
            {
                var ticket = TestTicket.Of($"crowd{user}", app.Clock.GetUtcNow(), $"crowd-{user}-{i}");
                var token = new AuthJsToken("a device", MayBegin: true, _ => throw new TimeoutException("The app's own database does not respond."));
                Assert.True(outbox.KeepUnproven(ticket, token, new SessionRevocation(RevocationReason.SignedOut, app.Clock.GetUtcNow().AddDays(30))));
            }
        }

        await FlushAsync(app);

        Assert.True(outbox.KeepUnproven(
            TestTicket.Of("ada", app.Clock.GetUtcNow(), "s1"), authJs: null, new SessionRevocation(RevocationReason.SignedOut, app.Clock.GetUtcNow().AddDays(30))));
    }

    // After a silence, several rounds of a node run at once.
    [Fact]
    public async Task RoundsAtOnceCountThemOnce()
    {
        await using var app = await StartAsync(isMapped: true);
        var outbox = app.Services.GetRequiredService<StoreOutbox>();
        for (var user = 0; user < 30; user++)
        {
            for (var i = 0; i < StoreOutbox.MostUnprovenOfUser; i++)
            {
                var token = new AuthJsToken("a device", MayBegin: true, _ => throw new TimeoutException("The app's own database does not respond."));
                outbox.KeepUnproven(
                    TestTicket.Of($"crowd{user}", app.Clock.GetUtcNow(), $"crowd-{user}-{i}"), token, new SessionRevocation(RevocationReason.SignedOut, app.Clock.GetUtcNow().AddDays(30)));
            }
        }

        _store.Before = async _ => await Task.Yield();
        await Task.WhenAll(outbox.FlushRevocationsAsync(Token), outbox.FlushRevocationsAsync(Token));
        _store.Before = _ => Task.CompletedTask;
        await FlushAsync(app);

        Assert.Equal(600, outbox.PendingSignOuts);
    }
}
