using System.Text.Json.Nodes;

namespace BlazorAuth.Tests.Sessions;

/// <summary>The session that stays when a user's security stamp changes.</summary>
public sealed class SessionStampTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // By the store's clock the session has ended, by the machine's it has not: without the new stamp it would end at its next check.
    [Fact]
    public async Task ItGetsTheStampThoughItsClaimsChangeAtOnceAndTheClockIsInDoubt()
    {
        ChangingStore store = null!;
        await using var app = await AuthApp.StartAsync(setup =>
            setup.Services = services => services.AddSingleton<ISessionStore>(store = new ChangingStore(new MemorySessionStore(setup.Clock))));
        await app.BeginSessionAsync("ada", "kept");
        app.Services.GetRequiredService<SharedClock>().Saw(app.Clock.GetUtcNow().AddDays(31));
        store.Change = () => app.Sessions.UpdateClaimsAsync("ada", "kept", claims => claims["team"] = "blue", Token);

        Assert.Equal((0, true), await app.Sessions.RevokeOtherStampsAsync("ada", "new", null, "kept", Token));

        var row = (await app.Sessions.FindAsync("kept", Token))!;
        Assert.Equal("new", row.Content!.Stamp?.Value);
        Assert.Equal("blue", (string?)row.Content.Claims["team"]);
    }

    /// <summary>What makes the change may have had an outdated stamp itself: it is no reason to get the new one.</summary>
    [Theory]
    [InlineData("old", "new", true)]
    [InlineData("new", "new", true)]
    [InlineData("new", null, true)]
    [InlineData(null, null, true)]
    [InlineData("old", "other", false)]
    [InlineData("old", null, false)]
    public async Task ItStaysOnlyIfItHadTheStampFromBefore(string? own, string? earlier, bool stays)
    {
        await using var app = await AuthApp.StartAsync();
        var ticket = app.Sessions.Lifetimes.WithTimes(TestTicket.Of("ada", app.Clock.GetUtcNow(), "changing"));
        await app.Sessions.CreateAsync(ticket, new SessionOrigin(null) { Stamp = own is null ? null : new UserStamp(own, []) }, Token);
        earlier = earlier == "new" ? own : earlier;

        Assert.Equal((stays ? 0 : 1, stays), await app.Sessions.RevokeOtherStampsAsync("ada", "new", earlier, "changing", Token));

        var row = (await app.Sessions.FindAsync("changing", Token))!;
        Assert.Equal((stays ? "new" : own, stays), (row.Content!.Stamp?.Value, row.Record.RevokedAt is null));
    }

    // The check has read the row and asked Identity before the change.
    [Theory]
    [InlineData("Ada")]
    [InlineData("Countess")]
    public async Task ACheckThatBeganBeforeTheChangeDoesNotBringTheEarlierStampBack(string name)
    {
        await using var app = await AuthApp.StartAsync();
        var ticket = app.Sessions.Lifetimes.WithTimes(TestTicket.Of("ada", app.Clock.GetUtcNow(), "kept"));
        await app.Sessions.CreateAsync(ticket, new SessionOrigin(null) { Stamp = new UserStamp("old", []) }, Token);
        var read = (await app.Sessions.FindAsync("kept", Token))!;
        Assert.Equal((0, true), await app.Sessions.RevokeOtherStampsAsync("ada", "new", "old", "kept", Token));

        Assert.False(await app.Sessions.StampAsync(read, new UserStamp("old", ["role"]), _ => new JsonObject { [AuthClaims.Name] = name }, Token));

        Assert.Equal("new", (await app.Sessions.FindAsync("kept", Token))!.Content!.Stamp?.Value);
    }

    // On another node: here the change would wait for the check.
    [Fact]
    public async Task NorDoesOneThatIsAboutToWriteTheRow()
    {
        var clock = new TestClock();
        var inner = new MemorySessionStore(clock);
        var store = new ChangingStore(inner);
        await using var app = await AuthApp.StartAsync(setup => (setup.Clock, setup.Services) = (clock, services => services.AddSingleton<ISessionStore>(store)));
        await using var other = await AuthApp.StartAsync(setup => (setup.Clock, setup.Services) = (clock, services => services.AddSingleton<ISessionStore>(inner)));
        var ticket = app.Sessions.Lifetimes.WithTimes(TestTicket.Of("ada", app.Clock.GetUtcNow(), "kept"));
        await app.Sessions.CreateAsync(ticket, new SessionOrigin(null) { Stamp = new UserStamp("old", []) }, Token);
        var read = (await app.Sessions.FindAsync("kept", Token))!;
        store.Change = () => other.Sessions.RevokeOtherStampsAsync("ada", "new", "old", "kept", Token);

        Assert.False(await app.Sessions.StampAsync(read, new UserStamp("old", ["role"]), _ => new JsonObject { [AuthClaims.Name] = "Countess" }, Token));

        Assert.Equal("new", (await app.Sessions.FindAsync("kept", Token))!.Content!.Stamp?.Value);
    }

    // A disconnected account ends sessions in the same way.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhatItReplacedAMomentAgoEndsInTheStoreAndSoOnAllNodes(bool isStamp)
    {
        var clock = new TestClock();
        var store = new MemorySessionStore(clock);
        void Set(AuthAppSetup setup) => (setup.Clock, setup.Services) = (clock, services => services.AddSingleton<ISessionStore>(store));
        await using var a = await AuthApp.StartAsync(Set);
        await using var b = await AuthApp.StartAsync(Set);
        var before = await a.BeginSessionAsync("ada", "before");
        await a.Sessions.ReplaceAsync("before", a.Sessions.Lifetimes.WithTimes(TestTicket.Of("ada", clock.GetUtcNow(), "kept")), new SessionOrigin(null), Token);
        using var copy = b.CreateBrowser();
        copy.Cookies[AuthApp.SessionCookie] = TestTicket.Cookie(before);
        Assert.NotEqual("null", await copy.SessionAsync());

        await (isStamp ? a.Sessions.RevokeOtherStampsAsync("ada", "new", null, "kept", Token) : a.Sessions.RevokeThoseOfAsync("ada", "google", "42", [], "kept", Token));

        await b.Services.GetRequiredService<ChangeReader>().ReadNewAsync(Token);
        copy.Cookies[AuthApp.SessionCookie] = TestTicket.Cookie(before);
        Assert.Equal("null", await copy.SessionAsync());
        Assert.Null((await store.FindAsync("kept", Token))!.RevokedAt);
    }

    /// <summary>A store in which something else comes first, once, after a row was read.</summary>
    private sealed class ChangingStore(ISessionStore inner) : ForwardingStore(inner)
    {
        public Func<Task>? Change { get; set; }

        public override async Task<SessionRecord?> FindAsync(string sessionId, CancellationToken cancellationToken = default)
        {
            var found = await base.FindAsync(sessionId, cancellationToken);
            var change = Change;
            Change = null;
            await (change?.Invoke() ?? Task.CompletedTask);
            return found;
        }
    }
}
