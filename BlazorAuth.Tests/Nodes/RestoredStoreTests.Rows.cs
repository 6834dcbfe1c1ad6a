namespace BlazorAuth.Tests.Nodes;

/// <content>Single rows that are missing.</content>
public sealed partial class RestoredStoreTests
{
    [Theory]
    [InlineData("redis")]
    [InlineData("postgres")]
    public async Task ARowThatSomebodyRemovedIsNotWrittenAgain(string kind)
    {
        await UseAsync(kind);
        var a = await StartAsync();
        var (removed, cookie) = await a.SignInAsync();
        await RoundAsync(a);
        await SaveAsync(kind);
        await a.SignInAsync("eve");
        await RoundAsync(a);
        await RestoreAsync(kind);
        await LogsAsync(WentBack, a);
        await RemoveAsync(kind, removed.Id);

        Assert.False(await (await StartAsync()).BelievesAsync(TestTicket.Cookie(removed.With(removed.IssuedAt.AddDays(-2), removed.ExpiresAt.AddDays(-2)))));
        Assert.NotNull(cookie);
    }

    // The person's own sign-out, and an administrator's: of a session that the store does not know any more, though its token is right.
    [Theory]
    [InlineData("redis")]
    [InlineData("postgres")]
    [InlineData("sqlite")]
    public async Task ASignOutOfASessionWithoutARowHolds(string kind)
    {
        await UseAsync(kind);
        var a = await StartAsync();
        var (ticket, cookie) = await a.SignInAsync();
        await RemoveAsync(kind, ticket.Id);
        Assert.True(await a.BelievesAsync(cookie));

        await a.SignOutAsync(cookie);

        Assert.NotNull((await a.Store.FindAsync(ticket.Id, Token))!.RevokedAt);
        Assert.False(await (await StartAsync()).BelievesAsync(cookie));
    }

    // A ban names no session: it has to count for those, too, of which the store knows nothing at that moment.
    [Theory]
    [InlineData("redis")]
    [InlineData("postgres")]
    public async Task TheEndOfAllSessionsOfAPersonCoversThoseThatTheStoreHasLost(string kind)
    {
        await UseAsync(kind);
        var a = await StartAsync();
        var (_, other) = await a.SignInAsync();
        await RoundAsync(a);
        await SaveAsync(kind);
        var (_, lost) = await a.SignInAsync("eve");
        var (_, kept) = await a.SignInAsync("kim");
        await RoundAsync(a);
        await RestoreAsync(kind);
        await LogsAsync(WentBack, a);

        Assert.Equal(0, await a.Sessions.RevokeUserAsync("eve", Token));

        foreach (var node in (AuthApp[])[a, await StartAsync()])
        {
            Assert.False(await node.BelievesAsync(lost));
            Assert.True(await node.BelievesAsync(kept));
            Assert.True(await node.BelievesAsync(other));
        }
    }
}
