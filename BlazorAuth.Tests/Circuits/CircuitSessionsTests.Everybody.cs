namespace BlazorAuth.Tests.Circuits;

/// <content>When everybody has to sign in again, and when the set-up ends a session earlier than its row says.</content>
public sealed partial class CircuitSessionsTests
{
    // Another node found out that the store has lost what nobody remembers, or was started with AUTH_SESSIONS_NOT_BEFORE.
    [Theory]
    [InlineData(nameof(StoreLossKind.Unvouched), false)]
    [InlineData(nameof(StoreLossKind.Setting), false)]
    [InlineData(nameof(StoreLossKind.Vouched), true)]
    public async Task WhenEverybodyHasToSignInAgainOpenPagesEndToo(string kind, bool isSignedIn)
    {
        await using var node = await CircuitNode.StartAsync();
        var before = (await node.OpenAsync(await node.SignInAsync("s1"))).Settled();
        node.Clock.Advance(TimeSpan.FromMinutes(1));

        node.State.Losses = StoreLosses.None.With(0, node.State.Number, Enum.Parse<StoreLossKind>(kind), node.Clock.GetUtcNow(), TimeSpan.FromDays(91));

        if (!isSignedIn)
        {
            Assert.False((await before.NewsAsync()).Identity!.IsAuthenticated);
        }

        Assert.Equal(isSignedIn, before.IsSignedIn);
        Assert.Equal(isSignedIn ? (1, 1) : (0, 0), node.Circuits.Count());
    }

    // Whoever holds a connection open that was checked just before.
    [Theory]
    [InlineData(5, false)]
    [InlineData(50, false)]
    [InlineData(65, false)]
    [InlineData(5, true)]
    public async Task ACircuitThatBeginsAfterwardsIsNobodys(int seconds, bool isStoreDown)
    {
        await using var node = await CircuitNode.StartAsync();
        var ticket = await node.SignInAsync("s1");
        node.Clock.Advance(TimeSpan.FromMinutes(10));
        var circuit = new TestCircuit(new SessionStateProvider(node.Circuits));
        circuit.State.SetAuthenticationState(TestTicket.State(ticket, node.Clock.GetUtcNow()));
        node.Clock.Advance(TimeSpan.FromSeconds(1));
        node.State.Losses = StoreLosses.None.With(0, node.State.Number, StoreLossKind.Unvouched, node.Clock.GetUtcNow(), TimeSpan.FromDays(91));
        node.Clock.Advance(TimeSpan.FromSeconds(seconds));
        node.Store.IsDown = isStoreDown;

        await circuit.State.OpenAsync();

        Assert.False(circuit.IsSignedIn);
        Assert.Equal((0, 0), node.Circuits.Count());
    }

    // A store's row may end later than the set-up allows by now.
    [Fact]
    public async Task ACircuitEndsWithTheAbsoluteLifetimeWhateverTheRowSays()
    {
        await using var node = await CircuitNode.StartAsync(session =>
            (session.UpdateAge, session.IdleLifetime, session.AbsoluteLifetime) = (TimeSpan.FromMinutes(10), TimeSpan.FromHours(1), TimeSpan.FromHours(2)));
        var ticket = await node.SignInAsync("s1");
        var circuit = (await node.OpenAsync(ticket)).Settled();
        await node.Store.TouchAsync([new("ada", "s1", node.Clock.GetUtcNow(), node.Clock.GetUtcNow().AddDays(30))], Token);
        Assert.Equal(1, await node.Sessions.UpdateUserClaimsAsync("ada", claims => claims[AuthClaims.Roles] = "guest", Token));
        Assert.True((await circuit.NewsAsync()).IsInRole("guest"));

        node.Clock.Advance(TimeSpan.FromHours(2.1));

        Assert.False((await circuit.NewsAsync()).Identity!.IsAuthenticated);
    }
}
