using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace BlazorAuth.Tests.Stores;

/// <content>Calls that may take long.</content>
public sealed partial class PostgresGateTests
{
    // Nobody else may be waiting for this server: the call itself finds out.
    [Fact]
    public async Task ACallThatMayTakeLongDoesNotWaitSoLongForAServerThatHangs()
    {
        using var limit = Limit();
        using var gate = new PostgresGate(most: 4, Usual, async token => await NeverAsync(token));

        await Assert.ThrowsAsync<TimeoutException>(() => gate.RunAsync(NeverAsync, Long, limit.Token));
    }

    [Fact]
    public async Task RoundsDoNotWaitLongForAServerThatHangsWhileChangesAreRead()
    {
        await using var own = new PostgresServer();
        var address = await own.CreateSchemaAsync();
        using var store = new PostgresSessionStore(address, TimeProvider.System, NullLogger<PostgresSessionStore>.Instance);
        await store.InitializeAsync(Token);
        await using (await HoldAsync(address, "LOCK TABLE blazorauth_store"))
        {
            var read = store.ReadChangesAsync(0, DateTimeOffset.UnixEpoch, Token);
            await own.FreezeAsync();
            try
            {
                await Assert.ThrowsAsync<SessionStoreException>(() => read.WaitAsync(TimeSpan.FromSeconds(20), Token));
            }
            finally
            {
                await own.ThawAsync();
            }
        }
    }

    // The lock of another transaction is no hanging server, however long it lasts.
    [Fact]
    public async Task ChangesAreWaitedForWhileTheServerResponds()
    {
        var address = await server.CreateSchemaAsync() + ";Command Timeout=1";
        using var store = new PostgresSessionStore(address, TimeProvider.System, NullLogger<PostgresSessionStore>.Instance);
        await store.InitializeAsync(Token);
        Task<SessionChangeSet> read;
        await using (await HoldAsync(address, "LOCK TABLE blazorauth_store"))
        {
            read = store.ReadChangesAsync(0, DateTimeOffset.UnixEpoch, Token);
            await Assert.ThrowsAsync<TimeoutException>(() => read.WaitAsync(TimeSpan.FromSeconds(5), Token));
        }

        Assert.Empty((await read).Items);
    }

    // The driver's own limit is reached sooner, and the driver blocks while it asks the server to cancel.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task OnlyTheGateLimitsHowLongAStatementIsWaitedFor(bool isPrepared)
    {
        var address = await server.CreateSchemaAsync() + ";Command Timeout=1";
        using var first = new PostgresDatabase(address);
        await ConnectionAsync(first);
        await using var held = await HoldAsync(address);
        using var starting = new PostgresDatabase(address);

        var failure = await Assert.ThrowsAsync<SessionStoreException>(
            () => (isPrepared ? first : starting).TransactAsync(own => own.ExecuteAsync("UPDATE blazorauth_store SET change = 1"), Token));

        Assert.IsType<TimeoutException>(failure.InnerException);
    }

    // Calls that prepare the tables may take longer than one that only tries whether the server responds.
    [Fact]
    public async Task AServerThatTakesLongToPrepareTheTablesDoesNotHang()
    {
        var address = await server.CreateSchemaAsync() + ";Command Timeout=1";
        using (var first = new PostgresDatabase(address))
        {
            await ConnectionAsync(first);
        }

        using var starting = new PostgresDatabase(address);
        List<Task<object?>> calls;
        await using (await HoldAsync(address))
        {
            await Assert.ThrowsAsync<SessionStoreException>(() => ConnectionAsync(starting));
            calls =
            [
                .. Enumerable.Range(0, 2).Select(_ => starting.RunAsync(
                    "SELECT true", (command, token) => command.ExecuteScalarAsync(token), Token, timeoutInSeconds: 60)),
            ];
        }

        Assert.Equal([true, true], await Task.WhenAll(calls));
    }
}
