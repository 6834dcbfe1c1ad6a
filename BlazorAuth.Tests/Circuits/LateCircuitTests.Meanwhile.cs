namespace BlazorAuth.Tests.Circuits;

/// <content>While the row is read.</content>
public sealed partial class LateCircuitTests
{
    // A client of one's own begins to render and press while the row is read.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WhoeverAsksMeanwhileWaits(bool lives)
    {
        await using var node = await CircuitNode.StartAsync();
        var connection = TestTicket.State(await node.SignInAsync("s1"), node.Clock.GetUtcNow());
        await (lives
            ? (Task)node.Sessions.UpdateUserClaimsAsync("ada", claims => claims[AuthClaims.Roles] = "guest", Token)
            : node.Sessions.RevokeUserAsync("ada", Token));
        Later(node, 26, forgets: true);
        var circuit = new TestCircuit(new SessionStateProvider(node.Circuits));
        circuit.State.SetAuthenticationState(connection);
        var held = node.Store.Hold();
        var opening = circuit.State.OpenAsync();

        var asked = circuit.State.GetAuthenticationStateAsync();
        Assert.False(asked.IsCompleted);
        Assert.Null(circuit.State.UserId);
        held.SetResult();
        await opening;

        var user = (await asked).User;
        Assert.Equal((false, lives), (user.IsInRole("reader"), user.IsInRole("guest")));
        Assert.Same(user, circuit.User);
    }

    // What hands the session on without waiting, such as a cascading parameter, shows nobody until it is told.
    [Fact]
    public async Task WhoeverHasAskedMeanwhileIsTold()
    {
        await using var node = await CircuitNode.StartAsync();
        var connection = TestTicket.State(await node.SignInAsync("s1"), node.Clock.GetUtcNow());
        Later(node, 26, forgets: true);
        var circuit = new TestCircuit(new SessionStateProvider(node.Circuits));
        circuit.State.SetAuthenticationState(connection);
        circuit.Settled();
        var held = node.Store.Hold();
        var opening = circuit.State.OpenAsync();
        Assert.Null(circuit.State.GetAuthenticationStateAsync().OrNull());
        held.SetResult();
        await opening;

        Assert.True((await circuit.NewsAsync()).Identity!.IsAuthenticated);
    }

    [Fact]
    public async Task OfSeveralConnectionsTheLastCounts()
    {
        await using var node = await CircuitNode.StartAsync();
        var connection = TestTicket.State(await node.SignInAsync("s1"), node.Clock.GetUtcNow());
        Later(node, 26, forgets: true);
        var newer = await node.SignInAsync("s2");
        await node.Sessions.RevokeAsync("ada", "s1", Token);
        Later(node, 26, forgets: true);
        var circuit = new TestCircuit(new SessionStateProvider(node.Circuits));
        circuit.State.SetAuthenticationState(connection);
        var held = node.Store.Hold();
        var opening = circuit.State.OpenAsync();
        var before = node.Store.Reads;
        for (var i = 0; i < 1000; i++)
        {
            circuit.State.SetAuthenticationState(TestTicket.State(newer, node.Clock.GetUtcNow()));
        }

        Assert.Equal(before, node.Store.Reads);
        Assert.Equal("ada", circuit.State.OwnerId);
        held.SetResult();
        await opening;

        while (circuit.State.UserId is null)
        {
            await circuit.NewsAsync();
        }

        Assert.Equal("s2", circuit.State.Live!.Ticket.Id);
        Assert.Null(circuit.State.Ended);
        Assert.InRange(node.Store.Reads - before, 0, 3);
    }

    [Fact]
    public async Task OneThatIsClosedMeanwhileIsForgotten()
    {
        await using var node = await CircuitNode.StartAsync();
        var connection = TestTicket.State(await node.SignInAsync("s1"), node.Clock.GetUtcNow());
        Later(node, 26, forgets: true);
        var circuit = new TestCircuit(new SessionStateProvider(node.Circuits));
        circuit.State.SetAuthenticationState(connection);
        var held = node.Store.Hold();
        var opening = circuit.State.OpenAsync();
        circuit.State.Close();
        held.SetResult();
        await opening;

        Assert.Equal((0, 0), node.Circuits.Count());
        Assert.False(circuit.IsSignedIn);
    }
}
