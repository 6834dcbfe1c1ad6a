using System.Diagnostics;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace BlazorAuth.Tests.Nodes;

/// <summary>A PostgreSQL that hangs (<c>SIGSTOP</c>) doesn't take the node along.</summary>
public sealed class HangingPostgresTests : IAsyncLifetime
{
    private const int Calls = 300;

    private readonly PostgresServer _server = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task WhileAServerHangsOneCallAtATimeTriesItAndTheOthersFailAtOnce()
    {
        await using var node = await StoreNode.StartAsync("postgres:" + await _server.CreateSchemaAsync());
        var (_, cookie) = await node.SignInAsync();
        await node.BecomesAsync(HealthStatus.Healthy);

        await _server.FreezeAsync();
        try
        {
            Assert.Equal(Calls, (await FailAsync(node)).Length);

            // The one that tries waits for its answer, and perhaps the next one; the others need not.
            Assert.InRange((await FailAsync(node)).Count(took => took > TimeSpan.FromSeconds(1)), 0, 2);
            Assert.True(await node.BelievesAsync(cookie));
            await node.BecomesAsync(HealthStatus.Degraded);
        }
        finally
        {
            await _server.ThawAsync();
        }

        await node.BecomesAsync(HealthStatus.Healthy);
        Assert.True(await node.BelievesAsync((await node.SignInAsync()).Cookie));
    }

    private static async Task<TimeSpan[]> FailAsync(AuthApp node) => await Task.WhenAll(Enumerable.Range(0, Calls).Select(async i =>
    {
        var began = Stopwatch.GetTimestamp();
        await Assert.ThrowsAsync<SessionStoreException>(() => node.Store.FindAsync($"s{i}", Token));
        return Stopwatch.GetElapsedTime(began);
    }));
}
