namespace BlazorAuth.Tests.Circuits;

/// <summary>A circuit ends with its session, by the clock of the node.</summary>
public sealed class CircuitExpiryTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ASessionEndsAtItsIdleTimeByTheNodesTimer()
    {
        await using var node = await CircuitNode.StartAsync(session => (session.IdleLifetime, session.UpdateAge) = (TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(1)));
        var early = (await node.OpenAsync(await node.SignInAsync("s1"))).Settled();
        node.Clock.Advance(TimeSpan.FromMinutes(5));
        var late = (await node.OpenAsync(await node.SignInAsync("s2"))).Settled();

        node.Clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromSeconds(1));
        Assert.True(early.IsSignedIn);
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False((await early.NewsAsync()).Identity!.IsAuthenticated);
        Assert.Equal(SessionEndReason.Expired, early.State.Ended!.Reason);
        Assert.True(late.IsSignedIn);
        node.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.False((await late.NewsAsync()).Identity!.IsAuthenticated);
    }

    [Fact]
    public async Task ASessionThatWasRenewedElsewhereGoesOnUntilItsAbsoluteTime()
    {
        await using var node = await CircuitNode.StartAsync(session =>
        {
            (session.IdleLifetime, session.UpdateAge) = (TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(1));
            session.AbsoluteLifetime = TimeSpan.FromMinutes(30);
        });
        var ticket = await node.SignInAsync("s1");
        var circuit = (await node.OpenAsync(ticket)).Settled();
        node.Clock.Advance(TimeSpan.FromMinutes(15));
        var renewed = await node.Sessions.RenewAsync(ticket, Token);

        node.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.True(circuit.IsSignedIn);
        Assert.False(circuit.HasNews);
        Assert.Equal(ticket.SignedInAt.AddMinutes(30), renewed!.ExpiresAt);
        node.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.False((await circuit.NewsAsync()).Identity!.IsAuthenticated);
    }

    [Fact]
    public async Task ARowThatCannotBeReadIsReadAgainAndAnExpiredSessionEndsAllTheSame()
    {
        await using var node = await CircuitNode.StartAsync(session => (session.IdleLifetime, session.UpdateAge) = (TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(1)));
        var ticket = await node.SignInAsync("s1");
        var circuit = (await node.OpenAsync(ticket)).Settled();
        var granted = await node.Store.GrantAsync("s1", "ada", 1, """{"roles":["admin"]}""");
        node.Store.IsDown = true;
        node.Changes.Apply(new SessionChange("s1", Revoked: false, granted!.Version, ticket.ExpiresAt, node.Clock.GetUtcNow()));
        Assert.False(circuit.HasNews);

        node.Store.IsDown = false;
        node.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True((await circuit.NewsAsync()).IsInRole("admin"));

        node.Store.IsDown = true;
        node.Clock.Advance(TimeSpan.FromMinutes(20));
        Assert.False((await circuit.NewsAsync()).Identity!.IsAuthenticated);
    }

    // When its first end comes, and not every second from then on.
    [Fact]
    public async Task ASessionThatWasRenewedElsewhereIsLookedAtOnce()
    {
        await using var node = await CircuitNode.StartAsync(session =>
        {
            (session.IdleLifetime, session.UpdateAge) = (TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(1));
            session.AbsoluteLifetime = TimeSpan.FromHours(10);
        });
        var ticket = await node.SignInAsync("s1");
        var circuit = (await node.OpenAsync(ticket)).Settled();
        node.Clock.Advance(TimeSpan.FromMinutes(15));
        await node.Sessions.RenewAsync(ticket, Token);
        node.Clock.Advance(TimeSpan.FromMinutes(4));
        var reads = node.Store.Reads;
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(1));
        for (var second = 0; second < 180; second++)
        {
            node.Clock.Advance(TimeSpan.FromSeconds(1));
            await pace.WaitForNextTickAsync(Token);
        }

        Assert.True(circuit.IsSignedIn);
        Assert.InRange(node.Store.Reads - reads, 1, 5);
    }
}
