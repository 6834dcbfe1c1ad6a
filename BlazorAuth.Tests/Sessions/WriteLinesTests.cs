namespace BlazorAuth.Tests.Sessions;

/// <summary>Changes and renewals of one session wait for each other before they take up a place at the store.</summary>
public sealed class WriteLinesTests
{
    private readonly TestClock _clock = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RenewalsOfOneSessionAreJoined()
    {
        var (lines, ticket, held, writes) = (Lines(), TestTicket.Of("ada", _clock.GetUtcNow()), new TaskCompletionSource(), 0);
        async Task<SessionRow?> WriteAsync(CancellationToken token)
        {
            writes++;
            await held.Task;
            return RowOf(ticket);
        }

        // The first one is at the store already, and may know nothing of what those after it did before. They need one more, which serves all.
        var calls = Enumerable.Range(0, 15).Select(_ => lines.RenewAsync(ticket, WriteAsync, Token)).ToList();
        Assert.Equal(1, writes);
        held.SetResult();

        Assert.All(await Task.WhenAll(calls), row => Assert.Equal(ticket.Id, row!.Record.Id));
        Assert.Equal(2, writes);
    }

    [Fact]
    public async Task ARenewalOfSomebodyElseOrForLessIsNotEnough()
    {
        var (lines, ticket, held, writes) = (Lines(), TestTicket.Of("ada", _clock.GetUtcNow()), new TaskCompletionSource(), 0);
        Func<CancellationToken, Task<SessionRow?>> Of(SessionTicket renewed) => async _ =>
        {
            writes++;
            await held.Task;
            return RowOf(renewed);
        };

        SessionTicket[] tickets = [ticket, ticket, ticket.For("bob"), ticket.With(ticket.IssuedAt, ticket.ExpiresAt.AddMinutes(1))];
        var calls = tickets.Select(renewed => lines.RenewAsync(renewed, Of(renewed), Token)).ToList();
        held.SetResult();
        await Task.WhenAll(calls);

        Assert.Equal(4, writes);
    }

    [Fact]
    public async Task WhoDoesNotWaitAnyMoreLeavesTheLineAndWhatHasBegunIsNotCancelled()
    {
        var (lines, held) = (Lines(), new TaskCompletionSource<int>());
        using var impatient = new CancellationTokenSource();
        CancellationToken seen = default;
        var first = lines.WriteAsync("s1", token => { seen = token; return held.Task; }, impatient.Token);
        var second = lines.WriteAsync("s1", _ => Task.FromResult(2), impatient.Token);
        var third = lines.WriteAsync("s1", _ => Task.FromResult(3), Token);

        await impatient.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second);
        Assert.False(first.IsCompleted || third.IsCompleted || seen.IsCancellationRequested);
        held.SetResult(1);

        Assert.Equal((1, 3), (await first, await third));
    }

    [Fact]
    public async Task NobodyWaitsLongerThanAStoreMayTake()
    {
        var (lines, held) = (Lines(), new TaskCompletionSource<int>());
        var first = lines.WriteAsync("s1", _ => held.Task, Token);
        var second = lines.WriteAsync("s1", _ => Task.FromResult(2), Token);
        Assert.Equal(4, await lines.WriteAsync("s2", _ => Task.FromResult(4), Token));

        _clock.Advance(TimeSpan.FromSeconds(3));

        await Assert.ThrowsAsync<SessionStoreException>(() => second);
        held.SetResult(1);
        Assert.Equal((1, 5), (await first, await lines.WriteAsync("s1", _ => Task.FromResult(5), Token)));
    }

    [Fact]
    public async Task AChangeFromOutsideWaitsAsLongAsAFullLineMayTake()
    {
        var (lines, held) = (Lines(), new TaskCompletionSource<int>());
        var first = lines.WriteAsync("s1", _ => held.Task, Token);
        var demotion = lines.WriteAsync("s1", _ => Task.FromResult(2), Token, isFromOutside: true);
        var update = lines.WriteAsync("s1", _ => Task.FromResult(3), Token);

        _clock.Advance(TimeSpan.FromSeconds(59));
        await Assert.ThrowsAsync<SessionStoreException>(() => update);
        Assert.False(demotion.IsCompleted);
        held.SetResult(1);
        Assert.Equal((1, 2), (await first, await demotion));

        held = new TaskCompletionSource<int>();
        first = lines.WriteAsync("s1", _ => held.Task, Token);
        demotion = lines.WriteAsync("s1", _ => Task.FromResult(2), Token, isFromOutside: true);
        _clock.Advance(TimeSpan.FromSeconds(60));
        await Assert.ThrowsAsync<SessionStoreException>(() => demotion);
        held.SetResult(1);
        Assert.Equal(1, await first);
    }

    private WriteLines Lines() => new(new SharedClock(_clock));

    private static SessionRow RowOf(SessionTicket ticket) => new(
        new SessionRecord
        {
            Id = ticket.Id, UserId = ticket.UserId, Provider = ticket.Provider, Content = "", Version = ticket.Version, CreatedAt = ticket.SignedInAt,
            LastSeenAt = ticket.IssuedAt, ExpiresAt = ticket.ExpiresAt,
        },
        null,
        IsSealedByFirst: true);
}
