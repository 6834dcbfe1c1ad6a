namespace BlazorAuth.Testing;

/// <summary>Sessions of which nothing is kept but that they have ended.</summary>
public abstract partial class SessionStoreContract
{
    [Fact]
    public async Task WhatASessionGrantedIsErasedWhenItIsOverAndItStaysOver()
    {
        await CreateAsync("live");
        await CreateAsync("revoked");
        await CreateAsync("short");
        await RevokeAsync("revoked");
        Clock.Advance(TimeSpan.FromDays(30));
        await Store.CreateAsync(Session("late"), Token);
        var cursor = (await Store.ReadChangesAsync(0, default, Token)).Cursor;

        Assert.False(await Store.EraseAsync("ada", "late", Token));
        Assert.False(await Store.EraseAsync("eve", "revoked", Token));
        Assert.False(await Store.EraseAsync("ada", "unknown", Token));
        Assert.False(await Store.EraseAsync("a\0", "revoked", Token));
        Assert.True(await Store.EraseAsync("ada", "revoked", Token));
        Assert.True(await Store.EraseAsync("ada", "revoked", Token));
        Assert.True(await Store.EraseAsync("ada", "short", Token));

        var erased = (await Store.FindAsync("revoked", Token))!;
        Assert.Equal(("", null, RevocationReason.Revoked), (erased.Content, erased.Device, erased.RevokedFor));
        Assert.Equal(Session("late").Content, (await Store.FindAsync("late", Token))!.Content);
        Assert.Empty((await Store.ReadChangesAsync(cursor, default, Token)).Items);
    }

    /// <summary>Whoever read a row before it was erased may come late with what it said.</summary>
    [Fact]
    public async Task NothingWritesAgainWhatWasErased()
    {
        foreach (var id in (string[])["revoked", "replaced", "expired"])
        {
            await Store.CreateAsync(Session(id) with { ExpiresAt = Start.AddDays(id == "expired" ? 1 : 30) }, Token);
        }

        await RevokeAsync("revoked");
        await Replace("next", "replaced");
        Clock.Advance(TimeSpan.FromDays(1));
        foreach (var id in (string[])["revoked", "replaced", "expired"])
        {
            Assert.True(await Store.EraseAsync("ada", id, Token));
            var version = (await Store.FindAsync(id, Token))!.Version;

            foreach (var known in (int[])[1, version])
            {
                Assert.False(await Store.RewriteAsync(id, known, "sealed again", Token));
                Assert.Null(await Store.UpdateAsync(id, known, "changed", Token));
            }

            Assert.Null(await Store.RenewAsync("ada", id, Clock.GetUtcNow(), Clock.GetUtcNow().AddDays(30), Token));
            Assert.Equal(0, await Store.TouchAsync([new SessionTouch("ada", id, Clock.GetUtcNow(), Clock.GetUtcNow().AddDays(30))], Token));
            Assert.Null(await Replace("another", id));
            await Assert.ThrowsAsync<InvalidOperationException>(() => Store.CreateAsync(Session(id), Token));
            var erased = (await Store.FindAsync(id, Token))!;
            Assert.Equal(("", null), (erased.Content, erased.Device));
        }
    }

    [Fact]
    public async Task WhatASessionGrantedIsErasedForGoodThoughItIsWrittenAgainAtThatMoment()
    {
        for (var round = 0; round < 10; round++)
        {
            var id = $"s{round}";
            await CreateAsync(id);
            var writing = Enumerable.Range(0, 10).Select(i => Task.Run(() => Store.RewriteAsync(id, 1, "sealed again", Token), Token));
            var erasing = Task.Run(
                async () =>
                {
                    await RevokeAsync(id);
                    Assert.True(await Store.EraseAsync("ada", id, Token));
                },
                Token);

            await Task.WhenAll([erasing, .. writing]);
            Assert.Equal("", (await Store.FindAsync(id, Token))!.Content);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TheContentOfASessionThatIsOverStaysAsItWas(bool isRevoked)
    {
        var session = await CreateAsync("s1");
        Clock.Advance(TimeSpan.FromDays(isRevoked ? 1 : 30));
        await RevokeAsync("s1");

        Assert.False(await Store.RewriteAsync("s1", 1, "sealed again", Token));
        Assert.Equal((session.Content, isRevoked), ((await Store.FindAsync("s1", Token))!.Content, (await Store.FindAsync("s1", Token))!.RevokedAt is not null));
    }
}
