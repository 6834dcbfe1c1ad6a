namespace BlazorAuth.Testing;

/// <summary>Sessions that are seen, renewed, updated and forgotten.</summary>
public abstract partial class SessionStoreContract
{
    [Fact]
    public async Task TouchingMovesTimesForwardAndNeverBack()
    {
        await CreateAsync("s1");

        Assert.NotNull(await Store.RenewAsync("ada", "s1", Start.AddHours(2), Start.AddDays(40), Token));
        Assert.NotNull(await Store.RenewAsync("ada", "s1", Start.AddHours(1), Start.AddDays(50), Token));
        var session = await Store.RenewAsync("ada", "s1", Start.AddHours(1), Start.AddDays(20), Token);

        Assert.Equal(session, await Store.FindAsync("s1", Token));
        Assert.Equal(Start.AddHours(2), session!.LastSeenAt);
        Assert.Equal(Start.AddDays(50), session.ExpiresAt);
    }

    [Fact]
    public async Task TouchingManyIsTouchingEachOfThem()
    {
        await CreateAsync("s1");
        await CreateAsync("s2", "eve");
        var revoked = await CreateAsync("revoked");
        var foreign = await CreateAsync("foreign", "eve");
        await RevokeAsync("revoked");

        SessionTouch[] touches =
        [
            new("ada", "s1", Start.AddHours(2), Start.AddDays(40)), new("eve", "s2", Start.AddHours(-1), Start.AddDays(20)),
            new("ada", "revoked", Start.AddHours(1), Start.AddDays(40)), new("ada", "unknown", Start, Start.AddDays(40)),
            new("ada", "\0", Start, Start.AddDays(40)), new("ada", "foreign", Start.AddHours(1), Start.AddDays(40)),
        ];
        Assert.Equal(2, await Store.TouchAsync(touches, Token));
        Assert.Equal(0, await Store.TouchAsync([], Token));

        var (first, second) = ((await Store.FindAsync("s1", Token))!, (await Store.FindAsync("s2", Token))!);
        Assert.Equal((Start.AddHours(2), Start.AddDays(40)), (first.LastSeenAt, first.ExpiresAt));
        Assert.Equal((Start, Start.AddDays(30)), (second.LastSeenAt, second.ExpiresAt));
        Assert.Equal(Revoked(revoked, Start), await WithoutNumber("revoked"));
        Assert.Equal(foreign, await Store.FindAsync("foreign", Token));
        Assert.DoesNotContain(await ChangesAsync(), change => !change.Revoked);
    }

    [Fact]
    public async Task ThousandsAreTouchedWhileTheyAreRevoked()
    {
        const int Sessions = 2000;
        foreach (var some in Enumerable.Range(0, Sessions).Chunk(50))
        {
            await Task.WhenAll(some.Select(i => CreateAsync($"s{i}", i % 2 == 0 ? "ada" : "eve")));
        }

        SessionTouch[] touches = [.. Enumerable.Range(0, Sessions).Select(i => new SessionTouch(i % 2 == 0 ? "ada" : "eve", $"s{i}", Start.AddHours(1), Start.AddDays(31)))];

        var revoking = Task.Run(() => Store.RevokeAllAsync("ada", null, 1000, Revocation(), Token), Token);
        await Task.WhenAll(
            Task.Run(() => Store.TouchAsync(touches, Token), Token), Task.Run(() => Store.TouchAsync([.. touches.Reverse()], Token), Token));

        Assert.Equal(Sessions / 2, (await revoking).Count);
        Assert.Equal(Sessions / 2, await Store.TouchAsync(touches, Token));
        Assert.Empty(await Store.ListAsync("ada", 10, null, Token));
        Assert.All(await Store.ListAsync("eve", 1000, null, Token), session => Assert.Equal(Start.AddHours(1), session.LastSeenAt));
    }

    [Fact]
    public async Task TouchingOrUpdatingBringsNoSessionBack()
    {
        var revoked = await CreateAsync("revoked");
        var expired = await CreateAsync("expired");
        await RevokeAsync("revoked");
        Clock.Advance(TimeSpan.FromDays(30));

        foreach (var id in (string[])["revoked", "expired", "unknown", "\0"])
        {
            Assert.Null(await Store.RenewAsync("ada", id, Clock.GetUtcNow(), Clock.GetUtcNow().AddDays(30), Token));
            Assert.Null(await Store.UpdateAsync(id, 1, "{}", Token));
        }

        Assert.Equal(Revoked(revoked, Start), await WithoutNumber("revoked"));
        Assert.Equal(expired, await Store.FindAsync("expired", Token));
        Assert.Null(await Store.FindAsync("unknown", Token));
    }

    [Fact]
    public async Task ARenewalMakesAnAdoptedSessionAnOrdinaryOneAndAUseDoesNot()
    {
        foreach (var id in (string[])["s1", "s2"])
        {
            await Store.CreateAsync(Session(id) with { IsAdopted = true }, Token);
        }

        await CreateAsync("s3");
        await Store.TouchAsync([new SessionTouch("ada", "s2", Start.AddHours(2), Start.AddDays(31))], Token);
        Assert.False((await Store.RenewAsync("ada", "s1", Start.AddHours(-1), Start.AddDays(31), Token))!.IsAdopted);

        Assert.False((await Store.FindAsync("s1", Token))!.IsAdopted);
        Assert.True((await Store.FindAsync("s2", Token))!.IsAdopted);
        Assert.Equal(["s2"], await Store.LimitAsync("ada", "s3", 2, Revocation(RevocationReason.TooMany), Token));
    }

    [Fact]
    public async Task NobodyRenewsTheSessionOfSomebodyElse()
    {
        var session = await CreateAsync("s1");

        Assert.Null(await Store.RenewAsync("eve", "s1", Start.AddHours(1), Start.AddDays(40), Token));
        Assert.Null(await Store.RenewAsync("\0", "s1", Start.AddHours(1), Start.AddDays(40), Token));
        Assert.Equal(session, await Store.FindAsync("s1", Token));
    }

    [Fact]
    public async Task ContentIsWrittenAgainForItsVersionOnlyAndNobodyHearsOfIt()
    {
        var session = await CreateAsync("s1");
        await Store.UpdateAsync("s1", 1, "new", Token);
        var before = await Store.ReadChangesAsync(0, default, Token);

        Assert.False(await Store.RewriteAsync("s1", 1, "late", Token));
        Assert.False(await Store.RewriteAsync("unknown", 1, "late", Token));
        Assert.True(await Store.RewriteAsync("s1", 2, "new, sealed again", Token));

        Assert.Equal(session with { Content = "new, sealed again", Version = 2, Number = 0 }, await WithoutNumber("s1"));
        Assert.Empty(await ChangesAsync(before.Cursor));
    }

    [Fact]
    public async Task UpdatingClaimsCountsTheVersionUp()
    {
        var session = await CreateAsync("s1");

        Assert.Equal(2, (await Store.UpdateAsync("s1", 1, """{"role":"admin"}""", Token))!.Version);
        var updated = await Store.UpdateAsync("s1", 2, """{"role":"user"}""", Token);
        Assert.Equal(session with { Content = """{"role":"user"}""", Version = 3, Number = updated!.Number }, updated);
        Assert.Equal(updated, await Store.FindAsync("s1", Token));
    }

    [Fact]
    public async Task OfUpdatesOfTheSameVersionOneSucceeds()
    {
        var session = await CreateAsync("s1");

        var updates = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => Store.UpdateAsync("s1", 1, "1", Token), Token)));

        Assert.Equal(2, Assert.Single(updates, updated => updated is not null)!.Version);
        Assert.Null(await Store.UpdateAsync("s1", 1, "2", Token));
        Assert.Equal(session with { Content = "1", Version = 2, Number = 0 }, await WithoutNumber("s1"));
        Assert.Equal(3, (await Store.UpdateAsync("s1", 2, "3", Token))!.Version);
        Assert.Null(await Store.UpdateAsync("unknown", 1, "{}", Token));
    }

    [Fact]
    public async Task ARevocationWinsOverParallelRenewals()
    {
        await CreateAsync("s1");

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(
            () => i == 10 ? RevokeAsync("s1") : (Task)Store.RenewAsync("ada", "s1", Start.AddMinutes(i), Start.AddDays(31), Token), Token)));

        Assert.NotNull((await Store.FindAsync("s1", Token))!.RevokedAt);
        Assert.Empty(await Store.ListAsync("ada", 10, null, Token));
    }

    [Fact]
    public async Task ExpiredSessionsAreForgottenRevokedOrNot()
    {
        await CreateAsync("revoked");
        await CreateAsync("expired");
        await CreateAsync("renewed");
        await RevokeAsync("revoked");
        await Store.RenewAsync("ada", "renewed", Start, Start.AddDays(31), Token);

        Assert.Equal(0, await Store.RemoveExpiredAsync(Clock.GetUtcNow(), Token));
        Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(2, await Store.RemoveExpiredAsync(Clock.GetUtcNow(), Token));

        Assert.Null(await Store.FindAsync("revoked", Token));
        Assert.Null(await Store.FindAsync("expired", Token));
        Assert.NotNull(await Store.FindAsync("renewed", Token));
    }

    private static SessionRecord Revoked(SessionRecord session, DateTimeOffset at, RevocationReason reason = RevocationReason.Revoked) =>
        session with { RevokedAt = at, RevokedFor = reason, Number = 0 };

    private async Task<SessionRecord> WithoutNumber(string id) => (await Store.FindAsync(id, Token))! with { Number = 0 };
}
