namespace BlazorAuth.Testing;

/// <summary>Sessions that replace others of the same user.</summary>
public abstract partial class SessionStoreContract
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task ASessionTakesThePlaceOfAnotherWhichEndsAWhileLater()
    {
        var old = await CreateAsync("s1");
        Clock.Advance(TimeSpan.FromMinutes(1));

        var session = Session("s2");
        var created = await Replace("s2", "s1");

        Assert.Equal(session with { Number = created!.Number }, created);
        Assert.Equal(created, await Store.FindAsync("s2", Token));
        Assert.True(created.Number > old.Number);
        Assert.Equal(
            Revoked(old, Start.AddSeconds(90), RevocationReason.Replaced) with { ReplacedBy = "s2" },
            await WithoutNumber("s1"));
        Assert.Equal(["s2"], (await Store.ListAsync("ada", 10, null, Token)).Select(record => record.Id));
        Assert.Equal(["s1", "s2"], (await Store.ListHistoryAsync("ada", 10, null, Token)).Select(record => record.Id));
    }

    [Fact]
    public async Task NothingChangesASessionThatWasReplaced()
    {
        await CreateAsync("s1");
        await Replace("s2", "s1");
        var replaced = await Store.FindAsync("s1", Token);

        Assert.Null(await Store.RenewAsync("ada", "s1", Start.AddHours(1), Start.AddDays(50), Token));
        Assert.Equal(0, await Store.TouchAsync([new SessionTouch("ada", "s1", Start.AddHours(1), Start.AddDays(50))], Token));
        Assert.Null(await Store.UpdateAsync("s1", 1, "{}", Token));
        Assert.False(await Store.RewriteAsync("s1", 1, "{}", Token));
        Assert.Null(await Replace("s3", "s1"));
        Assert.Equal(replaced, await Store.FindAsync("s1", Token));
        Assert.Null(await Store.FindAsync("s3", Token));
    }

    [Fact]
    public async Task OnlyALiveSessionOfTheSameUserIsReplaced()
    {
        await CreateAsync("revoked");
        await CreateAsync("foreign", "eve");
        await Store.CreateAsync(Session("expired") with { ExpiresAt = Start.AddMinutes(1) }, Token);
        await RevokeAsync("revoked");
        Clock.Advance(TimeSpan.FromMinutes(1));
        var before = await ChangesAsync();

        foreach (var id in (string[])["revoked", "foreign", "expired", "unknown", "\0"])
        {
            Assert.Null(await Replace("s2", id));
        }

        Assert.Null(await Store.FindAsync("s2", Token));
        Assert.Equal(before, await ChangesAsync());
        Assert.Null((await Store.FindAsync("foreign", Token))!.ReplacedBy);
    }

    [Fact]
    public async Task AnIdThatIsUsedReplacesNothing()
    {
        var old = await CreateAsync("s1");
        var other = await CreateAsync("s2", "eve");

        await Assert.ThrowsAsync<InvalidOperationException>(() => Replace("s2", "s1"));
        await Assert.ThrowsAsync<ArgumentException>(() => Replace("s 3", "s1"));

        Assert.Equal(old, await Store.FindAsync("s1", Token));
        Assert.Equal(other, await Store.FindAsync("s2", Token));
    }

    [Fact]
    public async Task OfManyThatReplaceASessionTogetherExactlyOneDoes()
    {
        await CreateAsync("s1");

        var created = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => Replace($"new{i}", "s1"), Token)));

        var one = Assert.Single(created, record => record is not null)!;
        Assert.Equal(one.Id, (await Store.FindAsync("s1", Token))!.ReplacedBy);
        Assert.Equal([one.Id], (await Store.ListAsync("ada", 30, null, Token)).Select(record => record.Id));
    }

    [Fact]
    public async Task ARevocationAndAReplacementAtOnceLeaveNoSessionThatNobodyKnowsOf()
    {
        for (var round = 0; round < 10; round++)
        {
            var (old, next) = ($"old{round}", $"new{round}");
            await CreateAsync(old);
            RevokeResult revoked = default;
            SessionRecord? created = null;
            await Task.WhenAll(
                Task.Run(async () => revoked = await RevokeAsync(old), Token), Task.Run(async () => created = await Replace(next, old), Token));

            Assert.Equal(RevokeResult.Revoked, revoked);
            Assert.NotNull((await Store.FindAsync(old, Token))!.RevokedAt);
            Assert.Equal(created is not null, await Store.FindAsync(next, Token) is { RevokedAt: null });
        }
    }

    [Fact]
    public async Task OthersHearOfAReplacementAndFromItsEndOnThatItIsOver()
    {
        var old = await CreateAsync("s1");
        var before = await Store.ReadChangesAsync(0, default, Token);
        await Replace("s2", "s1");
        var after = await Store.ReadChangesAsync(before.Cursor, default, Token);

        Assert.Equal(
            [new SessionChange("s1", false, 1, old.ExpiresAt, Start) { ReplacedBy = "s2", EndsAt = Start + Grace }], after.Items);
        Clock.Advance(Grace - TimeSpan.FromMilliseconds(1));
        Assert.False(Assert.Single(await ChangesAsync()).Revoked);
        Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal([new SessionChange("s1", true, 1, old.ExpiresAt, Start)], await ChangesAsync());
        Assert.Equal(RevokeResult.AlreadyRevoked, await RevokeAsync("s1"));
    }

    [Fact]
    public async Task AReplacedSessionIsRememberedAsLongAsARevokedOne()
    {
        await Store.CreateAsync(Session("s1") with { ExpiresAt = Start.AddMinutes(1) }, Token);
        await Store.ReplaceAsync(Session("s2"), "s1", Grace, Start.AddDays(3), Token);

        Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal(0, await Store.RemoveExpiredAsync(Clock.GetUtcNow(), Token));
        Assert.True(Assert.Single(await ChangesAsync()).Revoked);
        Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1, await Store.RemoveExpiredAsync(Clock.GetUtcNow(), Token));
    }

    [Theory]
    [InlineData("revoke")]
    [InlineData("all")]
    [InlineData("others")]
    [InlineData("limit")]
    [InlineData("itself")]
    public async Task WhateverEndsASessionEndsThoseThatItReplaced(string how)
    {
        await CreateAsync("foreign", "eve");
        await Replace("foreign2", "foreign", "eve");
        await CreateAsync("s1");
        await Replace("s2", "s1");
        Clock.Advance(TimeSpan.FromSeconds(10));
        await Replace("s3", "s2");
        Clock.Advance(TimeSpan.FromSeconds(10));
        await CreateAsync("newest");
        var cursor = (await Store.ReadChangesAsync(0, default, Token)).Cursor;

        IReadOnlyList<string> ended = how switch
        {
            "revoke" => await RevokeAsync("s3") == RevokeResult.Revoked ? ["s3"] : [],
            "itself" => await RevokeAsync("s1") == RevokeResult.Revoked && await RevokeAsync("s2") == RevokeResult.Revoked ? [] : ["s3"],
            "all" => await Store.RevokeAllAsync("ada", "newest", 10, Revocation(), Token),
            "others" => await Store.RevokeAllAsync("ada", "s3", 10, Revocation(), Token),
            _ => await Store.LimitAsync("ada", "newest", 1, Revocation(), Token),
        };

        Assert.Equal(how switch { "others" => ["newest"], "itself" => [], _ => ["s3"] }, ended);
        Assert.Equal(Start.AddSeconds(20), (await Store.FindAsync("s1", Token))!.RevokedAt);
        Assert.Equal(Start.AddSeconds(20), (await Store.FindAsync("s2", Token))!.RevokedAt);
        Assert.Equal(Start + Grace, (await Store.FindAsync("foreign", Token))!.RevokedAt);
        var changes = (await ChangesAsync(cursor)).ToDictionary(change => change.SessionId);
        Assert.True(changes["s1"].Revoked && changes["s2"].Revoked);
        Assert.Equal(RevokeResult.AlreadyRevoked, await RevokeAsync("s1"));
    }

    private Task<SessionRecord?> Replace(string id, string replacedId, string user = "ada") => Store.ReplaceAsync(Session(id, user), replacedId, Grace, default, Token);
}
