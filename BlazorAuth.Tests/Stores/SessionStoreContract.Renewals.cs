using Xunit;

namespace BlazorAuth.Tests.Stores;

/// <summary>Sessions that are seen, renewed, updated and forgotten.</summary>
public abstract partial class SessionStoreContract
{
    [Fact]
    public async Task TouchingMovesTimesForwardAndNeverBack()
    {
        await Create("s1");

        Assert.True(await Store.TouchAsync("s1", Start.AddHours(2), Start.AddDays(40), Token));
        Assert.True(await Store.TouchAsync("s1", Start.AddHours(1), Start.AddDays(50), Token));
        Assert.True(await Store.TouchAsync("s1", Start.AddHours(1), Start.AddDays(20), Token));

        var session = (await Store.FindAsync("s1", Token))!;
        Assert.Equal(Start.AddHours(2), session.LastSeenAt);
        Assert.Equal(Start.AddDays(50), session.ExpiresAt);
    }

    [Fact]
    public async Task TouchingManyIsTouchingEachOfThem()
    {
        await Create("s1");
        await Create("s2", "eve");
        var revoked = await Create("revoked");
        await Store.RevokeAsync("ada", "revoked", Token);

        SessionTouch[] touches =
        [
            new("s1", Start.AddHours(2), Start.AddDays(40)), new("s2", Start.AddHours(-1), Start.AddDays(20)),
            new("revoked", Start.AddHours(1), Start.AddDays(40)), new("unknown", Start, Start.AddDays(40)), new("\0", Start, Start.AddDays(40)),
        ];
        Assert.Equal(2, await Store.TouchAsync(touches, Token));
        Assert.Equal(0, await Store.TouchAsync([], Token));

        var (first, second) = ((await Store.FindAsync("s1", Token))!, (await Store.FindAsync("s2", Token))!);
        Assert.Equal((Start.AddHours(2), Start.AddDays(40)), (first.LastSeenAt, first.ExpiresAt));
        Assert.Equal((Start, Start.AddDays(30)), (second.LastSeenAt, second.ExpiresAt));
        Assert.Equal(revoked with { RevokedAt = Start }, await Store.FindAsync("revoked", Token));
        Assert.DoesNotContain((await Store.ReadChangesAsync(0, Token)).Items, change => !change.Revoked);
    }

    [Fact]
    public async Task ThousandsAreTouchedWhileTheyAreRevoked()
    {
        const int Sessions = 2000;
        await Task.WhenAll(Enumerable.Range(0, Sessions).Select(i => Create($"s{i}", i % 2 == 0 ? "ada" : "eve")));
        SessionTouch[] touches = [.. Enumerable.Range(0, Sessions).Select(i => new SessionTouch($"s{i}", Start.AddHours(1), Start.AddDays(31)))];

        var revoking = Task.Run(() => Store.RevokeAllAsync("ada", cancellationToken: Token), Token);
        await Task.WhenAll(
            Task.Run(() => Store.TouchAsync(touches, Token), Token), Task.Run(() => Store.TouchAsync([.. touches.Reverse()], Token), Token));

        Assert.Equal(Sessions / 2, (await revoking).Count);
        Assert.Equal(Sessions / 2, await Store.TouchAsync(touches, Token));
        Assert.Empty(await Store.ListAsync("ada", Token));
        Assert.All(await Store.ListAsync("eve", Token), session => Assert.Equal(Start.AddHours(1), session.LastSeenAt));
    }

    [Fact]
    public async Task TouchingOrUpdatingBringsNoSessionBack()
    {
        var revoked = await Create("revoked");
        var expired = await Create("expired");
        await Store.RevokeAsync("ada", "revoked", Token);
        Clock.Advance(TimeSpan.FromDays(30));

        foreach (var id in (string[])["revoked", "expired", "unknown"])
        {
            Assert.False(await Store.TouchAsync(id, Clock.GetUtcNow(), Clock.GetUtcNow().AddDays(30), Token));
            Assert.Null(await Store.UpdateClaimsAsync(id, 1, "{}", Token));
        }

        Assert.Equal(revoked with { RevokedAt = Start }, await Store.FindAsync("revoked", Token));
        Assert.Equal(expired, await Store.FindAsync("expired", Token));
        Assert.Null(await Store.FindAsync("unknown", Token));
    }

    [Fact]
    public async Task UpdatingClaimsCountsTheVersionUp()
    {
        var session = await Create("s1");

        Assert.Equal(2, await Store.UpdateClaimsAsync("s1", 1, """{"role":"admin"}""", Token));
        Assert.Equal(3, await Store.UpdateClaimsAsync("s1", 2, """{"role":"user"}""", Token));
        Assert.Equal(session with { Claims = """{"role":"user"}""", Version = 3 }, await Store.FindAsync("s1", Token));
    }

    [Fact]
    public async Task OfUpdatesOfTheSameVersionOneSucceeds()
    {
        var session = await Create("s1");

        var versions = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(() => Store.UpdateClaimsAsync("s1", 1, "1", Token), Token)));

        Assert.Equal(2, Assert.Single(versions, version => version is not null));
        Assert.Null(await Store.UpdateClaimsAsync("s1", 1, "2", Token));
        Assert.Equal(session with { Claims = "1", Version = 2 }, await Store.FindAsync("s1", Token));
        Assert.Equal(3, await Store.UpdateClaimsAsync("s1", 2, "3", Token));
        Assert.Null(await Store.UpdateClaimsAsync("unknown", 1, "{}", Token));
    }

    [Fact]
    public async Task ARevocationWinsOverParallelRenewals()
    {
        await Create("s1");

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(
            () => i == 10 ? Store.RevokeAsync("ada", "s1", Token) : (Task)Store.TouchAsync("s1", Start.AddMinutes(i), Start.AddDays(31), Token), Token)));

        Assert.NotNull((await Store.FindAsync("s1", Token))!.RevokedAt);
        Assert.Empty(await Store.ListAsync("ada", Token));
    }

    [Fact]
    public async Task ExpiredSessionsAreForgottenRevokedOrNot()
    {
        await Create("revoked");
        await Create("expired");
        await Create("renewed");
        await Store.RevokeAsync("ada", "revoked", Token);
        await Store.TouchAsync("renewed", Start, Start.AddDays(31), Token);

        Assert.Equal(0, await Store.RemoveExpiredAsync(Token));
        Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal(2, await Store.RemoveExpiredAsync(Token));

        Assert.Null(await Store.FindAsync("revoked", Token));
        Assert.Null(await Store.FindAsync("expired", Token));
        Assert.NotNull(await Store.FindAsync("renewed", Token));
    }
}
