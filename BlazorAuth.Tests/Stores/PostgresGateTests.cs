using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace BlazorAuth.Tests.Stores;

/// <summary>While a server hangs, one call at a time tries whether it responds again.</summary>
public sealed partial class PostgresGateTests(PostgresServer server)
{
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    // The one that tries may hang on a dead connection, and all others fail meanwhile.
    [Fact]
    public async Task TheCallThatTriesWaitsNoLongerThanUsual()
    {
        using var gate = new PostgresGate(most: 4, Usual, AnswerAsync);
        using var limit = Limit();
        await HangAsync(gate);

        var trial = gate.RunAsync(NeverAsync, Long, limit.Token);
        await Assert.ThrowsAsync<PostgresNotTriedException>(() => gate.RunAsync(_ => Task.FromResult(1), Long, Token));

        await Assert.ThrowsAsync<TimeoutException>(() => trial);
        Assert.Equal(1, await gate.RunAsync(_ => Task.FromResult(1), Long, Token));
    }

    // An upgrade of the tables has begun, so the server does not hang. The next call is no trial, and may take its time.
    [Fact]
    public async Task ATrialThatWasAnsweredAndGoesOnIsTheLast()
    {
        using var gate = new PostgresGate(most: 4, Usual, AnswerAsync);
        using var limit = Limit();
        await HangAsync(gate);
        await Assert.ThrowsAsync<TimeoutException>(() => gate.RunAsync(
            token =>
            {
                gate.Answered();
                return NeverAsync(token);
            },
            Long,
            limit.Token));

        var done = new TaskCompletionSource<int>();
        var next = gate.RunAsync(_ => done.Task, Long, Token);
        Assert.Equal(1, await gate.RunAsync(_ => Task.FromResult(1), Long, Token));
        done.SetResult(2);
        Assert.Equal(2, await next);
    }

    // What people send waits for each other; the node goes on to hear of revocations, and can revoke.
    [Fact]
    public async Task CallsOfTheNodeItselfHaveAPlaceWhenAllOthersAreTaken()
    {
        using var gate = new PostgresGate(most: 4, Usual, AnswerAsync);
        using var limit = Limit();
        var done = new TaskCompletionSource<int>();
        var calls = Enumerable.Range(0, 10).Select(_ => gate.RunAsync(_ => done.Task, Long, limit.Token)).ToList();

        Assert.Equal(1, await gate.RunAsync(_ => Task.FromResult(1), Usual, Token, PostgresCall.Own));
        Assert.Equal(1, await gate.RunAsync(_ => Task.FromResult(1), Usual, Token, PostgresCall.Ending));

        done.SetResult(2);
        Assert.All(await Task.WhenAll(calls), result => Assert.Equal(2, result));
    }

    [Fact]
    public async Task RoundsAndRevocationsGoOnWhilePeoplesCallsTakeEveryOtherPlace()
    {
        var address = await server.CreateSchemaAsync() + ";Maximum Pool Size=4";
        using var store = new PostgresSessionStore(address, TimeProvider.System, NullLogger<PostgresSessionStore>.Instance);
        await store.InitializeAsync(Token);
        var ticket = TestTicket.Of("ada", TimeProvider.System.GetUtcNow());
        var record = new SessionRecord
        {
            Id = "s1", UserId = "ada", Provider = "google", Content = "{}", Version = 1, CreatedAt = ticket.IssuedAt, LastSeenAt = ticket.IssuedAt, ExpiresAt = ticket.ExpiresAt,
        };
        await store.CreateAsync(record, Token);
        await store.CreateAsync(record with { Id = "s2" }, Token);
        List<Task<SessionRecord?>> calls;
        await using (await HoldAsync(address, "SELECT FROM blazorauth_sessions WHERE id = 's1' FOR UPDATE"))
        {
            calls = [.. Enumerable.Range(0, 6).Select(_ => store.RenewAsync("ada", "s1", ticket.IssuedAt, ticket.ExpiresAt, Token))];

            await store.ReadChangesAsync(0, ticket.IssuedAt, Token);
            await store.LookAsync(new NodeMark("node", 2, ticket.IssuedAt), Token);
            Assert.Equal(RevokeResult.Revoked, await store.RevokeAsync("ada", "s2", new(RevocationReason.Revoked, ticket.ExpiresAt), Token));
            Assert.DoesNotContain(calls, call => call.IsCompleted);
        }

        Assert.All(await Task.WhenAll(calls), Assert.NotNull);
    }

    // Whoever asks for the end of sessions that do not exist waits for no change of others, and keeps no round from its place.
    [Fact]
    public async Task RoundsGoOnWhileSessionsAreEnded()
    {
        var address = await server.CreateSchemaAsync();
        using var store = new PostgresSessionStore(address, TimeProvider.System, NullLogger<PostgresSessionStore>.Instance);
        await store.InitializeAsync(Token);
        var ticket = TestTicket.Of("ada", TimeProvider.System.GetUtcNow());
        var revocation = new SessionRevocation(RevocationReason.Revoked, ticket.ExpiresAt);
        await store.CreateAsync(
            new SessionRecord { Id = "s1", UserId = "ada", Provider = "google", Content = "{}", Version = 1, CreatedAt = ticket.IssuedAt, LastSeenAt = ticket.IssuedAt, ExpiresAt = ticket.ExpiresAt }, Token);
        List<Task<IReadOnlyList<string>>> calls;
        await using (await HoldAsync(address, "SELECT FROM blazorauth_store FOR UPDATE"))
        {
            calls = [.. Enumerable.Range(0, 8).Select(_ => store.RevokeAllAsync("ada", null, 10, revocation, Token))];

            await store.ReadChangesAsync(0, ticket.IssuedAt, Token);
            await store.LookAsync(new NodeMark("node", 2, ticket.IssuedAt), Token);
            Assert.DoesNotContain(calls, call => call.IsCompleted);
        }

        await Task.WhenAll(calls);
        await using (await HoldAsync(address, "SELECT FROM blazorauth_store FOR UPDATE"))
        {
            Assert.Equal(RevokeResult.NotFound, await store.RevokeAsync("ada", "made up", revocation, Token));
            Assert.Equal(RevokeResult.AlreadyRevoked, await store.RevokeAsync("ada", "s1", revocation, Token));
        }
    }

    [Fact]
    public async Task ACallThatWasNotTriedLeavesTheConnectionsOfOthersAlone()
    {
        using var database = new PostgresDatabase(await server.CreateSchemaAsync());
        await ConnectionAsync(database);
        await Assert.ThrowsAsync<SessionStoreException>(() => database.RunAsync<object?>("SELECT 1", (_, _) => throw new TimeoutException(), Token));
        var (tried, done) = (new TaskCompletionSource(), new TaskCompletionSource());
        var trial = database.RunAsync(
            "SELECT pg_backend_pid()",
            async (command, token) =>
            {
                var connection = await command.ExecuteScalarAsync(token);
                tried.SetResult();
                await done.Task;
                return connection;
            },
            Token);
        await tried.Task.WaitAsync(TimeSpan.FromSeconds(20), Token);

        var refused = await Assert.ThrowsAsync<SessionStoreException>(() => ConnectionAsync(database));
        done.SetResult();

        Assert.IsType<PostgresNotTriedException>(refused.InnerException);
        Assert.Equal(await trial, await ConnectionAsync(database));
    }

    // The runtime would report it as an exception that nobody observed.
    [Fact]
    public async Task AFailureOfACallThatNobodyWaitsForAnyMoreIsObserved()
    {
        var (failure, isReported) = (new InvalidOperationException("a connection that died"), false);
        EventHandler<UnobservedTaskExceptionEventArgs> onReport = (_, report) => isReported |= report.Exception.InnerExceptions.Contains(failure);
        TaskScheduler.UnobservedTaskException += onReport;
        try
        {
            using var gate = new PostgresGate(most: 4, Usual, AnswerAsync);
            await AbandonAsync(gate, failure);
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.False(isReported);
        }
        finally
        {
            TaskScheduler.UnobservedTaskException -= onReport;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task AbandonAsync(PostgresGate gate, Exception failure)
    {
        var late = new TaskCompletionSource<int>();
        await Assert.ThrowsAsync<TimeoutException>(() => gate.RunAsync(_ => late.Task, TimeSpan.FromMilliseconds(1), Token));
        late.SetException(failure);
    }

    private static CancellationTokenSource Limit()
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(10));
        return limit;
    }

    /// <summary>Keeps everybody else from writing to the row of the store until it is disposed.</summary>
    private static async Task<NpgsqlConnection> HoldAsync(string address, string what = "SELECT FROM blazorauth_store FOR UPDATE")
    {
        var connection = new NpgsqlConnection(address + ";Pooling=False");
        await connection.OpenAsync(Token);
        await using var hold = new NpgsqlCommand("BEGIN; " + what, connection);
        await hold.ExecuteNonQueryAsync(Token);
        return connection;
    }

    private static Task<object?> ConnectionAsync(PostgresDatabase database) =>
        database.RunAsync("SELECT pg_backend_pid()", (command, token) => command.ExecuteScalarAsync(token), Token);

    private static Task<TimeoutException> HangAsync(PostgresGate gate) =>
        Assert.ThrowsAsync<TimeoutException>(() => gate.RunAsync(NeverAsync, TimeSpan.FromMilliseconds(1), Token));

    private static Task<object?> AnswerAsync(CancellationToken abandoned) => Task.FromResult<object?>(1);

    private static Task<int> NeverAsync(CancellationToken abandoned) => new TaskCompletionSource<int>().Task.WaitAsync(abandoned);
}
