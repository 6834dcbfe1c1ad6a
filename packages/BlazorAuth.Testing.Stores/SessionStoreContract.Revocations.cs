namespace BlazorAuth.Testing;

/// <summary>Sessions that are revoked.</summary>
public abstract partial class SessionStoreContract
{
    [Fact]
    public async Task ASessionIsRevokedOnceAndStaysRevoked()
    {
        await CreateAsync("s1");
        Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(RevokeResult.Revoked, await RevokeAsync("s1"));
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(RevokeResult.AlreadyRevoked, await RevokeAsync("s1"));
        Assert.Equal(Start.AddMinutes(1), (await Store.FindAsync("s1", Token))!.RevokedAt);
    }

    [Fact]
    public async Task AForeignUnknownOrExpiredSessionIsNotFoundAndNotRevoked()
    {
        await CreateAsync("s1");

        Assert.Equal(RevokeResult.NotFound, await RevokeAsync("s1", "eve"));
        Assert.Equal(RevokeResult.NotFound, await RevokeAsync("s1", "ADA"));
        Assert.Equal(RevokeResult.NotFound, await RevokeAsync("s2"));
        Assert.Null((await Store.FindAsync("s1", Token))!.RevokedAt);

        await RevokeAsync((await CreateAsync("s3")).Id);
        Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(RevokeResult.NotFound, await RevokeAsync("s1"));
        Assert.Equal(RevokeResult.NotFound, await RevokeAsync("s3"));
    }

    [Fact]
    public async Task OfFiftyParallelRevocationsExactlyOneRevokes()
    {
        await CreateAsync("s1");

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => RevokeAsync("s1"), Token)));

        Assert.Equal(1, results.Count(result => result is RevokeResult.Revoked));
        Assert.Equal(49, results.Count(result => result is RevokeResult.AlreadyRevoked));
    }

    [Fact]
    public async Task RevokingAllSparesTheExceptedForeignAndDeadOnes()
    {
        await CreateAsync("s1");
        await CreateAsync("s2");
        await CreateAsync("s3");
        await CreateAsync("foreign", "eve");
        await RevokeAsync("s3");

        Assert.Equal(["s1"], await Store.RevokeAllAsync("ada", "s2", 10, Revocation(), Token));
        Assert.Equal("s2", Assert.Single(await Store.ListAsync("ada", 10, null, Token)).Id);
        Assert.Equal(["s2"], await Store.RevokeAllAsync("ada", null, 10, Revocation(), Token));
        Assert.Empty(await Store.RevokeAllAsync("ada", null, 10, Revocation(), Token));
        Assert.Single(await Store.ListAsync("eve", 10, null, Token));
    }

    [Fact]
    public async Task ARevocationKeepsItsReasonAndIsRememberedAsLongAsItWasAskedTo()
    {
        await CreateAsync("s1");
        await CreateAsync("s2");
        await Store.RevokeAsync("ada", "s1", new(RevocationReason.SignedOut, Start.AddDays(60)), Token);
        await Store.RevokeAllAsync("ada", null, 10, new(RevocationReason.Banned, Start.AddDays(10)), Token);

        var (first, second) = ((await Store.FindAsync("s1", Token))!, (await Store.FindAsync("s2", Token))!);
        Assert.Equal((RevocationReason.SignedOut, Start.AddDays(60)), (first.RevokedFor, first.ExpiresAt));
        Assert.Equal((RevocationReason.Banned, Start.AddDays(30)), (second.RevokedFor, second.ExpiresAt));
        Clock.Advance(TimeSpan.FromDays(59));
        Assert.Equal(1, await Store.RemoveExpiredAsync(Clock.GetUtcNow(), Token));
        Assert.Equal(RevokeResult.AlreadyRevoked, await RevokeAsync("s1"));
    }

    [Fact]
    public async Task SessionsAreRevokedSomeAtATime()
    {
        const int Count = 250;
        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => CreateAsync($"s{i}")));

        var revoked = new List<string>();
        for (IReadOnlyList<string>? some = null; some is null or { Count: > 0 };)
        {
            revoked.AddRange(some = await Store.RevokeAllAsync("ada", "s100", 100, Revocation(), Token));
            Assert.InRange(some.Count, 0, 100);
        }

        Assert.Equal((Count - 1, Count - 1), (revoked.Count, revoked.Distinct().Count()));
        Assert.Equal("s100", Assert.Single(await Store.ListAsync("ada", 10, null, Token)).Id);
    }

    [Fact]
    public async Task OfTooManySessionsThoseSeenLongestAgoEnd()
    {
        for (var i = 0; i < 8; i++)
        {
            await Store.CreateAsync(Session($"s{i}") with { IsAdopted = i is 3 or 5, LastSeenAt = Start.AddMinutes(i) }, Token);
        }

        await CreateAsync("foreign", "eve");
        await Store.CreateAsync(Session("expiring") with { ExpiresAt = Start.AddMinutes(1), LastSeenAt = Start.AddHours(1) }, Token);
        await Store.RenewAsync("ada", "s0", Start.AddMinutes(30), Start.AddDays(30), Token);
        await RevokeAsync("s6");
        Clock.Advance(TimeSpan.FromMinutes(2));

        // Live are 0 to 5 and 7, of which 3 and 5 were adopted and 0 was seen last.
        Assert.Empty(await Store.LimitAsync("ada", "s1", int.MaxValue, Revocation(RevocationReason.TooMany), Token));
        Assert.Empty(await Store.LimitAsync("ada", "s1", 7, Revocation(RevocationReason.TooMany), Token));
        Assert.Equal(["s3"], await Store.LimitAsync("ada", "s1", 6, Revocation(RevocationReason.TooMany), Token));
        Assert.Equal(["s2", "s5"], (await Store.LimitAsync("ada", "s1", 4, Revocation(RevocationReason.TooMany), Token)).Order());
        Assert.Equal(["s4"], await Store.LimitAsync("ada", "s1", 3, Revocation(RevocationReason.TooMany), Token));
        Assert.Equal(["s0", "s7"], (await Store.LimitAsync("ada", "s1", 1, Revocation(RevocationReason.TooMany), Token)).Order());
        Assert.Empty(await Store.LimitAsync("ada", "s1", 0, Revocation(RevocationReason.TooMany), Token));

        Assert.Equal("s1", Assert.Single(await Store.ListAsync("ada", 10, null, Token)).Id);
        Assert.Single(await Store.ListAsync("eve", 10, null, Token));
        Assert.Equal(RevocationReason.TooMany, (await Store.FindAsync("s3", Token))!.RevokedFor);
        Assert.Contains(await ChangesAsync(), change => change is { SessionId: "s3", Revoked: true });
    }

    [Fact]
    public async Task AHundredSessionsEndAtOnceAtMost()
    {
        await Task.WhenAll(Enumerable.Range(0, 130).Select(i => CreateAsync($"s{i}")));

        Assert.Equal(100, (await Store.LimitAsync("ada", "s0", 5, Revocation(), Token)).Count);
        Assert.Equal(25, (await Store.LimitAsync("ada", "s0", 5, Revocation(), Token)).Count);
        Assert.Contains(await Store.ListAsync("ada", 10, null, Token), session => session.Id == "s0");
    }
}
