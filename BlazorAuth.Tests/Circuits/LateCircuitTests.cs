using Microsoft.AspNetCore.Components.Authorization;

namespace BlazorAuth.Tests.Circuits;

/// <summary>A client that connects to the hub, and begins its circuit when this node has forgotten what became of its session.</summary>
public sealed class LateCircuitTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(1, false)]
    [InlineData(26, false)]
    [InlineData(24 * 20, false)]
    public async Task ItsCircuitIsNobodysIfTheSessionWasEndedMeanwhile(int hours, bool isRemembered)
    {
        await using var node = await CircuitNode.StartAsync();
        var connection = TestTicket.State(await node.SignInAsync("s1"), node.Clock.GetUtcNow());
        await node.Sessions.RevokeUserAsync("ada", Token);
        Later(node, hours, forgets: !isRemembered);

        var circuit = await BeginAsync(node, connection);

        Assert.False(circuit.IsSignedIn);
        Assert.Equal((0, 0), node.Circuits.Count());
        Assert.Equal(new SessionEnd(SessionEndReason.SignedOut, "ada", "google"), circuit.State.Ended);
    }

    [Fact]
    public async Task ItHasTheRolesOfNow()
    {
        await using var node = await CircuitNode.StartAsync();
        var connection = TestTicket.State(await node.SignInAsync("s1"), node.Clock.GetUtcNow());
        Assert.Equal(1, await node.Sessions.UpdateUserClaimsAsync("ada", claims => claims[AuthClaims.Roles] = "guest", Token));
        Later(node, 26, forgets: true);

        var circuit = await BeginAsync(node, connection);

        Assert.True(circuit.User.IsInRole("guest"));
        Assert.False(circuit.User.IsInRole("reader"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ItNeverHasRolesThatAreKnownToBeGone(bool isDown)
    {
        await using var node = await CircuitNode.StartAsync();
        var connection = TestTicket.State(await node.SignInAsync("s1"), node.Clock.GetUtcNow());
        Assert.Equal(1, await node.Sessions.UpdateUserClaimsAsync("ada", claims => claims[AuthClaims.Roles] = "guest", Token));
        node.Clock.Advance(TimeSpan.FromSeconds(10));
        node.Store.IsDown = isDown;

        var circuit = await BeginAsync(node, connection);

        Assert.Equal((false, !isDown), (circuit.User.IsInRole("reader"), circuit.User.IsInRole("guest")));
    }

    [Fact]
    public async Task ItIsSignedInIfTheSessionLives()
    {
        await using var node = await CircuitNode.StartAsync();
        var connection = TestTicket.State(await node.SignInAsync("s1"), node.Clock.GetUtcNow());
        Later(node, 26, forgets: true);

        Assert.True((await BeginAsync(node, connection)).IsSignedIn);
    }

    [Fact]
    public async Task WhereTheStoreCannotTellItIsNobodys()
    {
        await using var node = await CircuitNode.StartAsync();
        var connection = TestTicket.State(await node.SignInAsync("s1"), node.Clock.GetUtcNow());
        Later(node, 26, forgets: true);
        node.Store.IsDown = true;

        Assert.False((await BeginAsync(node, connection)).IsSignedIn);
    }

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

    // The app's own: what it knows of this connection, such as the network that it comes from.
    [Fact]
    public async Task WhatTheAppAddsToOneConnectionIsInNoOther()
    {
        await using var node = await CircuitNode.StartAsync();
        var ticket = await node.SignInAsync("s1");
        var inside = await BeginAsync(node, With(ticket, node, "intranet"));
        var outside = await node.OpenAsync(ticket);
        Later(node, 2, forgets: true);
        var late = await BeginAsync(node, With(ticket, node, "late"));

        Assert.Equal((true, false, false), (inside.User.IsInRole("intranet"), outside.User.IsInRole("intranet"), late.User.IsInRole("intranet")));
        Assert.True(late.IsSignedIn);
        Assert.Equal(1, node.Circuits.Count().Sessions);
    }

    private static Task<AuthenticationState> With(SessionTicket ticket, CircuitNode node, string role)
    {
        var user = TestTicket.State(ticket, node.Clock.GetUtcNow()).Result.User;
        user.AddIdentity(new System.Security.Claims.ClaimsIdentity([new(System.Security.Claims.ClaimTypes.Role, role)]));
        return Task.FromResult(new AuthenticationState(user));
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

    [Fact]
    public async Task OneThatWasRefusedStaysItsPersons()
    {
        await using var node = await CircuitNode.StartAsync();
        var connection = TestTicket.State(await node.SignInAsync("s1"), node.Clock.GetUtcNow());
        var grace = await node.SignInAsync("s2", "grace");
        await node.Sessions.RevokeUserAsync("ada", Token);
        Later(node, 1, forgets: false);

        var circuit = await BeginAsync(node, connection);

        Assert.Equal("ada", circuit.State.OwnerId);
        Assert.False(circuit.State.TryEnter(grace));
    }

    // All sessions of somebody end, and the store has lost this one's row: nothing but its circuits knows it.
    [Fact]
    public async Task TheEndOfAllSessionsReachesOneThatIsAboutToBegin()
    {
        await using var node = await CircuitNode.StartAsync();
        var now = node.Clock.GetUtcNow();
        var connection = TestTicket.State(await node.SignInAsync("s1"), now);
        await node.OpenAsync(ticket: null);
        node.Store.HasLost = true;
        node.Changes.Apply(new SessionChange(EndOfAll.NewId("ada"), Revoked: true, Version: 1, now.AddDays(30), now));
        node.Clock.Advance(TimeSpan.FromSeconds(10));

        var circuit = await BeginAsync(node, connection);

        while (circuit.IsSignedIn)
        {
            await circuit.NewsAsync();
        }
    }

    [Fact]
    public void TheAppsOwnHandlersComeLater() => Assert.Equal(int.MinValue, new CircuitSessionHandler(null!, null!).Order);

    private static void Later(CircuitNode node, int hours, bool forgets)
    {
        node.Clock.Advance(TimeSpan.FromHours(hours));
        if (forgets)
        {
            node.Changes.Forget();
        }
    }

    // The platform gives a circuit the person that its connection began with.
    private static async Task<TestCircuit> BeginAsync(CircuitNode node, Task<AuthenticationState> connection)
    {
        var circuit = new TestCircuit(new SessionStateProvider(node.Circuits));
        circuit.State.SetAuthenticationState(connection);
        await circuit.State.OpenAsync();
        return circuit;
    }
}
