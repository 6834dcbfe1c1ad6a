using System.Text.Json.Nodes;

namespace BlazorAuth.Tests.Circuits;

public sealed class CircuitSessionsTests
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

        var version = await node.Store.UpdateClaimsAsync("s1", 1, """{"name":"Ada","roles":["admin"]}""", Token);
        node.Changes.Apply(new SessionChange("s1", Revoked: false, version!.Value, ticket.ExpiresAt));

        foreach (var circuit in circuits)
        {
            Assert.True((await circuit.NewsAsync()).IsInRole("admin"));
            Assert.False(circuit.User.IsInRole("reader"));
        }

        Assert.Equal(1, node.Store.Reads);
        Assert.Single(circuits.Select(circuit => circuit.User).Distinct());
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
    [InlineData(null)]
    [InlineData("grace")]
    public async Task AReconnectAsNobodyOrAsSomebodyElseEndsTheCircuit(string? user)
    {
        await using var node = await CircuitNode.StartAsync();
        var circuit = (await node.OpenAsync(await node.SignInAsync("s1"))).Settled();
        var now = user is null ? null : await node.SignInAsync("s2", user);

        circuit.State.SetAuthenticationState(TestTicket.State(now));

        Assert.False((await circuit.NewsAsync()).Identity!.IsAuthenticated);
        Assert.Equal(SessionEndReason.Replaced, circuit.State.Ended!.Reason);
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
        var version = await node.Store.UpdateClaimsAsync("s1", 1, """{"roles":["admin"]}""", Token);
        node.Store.FailOnce(new InvalidCastException("a defect of the store"));
        node.Changes.Apply(new SessionChange("s1", Revoked: false, version!.Value, ticket.ExpiresAt));
        Assert.False(circuit.HasNews);

        node.Clock.Advance(TimeSpan.FromSeconds(5));

        Assert.True((await circuit.NewsAsync()).IsInRole("admin"));
    }

    [Fact]
    public async Task ARowThatCannotBeReadIsReadAgainAndAnExpiredSessionEndsAllTheSame()
    {
        await using var node = await CircuitNode.StartAsync(session => (session.IdleLifetime, session.UpdateAge) = (TimeSpan.FromMinutes(20), TimeSpan.FromMinutes(1)));
        var ticket = await node.SignInAsync("s1");
        var circuit = (await node.OpenAsync(ticket)).Settled();
        node.Store.IsDown = true;
        var version = await node.Store.UpdateClaimsAsync("s1", 1, """{"roles":["admin"]}""", Token);
        node.Changes.Apply(new SessionChange("s1", Revoked: false, version!.Value, ticket.ExpiresAt));
        Assert.False(circuit.HasNews);

        node.Store.IsDown = false;
        node.Clock.Advance(TimeSpan.FromSeconds(5));
        Assert.True((await circuit.NewsAsync()).IsInRole("admin"));

        node.Store.IsDown = true;
        node.Clock.Advance(TimeSpan.FromMinutes(20));
        Assert.False((await circuit.NewsAsync()).Identity!.IsAuthenticated);
    }

    [Fact]
    public async Task ChangesOfClaimsThatMeetAreAllKept()
    {
        await using var node = await CircuitNode.StartAsync();
        await node.SignInAsync("s1");

        await Task.WhenAll(Enumerable.Range(0, 20).Select(i => Task.Run(
            () => node.Sessions.UpdateClaimsAsync("ada", "s1", claims => claims[$"n{i}"] = i, Token), Token)));

        var session = Assert.Single(await node.Sessions.ListAsync("ada", Token));
        Assert.Equal(20, session.Claims.Keys.Count(name => name.StartsWith('n')));
        Assert.Null(await node.Sessions.UpdateClaimsAsync("grace", "s1", claims => claims["n0"] = "stolen", Token));
        Assert.Null(await node.Sessions.UpdateClaimsAsync("ada", "unknown", _ => { }, Token));
    }

    [Fact]
    public async Task IdsAndTimesOfASessionCannotBeChanged()
    {
        await using var node = await CircuitNode.StartAsync();
        await node.SignInAsync("s1");

        var updated = await node.Sessions.UpdateClaimsAsync(
            "ada", "s1", claims =>
            {
                claims[AuthClaims.Subject] = "grace";
                claims[AuthClaims.SessionId] = "s2";
                claims["team"] = "blue";
            },
            Token);

        Assert.Equal(("s1", "ada", "blue"), (updated!.Id, updated.User.Id, updated.Claims["team"].GetString()));
        Assert.DoesNotContain(AuthClaims.Subject, JsonNode.Parse((await node.Store.FindAsync("s1", Token))!.Claims)!.AsObject().Select(claim => claim.Key));
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
