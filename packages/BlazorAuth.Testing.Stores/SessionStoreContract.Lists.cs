namespace BlazorAuth.Testing;

/// <summary>The lists of sessions: by person, page by page, and all of them.</summary>
public abstract partial class SessionStoreContract
{
    [Fact]
    public async Task LiveSessionsOfAUserAreListedTheMostRecentlySeenFirst()
    {
        foreach (var id in (string[])["old", "middle", "new", "revoked", "short"])
        {
            await CreateAsync(id);
            Clock.Advance(TimeSpan.FromMinutes(1));
        }

        await CreateAsync("foreign", "eve");
        await RevokeAsync("revoked");
        await Store.CreateAsync(Session("expiring") with { ExpiresAt = Clock.GetUtcNow().AddHours(1) }, Token);
        await Store.RenewAsync("ada", "old", Clock.GetUtcNow().AddMinutes(5), Start, Token);
        Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(["old", "short", "new", "middle"], (await Store.ListAsync("ada", 10, null, Token)).Select(session => session.Id));
        Assert.Empty(await Store.ListAsync("nobody", 10, null, Token));
        Assert.Empty(await Store.ListAsync("\0", 10, null, Token));
    }

    [Fact]
    public async Task TheHistoryHoldsEndedSessionsThoseThatBeganOrEndedLastFirst()
    {
        foreach (var id in (string[])["revoked", "expired", "live", "b-twin"])
        {
            await Store.CreateAsync(Session(id) with { ExpiresAt = Start.AddDays(id == "expired" ? 1 : 30) }, Token);
            Clock.Advance(TimeSpan.FromMinutes(id == "live" ? 0 : 1));
        }

        await CreateAsync("foreign", "eve");
        Clock.Advance(TimeSpan.FromDays(2));
        await RevokeAsync("revoked");

        Assert.Equal(["revoked", "b-twin", "live", "expired"], (await Store.ListHistoryAsync("ada", 10, null, Token)).Select(session => session.Id));
        Assert.Equal(["revoked", "b-twin"], (await Store.ListHistoryAsync("ada", 2, null, Token)).Select(session => session.Id));
        Assert.Equal(Clock.GetUtcNow(), (await Store.ListHistoryAsync("ada", 1, null, Token))[0].RevokedAt);
        Assert.Empty(await Store.ListHistoryAsync("nobody", 10, null, Token));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AListIsReadPageByPageWithNothingTwiceAndNothingLeftOut(bool isHistory)
    {
        const int Count = 250;
        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => Store.CreateAsync(
            Session($"s{i:000}") with { CreatedAt = Start.AddMinutes(i / 20), LastSeenAt = Start.AddMinutes(i / 20) }, Token)));

        var (found, last) = (new List<SessionRecord>(), (SessionRecord?)null);
        for (IReadOnlyList<SessionRecord>? page = null; page is null or { Count: > 0 };)
        {
            page = isHistory ? await Store.ListHistoryAsync("ada", 60, last, Token) : await Store.ListAsync("ada", 60, last, Token);
            found.AddRange(page);
            last = page.Count > 0 ? page[^1] : last;
            Assert.InRange(page.Count, 0, 60);
        }

        Assert.Equal(
            Enumerable.Range(0, Count).OrderByDescending(i => i / 20).ThenBy(i => i).Select(i => $"s{i:000}"), found.Select(session => session.Id));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(ISessionStore.MostAtOnce + 1)]
    public async Task NoCallTakesMoreThanAThousandSessions(int count)
    {
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.ListAsync("ada", count, null, Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.ListHistoryAsync("ada", count, null, Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.RevokeAllAsync("ada", null, count, Revocation(), Token));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Store.ScanAsync(null, count, Token));
    }

    [Fact]
    public async Task AllSessionsAreWalkedThroughSomeAtATime()
    {
        const int Count = 700;
        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => Store.CreateAsync(Session($"s{i}", $"user{i % 7}"), Token)));

        var found = new List<string>();
        for (var (slice, position) = ((SessionSlice?)null, (string?)null); slice is null || position is not null; position = slice.Position)
        {
            slice = await Store.ScanAsync(position, 100, Token);
            found.AddRange(slice.Sessions.Select(session => session.Id));
        }

        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"s{i}").Order(), found.Distinct().Order());
    }
}
