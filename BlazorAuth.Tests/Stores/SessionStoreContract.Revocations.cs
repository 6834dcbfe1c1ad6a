using Xunit;

namespace BlazorAuth.Tests.Stores;

/// <summary>Sessions that are revoked, and how others hear of what changed.</summary>
public abstract partial class SessionStoreContract
{
    [Fact]
    public async Task ASessionIsRevokedOnceAndStaysRevoked()
    {
        await Create("s1");
        Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(RevokeResult.Revoked, await Store.RevokeAsync("ada", "s1", Token));
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(RevokeResult.AlreadyRevoked, await Store.RevokeAsync("ada", "s1", Token));
        Assert.Equal(Start.AddMinutes(1), (await Store.FindAsync("s1", Token))!.RevokedAt);
    }

    [Fact]
    public async Task AForeignUnknownOrExpiredSessionIsNotFoundAndNotRevoked()
    {
        await Create("s1");

        Assert.Equal(RevokeResult.NotFound, await Store.RevokeAsync("eve", "s1", Token));
        Assert.Equal(RevokeResult.NotFound, await Store.RevokeAsync("ADA", "s1", Token));
        Assert.Equal(RevokeResult.NotFound, await Store.RevokeAsync("ada", "s2", Token));
        Assert.Null((await Store.FindAsync("s1", Token))!.RevokedAt);

        await Store.RevokeAsync("ada", (await Create("s3")).Id, Token);
        Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(RevokeResult.NotFound, await Store.RevokeAsync("ada", "s1", Token));
        Assert.Equal(RevokeResult.NotFound, await Store.RevokeAsync("ada", "s3", Token));
    }

    [Fact]
    public async Task OfFiftyParallelRevocationsExactlyOneRevokes()
    {
        await Create("s1");

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => Store.RevokeAsync("ada", "s1", Token), Token)));

        Assert.Equal(1, results.Count(result => result is RevokeResult.Revoked));
        Assert.Equal(49, results.Count(result => result is RevokeResult.AlreadyRevoked));
    }

    [Fact]
    public async Task RevokingAllSparesTheExceptedForeignAndDeadOnes()
    {
        await Create("s1");
        await Create("s2");
        await Create("s3");
        await Create("foreign", "eve");
        await Store.RevokeAsync("ada", "s3", Token);

        Assert.Equal(["s1"], await Store.RevokeAllAsync("ada", "s2", Token));
        Assert.Equal("s2", Assert.Single(await Store.ListAsync("ada", Token)).Id);
        Assert.Equal(["s2"], await Store.RevokeAllAsync("ada", cancellationToken: Token));
        Assert.Empty(await Store.RevokeAllAsync("ada", cancellationToken: Token));
        Assert.Single(await Store.ListAsync("eve", Token));
    }

    [Fact]
    public async Task ChangesAreRevocationsAndUpdatesSinceTheCursor()
    {
        var session = await Create("s1");
        await Create("s2");
        await Create("untouched");
        var before = await Store.ReadChangesAsync(0, Token);
        await Store.UpdateClaimsAsync("s1", 1, "{}", Token);
        await Store.TouchAsync("untouched", Start.AddHours(1), Start.AddDays(40), Token);
        var update = await Store.ReadChangesAsync(before.Cursor, Token);
        await Store.RevokeAllAsync("ada", "untouched", Token);
        var revocations = await Store.ReadChangesAsync(update.Cursor, Token);

        Assert.Empty(before.Items);
        Assert.Equal([new SessionChange("s1", false, 2, session.ExpiresAt)], update.Items);
        Assert.Equal(
            [new SessionChange("s1", true, 2, session.ExpiresAt), new SessionChange("s2", true, 1, session.ExpiresAt)],
            revocations.Items.OrderBy(change => change.SessionId));
        Assert.Empty((await Store.ReadChangesAsync(revocations.Cursor, Token)).Items);
        Assert.Equal(2, (await Store.ReadChangesAsync(0, Token)).Items.Count);
    }

    [Fact]
    public async Task AFailedAttemptIsNoChange()
    {
        await Create("s1");
        await Store.RevokeAsync("eve", "s1", Token);
        await Store.UpdateClaimsAsync("unknown", 1, "{}", Token);

        Assert.Empty((await Store.ReadChangesAsync(0, Token)).Items);
    }

    [Fact]
    public async Task ASessionCreatedRevokedOrUpdatedIsAChange()
    {
        await Store.CreateAsync(Session("revoked") with { RevokedAt = Start }, Token);
        await Store.CreateAsync(Session("updated") with { Version = 4 }, Token);

        var changes = (await Store.ReadChangesAsync(0, Token)).Items.ToDictionary(change => change.SessionId);
        Assert.True(changes["revoked"].Revoked);
        Assert.Equal((false, 4), (changes["updated"].Revoked, changes["updated"].Version));
        Assert.Equal(RevokeResult.AlreadyRevoked, await Store.RevokeAsync("ada", "revoked", Token));
    }

    [Fact]
    public async Task ACursorStaysGoodWhenTheNewestChangeIsRemoved()
    {
        await Store.CreateAsync(Session("short") with { ExpiresAt = Start.AddHours(1) }, Token);
        await Create("long");
        await Store.RevokeAsync("ada", "short", Token);
        var cursor = (await Store.ReadChangesAsync(0, Token)).Cursor;
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.Empty((await Store.ReadChangesAsync(0, Token)).Items);
        await Store.RemoveExpiredAsync(Token);

        await Store.RevokeAsync("ada", "long", Token);

        Assert.Equal("long", Assert.Single((await Store.ReadChangesAsync(cursor, Token)).Items).SessionId);
    }

    [Fact]
    public async Task ACursorOfAReplacedStoreReportsEverything()
    {
        await Create("s1");
        await Store.RevokeAsync("ada", "s1", Token);

        var changes = await Store.ReadChangesAsync(long.MaxValue, Token);

        Assert.Single(changes.Items);
        Assert.Empty((await Store.ReadChangesAsync(changes.Cursor, Token)).Items);
    }

    [Fact]
    public async Task NoChangeIsLostToAReaderBesideParallelWriters()
    {
        const int Writers = 4, Each = 30;
        for (var i = 0; i < Writers * Each; i++)
        {
            await Create($"s{i}");
        }

        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(
            async () =>
            {
                for (var i = 0; i < Each; i++)
                {
                    await Store.UpdateClaimsAsync($"s{writer * Each + i}", 1, "{}", Token);
                    await Store.RevokeAsync("ada", $"s{writer * Each + i}", Token);
                }
            },
            Token)));

        Dictionary<string, SessionChange> seen = [];
        for (var (cursor, isLast) = (0L, false); !isLast;)
        {
            isLast = writing.IsCompleted;
            var changes = await Store.ReadChangesAsync(cursor, Token);
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
