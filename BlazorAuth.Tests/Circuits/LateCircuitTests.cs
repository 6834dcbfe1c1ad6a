using Microsoft.AspNetCore.Components.Authorization;

namespace BlazorAuth.Tests.Circuits;

/// <summary>A client that connects to the hub, and begins its circuit when this node has forgotten what became of its session.</summary>
public sealed partial class LateCircuitTests
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

    // The app's own: what it knows of this connection, such as the network that it comes from.
    [Theory]
    [InlineData(2)]
    [InlineData(26)]
    public async Task WhatTheAppAddsToOneConnectionIsInNoOther(int hours)
    {
        await using var node = await CircuitNode.StartAsync();
        var ticket = await node.SignInAsync("s1");
        var inside = await BeginAsync(node, With(ticket, node, "intranet"));
        var outside = await node.OpenAsync(ticket);
        var connection = With(ticket, node, "late");
        Later(node, hours, forgets: true);
        var late = await BeginAsync(node, connection);

        Assert.Equal((true, false, false), (inside.User.IsInRole("intranet"), outside.User.IsInRole("intranet"), late.User.IsInRole("intranet")));
        Assert.True(late.User.IsInRole("late"));
        Assert.Equal(1, node.Circuits.Count().Sessions);
    }

    // The owner opens a page with newer claims than the others show.
    [Fact]
    public async Task NorDoesItReachThemWithNewerClaims()
    {
        await using var node = await CircuitNode.StartAsync();
        var ticket = await node.SignInAsync("s1");
        var outside = await node.OpenAsync(ticket);
        Assert.Equal(1, await node.Sessions.UpdateUserClaimsAsync("ada", claims => claims[AuthClaims.Roles] = "guest", Token));
        var newer = (await node.Sessions.FindTicketAsync("s1", Token))!;
        var inside = await BeginAsync(node, With(newer, node, "intranet"));

        while (!outside.User.IsInRole("guest"))
        {
            await outside.NewsAsync();
        }

        Assert.Equal((true, true, false), (inside.User.IsInRole("guest"), inside.User.IsInRole("intranet"), outside.User.IsInRole("intranet")));
    }

    private static Task<AuthenticationState> With(SessionTicket ticket, CircuitNode node, string role)
    {
        var user = TestTicket.State(ticket, node.Clock.GetUtcNow()).Result.User;
        user.AddIdentity(new System.Security.Claims.ClaimsIdentity([new(System.Security.Claims.ClaimTypes.Role, role)]));
        return Task.FromResult(new AuthenticationState(user));
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
