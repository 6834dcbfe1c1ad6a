using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace BlazorAuth.Tests.Nodes;

/// <summary>The stores, what is saved of them and comes back, and the nodes.</summary>
public sealed partial class RestoredStoreTests
{
    private async Task UseAsync(string kind)
    {
        switch (kind)
        {
            case "redis":
                await _redis.StartAsync();
                _store = "redis:" + _redis.ConnectionString;
                break;
            case "postgres":
                _schema = await postgres.CreateSchemaAsync();
                _store = "postgres:" + _schema;
                break;
            default:
                _store = "sqlite:" + File;
                break;
        }
    }

    private async Task SaveAsync(string kind)
    {
        switch (kind)
        {
            case "redis":
                await _redis.ExecuteAsync("SAVE");
                break;
            case "postgres":
                await PostgresServer.ExecuteAsync(_schema, """
                    CREATE TABLE saved_sessions AS TABLE blazorauth_sessions; CREATE TABLE saved_store AS TABLE blazorauth_store;
                    CREATE TABLE saved_nodes AS TABLE blazorauth_nodes; CREATE TABLE saved_keys AS TABLE blazorauth_keys;
                    CREATE TABLE saved_number AS SELECT last_value FROM blazorauth_numbers
                    """);
                break;
            default:
                Execute($"VACUUM INTO '{File}.backup'");
                break;
        }
    }

    // Rounds of the nodes lock the same tables in another order.
    private async Task RestorePostgresAsync(string sql)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await PostgresServer.ExecuteAsync(_schema, sql);
                return;
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.DeadlockDetected && attempt < 5)
            {
                // The server has undone it.
            }
        }
    }

    private async Task RestoreAsync(string kind)
    {
        switch (kind)
        {
            case "redis":
                await _redis.KillAsync();
                await _redis.StartAsync();
                break;
            case "postgres":
                await RestorePostgresAsync("""
                    BEGIN;
                    LOCK TABLE blazorauth_sessions, blazorauth_store, blazorauth_nodes IN SHARE ROW EXCLUSIVE MODE;
                    DELETE FROM blazorauth_sessions; DELETE FROM blazorauth_store; DELETE FROM blazorauth_nodes;
                    INSERT INTO blazorauth_sessions TABLE saved_sessions;
                    INSERT INTO blazorauth_store TABLE saved_store; INSERT INTO blazorauth_nodes TABLE saved_nodes;
                    SELECT setval('blazorauth_numbers', (SELECT last_value FROM saved_number));
                    COMMIT
                    """);
                break;
            default:
                SqliteConnection.ClearAllPools();
                System.IO.File.Move(File + ".backup", File, overwrite: true);
                foreach (var companion in (string[])["-wal", "-shm"])
                {
                    System.IO.File.Delete(File + companion);
                }

                break;
        }
    }

    private async Task RemoveAsync(string kind, string sessionId)
    {
        switch (kind)
        {
            case "redis":
                await _redis.ExecuteAsync("DEL", "{blazorauth}:session:" + sessionId);
                break;
            case "postgres":
                await PostgresServer.ExecuteAsync(_schema, $"DELETE FROM blazorauth_sessions WHERE id = '{sessionId}'");
                break;
            default:
                Execute($"DELETE FROM sessions WHERE id = '{sessionId}'");
                break;
        }
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private async Task<AuthApp> StartAsync(DateTimeOffset? notBefore = null, Action<AuthOptions>? configure = null, Action<IServiceCollection>? services = null)
    {
        var node = await StoreNode.StartAsync(
            _store,
            configure: options =>
            {
                options.Session.ReconcileInterval = Soon;
                options.Session.NotBefore = notBefore;
                configure?.Invoke(options);
            },
            build: builder => services?.Invoke(builder.Services));
        _nodes.Add(node);
        return node;
    }

    private async Task StopAllAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        _nodes.Clear();
    }

    private static Task RoundAsync(AuthApp node) => node.Services.GetRequiredService<StoreWatch>().RoundAsync(all: false, Token);

    private static async Task LogsAsync(int id, params AuthApp[] nodes)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (nodes.Any(node => !Said(node).Contains(id)))
        {
            await pace.WaitForNextTickAsync(limit.Token);
        }
    }

    /// <summary>What a node has said about losses.</summary>
    private static int[] Said(AuthApp node) =>
        [.. node.Logs.Own.Select(line => line.Event.Id).Where(id => id is LostData or WentBack or WentBackTooFar or Refused)];

    private static async Task ForgetsAsync(AuthApp node, params string[] cookies)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        foreach (var cookie in cookies)
        {
            while (await node.BelievesAsync(cookie))
            {
                await pace.WaitForNextTickAsync(limit.Token);
            }
        }
    }

    // Tokens know whole seconds.
    private static async Task NextSecondAsync()
    {
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var second = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(); TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() == second;)
        {
            await pace.WaitForNextTickAsync(Token);
        }
    }
}
