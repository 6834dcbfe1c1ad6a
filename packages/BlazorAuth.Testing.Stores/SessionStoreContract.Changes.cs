namespace BlazorAuth.Testing;

/// <summary>How other nodes learn what has changed.</summary>
public abstract partial class SessionStoreContract
{
    [Fact]
    public async Task ChangesAreRevocationsAndUpdatesSinceTheCursor()
    {
        var session = await CreateAsync("s1");
        await CreateAsync("s2");
        await CreateAsync("untouched");
        var before = await Store.ReadChangesAsync(0, default, Token);
        await Store.UpdateAsync("s1", 1, "{}", Token);
        await Store.RenewAsync("ada", "untouched", Start.AddHours(1), Start.AddDays(40), Token);
        var update = await Store.ReadChangesAsync(before.Cursor, default, Token);
        await Store.RevokeAllAsync("ada", "untouched", 10, Revocation(), Token);
        var revocations = await Store.ReadChangesAsync(update.Cursor, default, Token);

        Assert.Empty(before.Items);
        Assert.Equal([new SessionChange("s1", false, 2, session.ExpiresAt, Start)], update.Items);
        Assert.Equal(
            [new SessionChange("s1", true, 2, session.ExpiresAt, Start), new SessionChange("s2", true, 1, session.ExpiresAt, Start)],
            revocations.Items.OrderBy(change => change.SessionId));
        Assert.Empty((await ChangesAsync(revocations.Cursor)));
        Assert.Equal(2, (await ChangesAsync()).Count);
    }

    [Fact]
    public async Task WhatIsNoChangeHidesNoneThatWasBefore()
    {
        await CreateAsync("s1");
        await Store.UpdateAsync("s1", 1, "{}", Token);
        await Store.RenewAsync("ada", "s1", Start.AddHours(1), Start.AddDays(40), Token);
        await Store.TouchAsync([new SessionTouch("ada", "s1", Start.AddHours(2), Start.AddDays(41))], Token);
        await Store.RewriteAsync("s1", 2, "sealed again", Token);

        Assert.Equal([new SessionChange("s1", false, 2, Start.AddDays(41), Start)], await ChangesAsync());
    }

    [Fact]
    public async Task AFailedAttemptIsNoChange()
    {
        await CreateAsync("s1");
        await RevokeAsync("s1", "eve");
        await Store.UpdateAsync("unknown", 1, "{}", Token);

        Assert.Empty((await ChangesAsync()));
    }

    [Fact]
    public async Task ASessionCreatedRevokedOrUpdatedIsAChange()
    {
        await Store.CreateAsync(Session("revoked") with { RevokedAt = Start }, Token);
        await Store.CreateAsync(Session("updated") with { Version = 4 }, Token);

        var changes = (await ChangesAsync()).ToDictionary(change => change.SessionId);
        Assert.True(changes["revoked"].Revoked);
        Assert.Equal((false, 4), (changes["updated"].Revoked, changes["updated"].Version));
        Assert.Equal(RevokeResult.AlreadyRevoked, await RevokeAsync("revoked"));
    }

    [Fact]
    public async Task OnlyChangesSinceAMomentAreReported()
    {
        await CreateAsync("old");
        await CreateAsync("again");
        await CreateAsync("young");
        await RevokeAsync("old");
        await Store.UpdateAsync("again", 1, "{}", Token);
        Clock.Advance(TimeSpan.FromHours(1));
        await RevokeAsync("young");
        await Store.UpdateAsync("again", 2, "{}", Token);

        var changes = await Store.ReadChangesAsync(0, Clock.GetUtcNow(), Token);

        Assert.Equal(["again", "young"], changes.Items.Select(change => change.SessionId).Order());
        Assert.All(changes.Items, change => Assert.Equal(Clock.GetUtcNow(), change.ChangedAt));
        Assert.Empty((await Store.ReadChangesAsync(0, Clock.GetUtcNow().AddSeconds(1), Token)).Items);
        Assert.Empty(await ChangesAsync(changes.Cursor));
        Assert.Equal(3, (await ChangesAsync()).Count);
    }

    [Fact]
    public async Task ACursorStaysGoodWhenTheNewestChangeIsRemoved()
    {
        await Store.CreateAsync(Session("short") with { ExpiresAt = Start.AddHours(1) }, Token);
        await CreateAsync("long");
        await RevokeAsync("short");
        var cursor = (await Store.ReadChangesAsync(0, default, Token)).Cursor;
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty((await ChangesAsync()));
        await Store.RemoveExpiredAsync(Clock.GetUtcNow(), Token);

        await RevokeAsync("long");

        Assert.Equal("long", Assert.Single((await ChangesAsync(cursor))).SessionId);
    }

    [Fact]
    public async Task ACursorOfAReplacedStoreReportsEverything()
    {
        await CreateAsync("s1");
        await RevokeAsync("s1");

        var changes = await Store.ReadChangesAsync(long.MaxValue, default, Token);

        Assert.Single(changes.Items);
        Assert.Empty((await ChangesAsync(changes.Cursor)));
    }

    [Fact]
    public async Task NoChangeIsLostToAReaderBesideParallelWriters()
    {
        const int Writers = 4, Each = 30;
        for (var i = 0; i < Writers * Each; i++)
        {
            await CreateAsync($"s{i}");
        }

        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(
            async () =>
            {
                for (var i = 0; i < Each; i++)
                {
                    await Store.UpdateAsync($"s{writer * Each + i}", 1, "{}", Token);
                    await RevokeAsync($"s{writer * Each + i}");
                }
            },
            Token)));

        Dictionary<string, SessionChange> seen = [];
        for (var (cursor, isLast) = (0L, false); !isLast;)
        {
            isLast = writing.IsCompleted;
            var changes = await Store.ReadChangesAsync(cursor, default, Token);
            Assert.True(changes.Cursor >= cursor);
            cursor = changes.Cursor;
            foreach (var change in changes.Items)
            {
                seen[change.SessionId] = change;
            }
        }

        await writing;
        Assert.Equal(Writers * Each, seen.Count);
        Assert.All(seen.Values, change => Assert.Equal((true, 2), (change.Revoked, change.Version)));
    }
}
