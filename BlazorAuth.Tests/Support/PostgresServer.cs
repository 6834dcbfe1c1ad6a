using System.Diagnostics;
using BlazorAuth.Tests;
using Npgsql;

[assembly: AssemblyFixture(typeof(PostgresServer))]

namespace BlazorAuth.Tests;

/// <summary>A real PostgreSQL on a free port with its data in a temporary folder, started by the first test that needs it.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private const string User = "app";

    private readonly SemaphoreSlim _gate = new(1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("blazorauth-postgres-");
    private ServerProcess? _server;
    private int _count;

    public int Port { get; private set; }

    public static string Password => "hunter2";

    /// <summary>A connection string for a new, empty schema.</summary>
    public async Task<string> CreateSchemaAsync()
    {
        await StartAsync();
        var schema = $"test{Interlocked.Increment(ref _count)}";
        await ExecuteAsync(ConnectionString(), $"CREATE SCHEMA {schema}");
        return $"{ConnectionString()};Search Path={schema}";
    }

    public string ConnectionString(int? port = null) => $"Host=127.0.0.1;Port={port ?? Port};Database=postgres;Username={User};Password={Password};Maximum Pool Size=20";

    public static async Task<object?> ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString + ";Pooling=False");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Stops all its processes where they are (<c>SIGSTOP</c>), as a machine without memory or disk does.</summary>
    public Task FreezeAsync() => _server!.SignalAllAsync("STOP");

    public Task ThawAsync() => _server!.SignalAllAsync("CONT");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.StopAsync("INT");
            await _server.DisposeAsync();
        }

        _folder.Delete(recursive: true);
        _gate.Dispose();
    }

    private async Task StartAsync()
    {
        await _gate.WaitAsync();
        try
        {
            if (_server is not null)
            {
                return;
            }

            var programs = Programs();
            var passwordFile = Path.Combine(_folder.FullName, "password");
            await File.WriteAllTextAsync(passwordFile, Password);
            if (Environment.UserName == "root")
            {
                await ServerProcess.RunAsync(new ProcessStartInfo("chown", ["-R", "postgres", _folder.FullName]));
            }

            var data = Path.Combine(_folder.FullName, "data");
            await ServerProcess.RunAsync(Start(Path.Combine(programs, "initdb"), "-D", data, "-U", User, "-A", "scram-sha-256", "--pwfile", passwordFile, "-E", "UTF8", "--no-locale", "-N"));
            Port = ServerProcess.FreePort();
            _server = await ServerProcess.StartAsync(
                Start(Path.Combine(programs, "postgres"), "-D", data, "-p", $"{Port}", "-k", _folder.FullName, "-h", "127.0.0.1", "-c", "fsync=off", "-c", "max_connections=200"),
                AnswersAsync);
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            return await ExecuteAsync(ConnectionString(), "SELECT true") is true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    // The server refuses to run as root.
    private ProcessStartInfo Start(string program, params string[] arguments) => new(
        Environment.UserName == "root" ? Needs.Tool("setpriv") : program,
        Environment.UserName == "root" ? ["--reuid=postgres", "--regid=postgres", "--clear-groups", program, .. arguments] : arguments)
    {
        WorkingDirectory = _folder.FullName,
    };

    private static string Programs()
    {
        var found = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Select(folder => Path.Combine(folder, "bin")).LastOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            : null;
        return found ?? Path.GetDirectoryName(Needs.Tool("initdb"))!;
    }
}
