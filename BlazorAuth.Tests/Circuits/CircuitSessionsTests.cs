namespace BlazorAuth.Tests.Circuits;

public sealed partial class CircuitSessionsTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RevokingASessionMakesItsCircuitsAnonymousAtOnceAndNoOthers()
    {
        await using var node = await CircuitNode.StartAsync();
        var (first, second) = (await node.SignInAsync("s1"), await node.SignInAsync("s2"));
        var (tab, otherTab, device) = (await node.OpenAsync(first), await node.OpenAsync(first), await node.OpenAsync(second));
        tab.Settled();

        Assert.Equal(RevokeResult.Revoked, await node.Sessions.RevokeAsync("ada", "s1", Token));

        Assert.False(tab.IsSignedIn || otherTab.IsSignedIn);
        Assert.True(device.IsSignedIn);
        Assert.False((await tab.NewsAsync()).Identity!.IsAuthenticated);
        Assert.Equal(new SessionEnd(SessionEndReason.SignedOut, "ada", "google"), tab.State.Ended);
        Assert.Equal((1, 1), node.Circuits.Count());
    }

    [Fact]
    public async Task BanningAUserEndsAllTheirCircuits()
    {
        await using var node = await CircuitNode.StartAsync();
        var mine = await node.OpenAsync(await node.SignInAsync("s1"));
        var other = await node.OpenAsync(await node.SignInAsync("s2"));
        var grace = await node.OpenAsync(await node.SignInAsync("s3", "grace"));

        Assert.Equal(2, await node.Sessions.RevokeUserAsync("ada", Token));

        Assert.False(mine.IsSignedIn || other.IsSignedIn);
        Assert.True(grace.IsSignedIn);
    }

    [Fact]
    public async Task ACircuitOfASessionThatWasRevokedBeforeItOpenedIsAnonymous()
    {
        await using var node = await CircuitNode.StartAsync();
        var ticket = await node.SignInAsync("s1");
        await node.Sessions.RevokeAsync("ada", "s1", Token);

        var circuit = await node.OpenAsync(ticket);

        Assert.False(circuit.IsSignedIn);
        Assert.Equal((0, 0), node.Circuits.Count());
    }

    [Fact]
    public async Task ARoleChangeShowsInEveryCircuitForOneRowRead()
    {
        await using var node = await CircuitNode.StartAsync();
        var ticket = await node.SignInAsync("s1");
        var circuits = new List<TestCircuit>();
        for (var i = 0; i < 50; i++)
        {
            circuits.Add((await node.OpenAsync(ticket)).Settled());
        }

        var granted = await node.Store.GrantAsync("s1", "ada", 1, """{"name":"Ada","roles":["admin"]}""");
        node.Changes.Apply(new SessionChange("s1", Revoked: false, granted!.Version, ticket.ExpiresAt, node.Clock.GetUtcNow()));

        foreach (var circuit in circuits)
        {
            Assert.True((await circuit.NewsAsync()).IsInRole("admin"));
            Assert.False(circuit.User.IsInRole("reader"));
        }

        Assert.Equal(1, node.Store.Reads);
        Assert.Single(circuits.Select(circuit => circuit.User).Distinct());
    }

    [Fact]
    public async Task AChangeForAUserShowsInTheCircuitsOfAllTheirSessions()
    {
        await using var node = await CircuitNode.StartAsync();
        var (desk, phone) = ((await node.OpenAsync(await node.SignInAsync("s1"))).Settled(), (await node.OpenAsync(await node.SignInAsync("s2"))).Settled());
        var grace = (await node.OpenAsync(await node.SignInAsync("s3", "grace"))).Settled();

        Assert.Equal(2, await node.Sessions.UpdateUserClaimsAsync("ada", claims => claims[AuthClaims.Roles] = "admin", Token));

        Assert.True((await desk.NewsAsync()).IsInRole("admin"));
        Assert.True((await phone.NewsAsync()).IsInRole("admin"));
        Assert.False(grace.HasNews);
    }

    [Fact]
    public async Task ACircuitWithAnOldPrincipalShowsTheNewestClaims()
    {
        await using var node = await CircuitNode.StartAsync();
        var ticket = await node.SignInAsync("s1");
        await node.Sessions.UpdateClaimsAsync("ada", "s1", claims => claims[AuthClaims.Roles] = "admin", Token);

        var circuit = await node.OpenAsync(ticket);

        Assert.True(circuit.User.IsInRole("admin"));
    }

    [Fact]
    public async Task AReconnectWithTheSameSessionReplacesNothing()
    {
        await using var node = await CircuitNode.StartAsync();
        var ticket = await node.SignInAsync("s1");
        var circuit = (await node.OpenAsync(ticket)).Settled();
        var before = circuit.User;

        circuit.State.SetAuthenticationState(TestTicket.State(ticket));

        Assert.Same(before, circuit.User);
        Assert.False(circuit.HasNews);
        Assert.Equal((1, 1), node.Circuits.Count());
    }

    [Theory]
    [InlineData(null, SessionEndReason.SignedOut)]
    [InlineData("grace", SessionEndReason.Replaced)]
    public async Task AReconnectAsNobodyOrAsSomebodyElseEndsTheCircuit(string? user, SessionEndReason reason)
    {
        await using var node = await CircuitNode.StartAsync();
        var circuit = (await node.OpenAsync(await node.SignInAsync("s1"))).Settled();
        var now = user is null ? null : await node.SignInAsync("s2", user);

        circuit.State.SetAuthenticationState(TestTicket.State(now));

        Assert.False((await circuit.NewsAsync()).Identity!.IsAuthenticated);
        Assert.Equal(reason, circuit.State.Ended!.Reason);
        Assert.Equal((0, 0), node.Circuits.Count());
    }

    [Fact]
    public async Task TheSamePersonTakesAnEndedPageUpAgainAndNobodyElseDoes()
    {
        await using var node = await CircuitNode.StartAsync();
        var circuit = (await node.OpenAsync(await node.SignInAsync("s1"))).Settled();
        await node.Sessions.RevokeAsync("ada", "s1", Token);
        Assert.False((await circuit.NewsAsync()).Identity!.IsAuthenticated);

        Assert.False(circuit.State.TryEnter(await node.SignInAsync("s2", "grace")));
        Assert.False(circuit.IsSignedIn);
        Assert.True(circuit.State.TryEnter(await node.SignInAsync("s3")));

        Assert.True((await circuit.NewsAsync()).Identity!.IsAuthenticated);
        Assert.Null(circuit.State.Ended);
        await node.Sessions.RevokeAsync("ada", "s3", Token);
        Assert.False(circuit.IsSignedIn);
    }

    [Fact]
    public async Task ClosedCircuitsLeaveNothingBehind()
    {
        await using var node = await CircuitNode.StartAsync();
        var ticket = await node.SignInAsync("s1");
        var references = await OpenAndCloseAsync(node, ticket);

        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.Equal((0, 0), node.Circuits.Count());
        Assert.All(references, reference => Assert.False(reference.IsAlive));
    }

    [Fact]
    public async Task ACircuitThatFailsDoesNotHideTheNewsFromTheNext()
    {
        await using var node = await CircuitNode.StartAsync();
        var ticket = await node.SignInAsync("s1");
        var failing = await node.OpenAsync(ticket);
        failing.State.AuthenticationStateChanged += _ => throw new InvalidOperationException("A component failed.");
        var next = (await node.OpenAsync(ticket)).Settled();

        await node.Sessions.RevokeAsync("ada", "s1", Token);

        Assert.False((await next.NewsAsync()).Identity!.IsAuthenticated);
    }

    [Fact]
    public async Task ADefectOfTheStoreIsLoggedAndTheRowReadAgain()
    {
        await using var node = await CircuitNode.StartAsync();
        var ticket = await node.SignInAsync("s1");
        var circuit = (await node.OpenAsync(ticket)).Settled();
        var granted = await node.Store.GrantAsync("s1", "ada", 1, """{"roles":["admin"]}""");
        node.Store.FailOnce(new InvalidCastException("a defect of the store"));
        node.Changes.Apply(new SessionChange("s1", Revoked: false, granted!.Version, ticket.ExpiresAt, node.Clock.GetUtcNow()));
        Assert.False(circuit.HasNews);

        node.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.True((await circuit.NewsAsync()).IsInRole("admin"));
    }

    private static async Task<WeakReference[]> OpenAndCloseAsync(CircuitNode node, SessionTicket ticket)
    {
        var references = new List<WeakReference>();
        for (var i = 0; i < 10; i++)
        {
            var circuit = await node.OpenAsync(ticket);
            circuit.State.Close();
            references.Add(new WeakReference(circuit.State));
        }

        return [.. references];
    }
}
