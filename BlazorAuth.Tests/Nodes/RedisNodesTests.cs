using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAuth.Tests.Nodes;

public sealed class RedisNodesTests(RedisServer server) : SharedStoreTests, IClassFixture<RedisServer>
{
    [Fact]
    public async Task ARestartOfTheServerSignsNobodyOutAndRevivesNobody()
    {
        await using var own = new RedisServer();
        await own.StartAsync();
        var a = await StartAsync("redis:" + own.ConnectionString);
        var b = await StartAsync("redis:" + own.ConnectionString);
        var (_, kept) = await a.SignInAsync();
        var (_, before) = await a.SignInAsync();
        var (during, duringCookie) = await a.SignInAsync();
        await a.SignOutAsync(before);
        await own.StopAsync();
        await b.BecomesAsync(HealthStatus.Degraded);
        await a.SignOutAsync(duringCookie);
        await own.StartAsync();

        Assert.True((await b.HearsAsync(during.Id)).Revoked);
        await b.BecomesAsync(HealthStatus.Healthy);
        var c = await StartAsync("redis:" + own.ConnectionString);
        foreach (var node in (AuthApp[])[a, b, c])
        {
            Assert.True(await node.BelievesAsync(kept));
            Assert.False(await node.BelievesAsync(before));
            Assert.False(await node.BelievesAsync(duringCookie));
        }

        Assert.DoesNotContain(a.Logs.Own.Concat(b.Logs.Own), line => line.Event.Id == 407);
    }

    [Fact]
    public async Task WipedWhileNodesRunItRevivesNobody()
    {
        await using var own = new RedisServer();
        await own.StartAsync();
        var a = await StartAsync("redis:" + own.ConnectionString);
        var (revoked, revokedCookie) = await a.SignInAsync();
        var (_, live) = await a.SignInAsync();
        await a.SignOutAsync(revokedCookie);
        await NextSecondAsync();

        await own.ExecuteAsync("FLUSHALL");
        await a.BecomesAsync(HealthStatus.Degraded);
        await WrittenBackAsync(a, revoked.Id);
        var b = await StartAsync("redis:" + own.ConnectionString);

        Assert.True(b.Changes().Find(revoked.Id) is { Revoked: true });
        foreach (var node in (AuthApp[])[a, b])
        {
            Assert.False(await node.BelievesAsync(revokedCookie));
            Assert.False(await node.BelievesAsync(live));
        }

        var (_, fresh) = await a.SignInAsync();
        Assert.True(await a.BelievesAsync(fresh));
        Assert.True(await b.BelievesAsync(fresh));

        // That data was lost, or first what it means; a round later, if the store was emptied in the middle of one.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!a.Logs.Own.Any(line => line.Event.Id is 407 or 446 or 447))
        {
            await pace.WaitForNextTickAsync(limit.Token);
        }
    }

    [Fact]
    public async Task WipedWhileEveryNodeRestartsItRevivesNobody()
    {
        await using var own = new RedisServer();
        await own.StartAsync();
        string revoked, live;
        await using (var before = await StoreNode.StartAsync("redis:" + own.ConnectionString))
        {
            (_, revoked) = await before.SignInAsync();
            (_, live) = await before.SignInAsync();
            await before.SignOutAsync(revoked);
        }

        await NextSecondAsync();
        await own.ExecuteAsync("FLUSHALL");
        var a = await StartAsync("redis:" + own.ConnectionString);
        var b = await StartAsync("redis:" + own.ConnectionString);

        foreach (var node in (AuthApp[])[a, b])
        {
            Assert.False(await node.BelievesAsync(revoked));
            Assert.False(await node.BelievesAsync(live));
        }

        var (_, fresh) = await a.SignInAsync();
        Assert.True(await b.BelievesAsync(fresh));
    }

    // A failover to a replica that lagged, or a restart from yesterday's snapshot: same epoch, live rows, and the revocation is gone.
    [Fact]
    public async Task SetBackToAnOlderStateItIsToldAgainWhatWasRevoked()
    {
        await using var own = new RedisServer { Arguments = ["--appendonly", "no"] };
        await own.StartAsync();
        var a = await StartAsync("redis:" + own.ConnectionString);
        var (_, kept) = await a.SignInAsync();
        var (revoked, cookie) = await a.SignInAsync();
        await own.ExecuteAsync("SAVE");
        await a.SignOutAsync(cookie);
        await own.KillAsync();
        await own.StartAsync();

        await WrittenBackAsync(a, revoked.Id);
        var b = await StartAsync("redis:" + own.ConnectionString);

        Assert.False(await b.BelievesAsync(cookie));
        Assert.True(await b.BelievesAsync(kept));
        Assert.Contains(a.Logs.Own, line => line.Event.Id == 408);
    }

    private protected override async Task<(string Address, int Port)> CreateStoreAsync() => ("redis:" + await server.CreateDatabaseAsync(), server.Port);

    private protected override string Through(TcpProxy cable) => Address.Replace($":{server.Port}", $":{cable.Port}", StringComparison.Ordinal);

    private static async Task WrittenBackAsync(AuthApp node, string sessionId)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!await IsRevokedAsync(node, sessionId))
        {
            await pace.WaitForNextTickAsync(limit.Token);
        }
    }

    private static async Task<bool> IsRevokedAsync(AuthApp node, string sessionId)
    {
        try
        {
            return (await node.Store.FindAsync(sessionId, Token))?.RevokedAt is not null;
        }
        catch (SessionStoreException)
        {
            return false;
        }
    }

    // Tokens know whole seconds: the new epoch has to begin in a later one.
    private static async Task NextSecondAsync()
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var second = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(); TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() == second;)
        {
            await pace.WaitForNextTickAsync(Token);
        }
    }
}
