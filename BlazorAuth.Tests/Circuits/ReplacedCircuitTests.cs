namespace BlazorAuth.Tests.Circuits;

/// <summary>Open pages whose session was replaced by a confirmation or a new sign-in.</summary>
public sealed class ReplacedCircuitTests
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // All circuits of a session share one principal: those of a copied cookie became fresh when the owner confirmed.
    [Fact]
    public async Task AConfirmationMakesNoCircuitOfTheOldSessionFresh()
    {
        await using var node = await CircuitNode.StartAsync();
        var old = await node.SignInAsync("s1");
        var (page, copy) = ((await node.OpenAsync(old)).Settled(), (await node.OpenAsync(old)).Settled());

        var fresh = await ConfirmAsync(node, old);

        Assert.True((await page.NewsAsync()).Identity!.IsAuthenticated);
        Assert.True((await copy.NewsAsync()).Identity!.IsAuthenticated);
        Assert.True(page.State.IsReplaced && copy.State.IsReplaced);
        Assert.Null(page.State.Ended);
        Assert.True(page.State.TryEnter(fresh));
        Assert.True(node.Sessions.IsFresh(SessionOf(await NewsOf(page)), Within));
        Assert.False(page.State.IsReplaced);
        Assert.False(node.Sessions.IsFresh(SessionOf(copy.User), Within));
        Assert.True(copy.State.IsReplaced);

        node.Clock.Advance(SessionManager.Grace);

        Assert.False((await NewsOf(copy)).Identity!.IsAuthenticated);
        Assert.Equal(SessionEndReason.SignedOut, copy.State.Ended!.Reason);
        Assert.True(page.IsSignedIn);
        Assert.Equal((1, 1), node.Circuits.Count());
    }

    [Fact]
    public async Task APageThatHasNotMovedIsLoadedAgainOnceAndEndsWithItsSession()
    {
        await using var node = await CircuitNode.StartAsync();
        var old = await node.SignInAsync("s1");
        var page = (await node.OpenAsync(old)).Settled();
        var reloads = System.Threading.Channels.Channel.CreateUnbounded<bool>();
        page.State.Reloading += () => reloads.Writer.TryWrite(true);
        await ConfirmAsync(node, old);
        node.Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(reloads.Reader.TryPeek(out _));

        node.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await reloads.Reader.ReadAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Token));
        // The same page with the same cookie, as a copy has it.
        var again = (await node.OpenAsync(old)).Settled();
        again.State.Reloading += () => reloads.Writer.TryWrite(true);
        Assert.True(again.State.IsReplaced && again.IsSignedIn);
        node.Clock.Advance(TimeSpan.FromSeconds(19));
        Assert.True(page.IsSignedIn && again.IsSignedIn);
        node.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(page.IsSignedIn || again.IsSignedIn);
        Assert.False(reloads.Reader.TryPeek(out _));
        Assert.Equal((0, 0), node.Circuits.Count());
    }

    // The store's word on when the old session ends comes later than this node's own, and differs by what the call took.
    [Fact]
    public async Task ALaterWordOnTheEndOfASessionKeepsNoPageFromBeingLoadedAgain()
    {
        await using var node = await CircuitNode.StartAsync();
        var old = await node.SignInAsync("s1");
        var page = (await node.OpenAsync(old)).Settled();
        var reloads = System.Threading.Channels.Channel.CreateUnbounded<bool>();
        page.State.Reloading += () => reloads.Writer.TryWrite(true);
        await ConfirmAsync(node, old);
        node.Changes.Apply(node.Changes.Find("s1")!.Value with { EndsAt = node.Clock.GetUtcNow() + SessionManager.Grace - TimeSpan.FromMilliseconds(20) });

        var copy = await node.OpenAsync(old);
        node.Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.True(await reloads.Reader.ReadAsync(Token).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Token));
        node.Clock.Advance(TimeSpan.FromSeconds(19));
        Assert.True(page.IsSignedIn && copy.IsSignedIn);
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(page.IsSignedIn || copy.IsSignedIn);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task SigningOutOfTheNewSessionEndsTheCircuitsOfTheOldOneAtOnce(bool isStoreDown)
    {
        await using var node = await CircuitNode.StartAsync();
        var old = await node.SignInAsync("s1");
        var copy = (await node.OpenAsync(old)).Settled();
        var fresh = await ConfirmAsync(node, old);
        node.Store.IsDown = isStoreDown;

        await node.Sessions.EndAsync(fresh);

        Assert.False(copy.IsSignedIn);
    }

    [Fact]
    public async Task WhatAnotherNodeReplacedIsHeardOfInWhateverOrder()
    {
        await using var node = await CircuitNode.StartAsync();
        var (first, second) = (await node.OpenAsync(await node.SignInAsync("s1")), await node.OpenAsync(await node.SignInAsync("s2")));
        var now = node.Clock.GetUtcNow();
        SessionChange Change(string id, string? by) => new(id, Revoked: by is null, 1, now.AddDays(1), now) { ReplacedBy = by, EndsAt = by is null ? null : now.AddSeconds(30) };

        node.Changes.Apply(Change("s1", "new1"));
        Assert.True(first.IsSignedIn && first.State.IsReplaced);
        node.Changes.Apply(Change("new1", null));
        node.Changes.Apply(Change("new2", null));
        node.Changes.Apply(Change("s2", "new2"));

        Assert.False(first.IsSignedIn || second.IsSignedIn);
    }

    [Fact]
    public async Task ACircuitLearnsFromTheRowWhatTheSignalLost()
    {
        await using var node = await CircuitNode.StartAsync();
        var old = await node.SignInAsync("s1");
        var page = (await node.OpenAsync(old)).Settled();
        var row = (await node.Store.FindAsync("s1", Token))!;
        await node.Store.ReplaceAsync(row with { Id = "s2" }, "s1", SessionManager.Grace, node.Clock.GetUtcNow().AddDays(1), Token);

        node.Clock.Advance(new AuthSessionOptions().ReconcileInterval);

        Assert.True((await page.NewsAsync()).Identity!.IsAuthenticated);
        Assert.True(page.State.IsReplaced);
        node.Clock.Advance(SessionManager.Grace);
        Assert.False((await NewsOf(page)).Identity!.IsAuthenticated);
    }

    private static async Task<System.Security.Claims.ClaimsPrincipal> NewsOf(TestCircuit circuit)
    {
        for (var news = await circuit.NewsAsync(); ; news = await circuit.NewsAsync())
        {
            if (ReferenceEquals(news, circuit.User))
            {
                return news;
            }
        }
    }

    private static Session SessionOf(System.Security.Claims.ClaimsPrincipal user) => SessionIdentity.Of(user)!.Session;

    private static async Task<SessionTicket> ConfirmAsync(CircuitNode node, SessionTicket old)
    {
        var now = node.Clock.GetUtcNow();
        var ticket = node.Sessions.Lifetimes.WithTimes(TestTicket.Of(old.UserId, now, old.Id + "-next", authenticatedAt: now));
        return (await node.Sessions.ReplaceAsync(old.Id, ticket, new SessionOrigin(null), Token))!;
    }
}
