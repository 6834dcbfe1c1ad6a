using BlazorAuth.Tests.Stores;

namespace BlazorAuth.Tests.Sessions;

/// <content>How many are kept, and what a store refuses.</content>
public sealed partial class UncheckedSignOutTests
{
    [Fact]
    public async Task NoMoreThanAThousandAreKept()
    {
        await using var app = await StartAsync();
        var (outbox, now) = (app.Services.GetRequiredService<StoreOutbox>(), app.Clock.GetUtcNow());
        for (var i = 0; i < StoreOutbox.MostUnproven; i++)
        {
            app.Sessions.EndUnproven(TestTicket.Of("eve-" + (i / StoreOutbox.MostUnprovenOfUser), now, "made-up-" + i), MadeUp("eve"));
        }

        app.Sessions.EndUnproven(TestTicket.Of("eve", now, "one-more"), MadeUp("eve"));

        Assert.Equal((StoreOutbox.MostUnproven, null), (outbox.PendingSignOuts, app.Services.GetRequiredService<KnownChanges>().Find("one-more")));
        Assert.Single(app.Logs.Own, line => line.Event.Name == "UnprovenSignOutNotKept");
        await outbox.FlushAllAsync(Token);
        app.Sessions.EndUnproven(TestTicket.Of("eve", now, "one-more"), MadeUp("eve"));
        Assert.Equal(1, outbox.PendingSignOuts);
    }

    private static AuthJsToken MadeUp(string user) => new(Device: null, MayBegin: true, _ => Task.FromResult<string?>(user));

    // Auth.js gives out another token with each look at the session, and each counts as a session here.
    [Fact]
    public async Task OnePersonTakesNoPlaceFromTheOthers()
    {
        await using var app = await StartAsync();
        var now = app.Clock.GetUtcNow();
        for (var i = 0; i < StoreOutbox.MostUnproven; i++)
        {
            app.Sessions.EndUnproven(TestTicket.Of("eve", now, "eve-" + i), MadeUp("eve"));
        }

        app.Sessions.EndUnproven(TestTicket.Of("ada", now, "ada-1"), MadeUp("ada"));

        Assert.True(app.Services.GetRequiredService<KnownChanges>().Find("ada-1")?.Revoked);
        Assert.Equal(StoreOutbox.MostUnprovenOfUser + 1, app.Services.GetRequiredService<StoreOutbox>().PendingSignOuts);
    }

    // Its user was banned or deleted while they signed in.
    [Theory]
    [InlineData(nameof(ISessionStore.RevokeAsync))]
    [InlineData(nameof(ISessionStore.EraseAsync))]
    public async Task ASessionWhoseCookieNobodyGotIsErasedThoughTheStoreIsDown(string call)
    {
        await using var app = await StartAsync();
        var ticket = await app.BeginSessionAsync("ada", "s1");
        _store.OnCall = name => _ = name == call ? throw new SessionStoreException("down") : 0;

        await app.Sessions.DiscardAsync(ticket);

        _store.OnCall = _ => { };
        await app.Services.GetRequiredService<StoreOutbox>().FlushAllAsync(Token);
        var row = (await app.Store.FindAsync("s1", Token))!;
        Assert.Equal((true, ""), (row.RevokedAt is not null, row.Content));
        Assert.Equal(0, app.Services.GetRequiredService<StoreOutbox>().PendingSignOuts);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnEntryThatTheStoreRefusesKeepsNoOtherSignOutFromBeingStored(bool isForever)
    {
        await using var app = await StartAsync();
        var outbox = app.Services.GetRequiredService<StoreOutbox>();
        var ids = Enumerable.Range(0, 20).Select(i => "s" + i).ToList();
        foreach (var id in ids)
        {
            await app.BeginSessionAsync("ada", id);
        }

        _store.OnCall = _ => throw new SessionStoreException("down");
        foreach (var id in ids)
        {
            await Assert.ThrowsAsync<SessionStoreException>(() => outbox.RevokeAsync("ada", id, new SessionRevocation(RevocationReason.SignedOut, app.Clock.GetUtcNow().AddDays(1))));
        }

        var calls = 0;
        _store.OnCall = name => _ = name == nameof(ISessionStore.RevokeAsync) && ++calls == 1
            ? throw (isForever ? new ArgumentException("refused") : new NotSupportedException("a defect of the store"))
            : 0;
        await outbox.FlushAllAsync(Token);

        Assert.Equal(isForever ? 0 : 1, outbox.PendingSignOuts);
        Assert.Single(app.Logs.Own, line => line.Event.Name == (isForever ? "EntryRefused" : "UpkeepFailed"));
        await outbox.FlushAllAsync(Token);
        var revoked = 0;
        foreach (var id in ids)
        {
            revoked += (await app.Store.FindAsync(id, Token))!.RevokedAt is null ? 0 : 1;
        }

        Assert.Equal(isForever ? 19 : 20, revoked);
    }

    [Fact]
    public async Task ATouchThatTheStoreRefusesKeepsNoOtherFromBeingWritten()
    {
        await using var app = await StartAsync();
        var (outbox, now) = (app.Services.GetRequiredService<StoreOutbox>(), app.Clock.GetUtcNow());
        var calls = 0;
        _store.OnCall = name => _ = name == nameof(ISessionStore.TouchAsync) && ++calls < 3 ? throw new ArgumentException("refused") : 0;
        outbox.Seen(await app.BeginSessionAsync("ada", "s1"), now.AddMinutes(5));
        outbox.Seen(await app.BeginSessionAsync("ada", "s2"), now.AddMinutes(5));

        await outbox.FlushSeenAsync(Token);
        await outbox.FlushSeenAsync(Token);

        Assert.Equal(3, calls);
        Assert.Single(
            new[] { await app.Store.FindAsync("s1", Token), await app.Store.FindAsync("s2", Token) }, row => row!.LastSeenAt == SessionLimits.ToMilliseconds(now.AddMinutes(5)));
    }
}
