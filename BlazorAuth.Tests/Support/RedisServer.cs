using System.Diagnostics;
using StackExchange.Redis;

namespace BlazorAuth.Tests;

/// <summary>A real Redis on a free port with its data in a temporary folder, as the documentation asks for: append-only file, no eviction.</summary>
public sealed class RedisServer : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("blazorauth-redis-");
    private readonly int _port = ServerProcess.FreePort();
    private ServerProcess? _server;
    private int _count;

    public int Port => _port;

    /// <summary>Further arguments for the server.</summary>
    public string[] Arguments { get; set; } = ["--appendonly", "yes"];

    public string ConnectionString => $"127.0.0.1:{_port}";

    /// <summary>A connection string for a database that no test has used.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        await StartAsync();
        return $"{ConnectionString},defaultDatabase={Interlocked.Increment(ref _count)}";
    }

    public async Task StartAsync()
    {
        if (_server is { HasExited: false })
        {
            return;
        }

        _server = await ServerProcess.StartAsync(
            new ProcessStartInfo(Needs.Tool("redis-server"), ["--port", $"{_port}", "--bind", "127.0.0.1", "--dir", _folder.FullName, "--databases", "200", "--save", "", .. Arguments]),
            AnswersAsync);
    }

    /// <summary>Ends the server as an operator does; its data stay.</summary>
    public Task StopAsync() => _server!.StopAsync();

    /// <summary><c>kill -9</c>.</summary>
    public Task KillAsync() => _server!.KillAsync();

    public async Task ExecuteAsync(params string[] command)
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{ConnectionString},allowAdmin=true");
        await connection.GetDatabase().ExecuteAsync(command[0], command[1..]);
    }

    /// <summary>How many scripts were run since the server started.</summary>
    public async Task<long> ScriptsAsync()
    {
        await using var connection = await ConnectionMultiplexer.ConnectAsync($"{ConnectionString},allowAdmin=true");
        var groups = await connection.GetServer("127.0.0.1", Port).InfoAsync("commandstats");
        return groups.SelectMany(group => group).Where(line => line.Key is "cmdstat_eval" or "cmdstat_evalsha")
            .Sum(line => long.Parse(line.Value.Split('=', ',')[1], System.Globalization.CultureInfo.InvariantCulture));
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = await ConnectionMultiplexer.ConnectAsync($"{ConnectionString},connectTimeout=500,connectRetry=0");
            await connection.GetDatabase().PingAsync();
            return true;
        }
        catch (RedisException)
        {
            return false;
        }
    }
}
