using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace BlazorAuth.Bench.Faults;

/// <summary>A real Redis or PostgreSQL with its data in the trial's folder, started and stopped as often as the trial needs.</summary>
internal sealed class Store
{
    private readonly Bench _bench;
    private readonly bool _isRedis;
    private readonly string _folder;
    private readonly int _port = Bench.FreePort();

    private Store(Bench bench, bool isRedis) => (_bench, _isRedis, _folder) = (bench, isRedis, Directory.CreateDirectory(Path.Combine(bench.Folder, Guid.NewGuid().ToString("N"))).FullName);

    public Child? Process { get; private set; }

    /// <summary>What <c>AUTH_STORE</c> names it by.</summary>
    public string Address => _isRedis ? $"redis:127.0.0.1:{_port}" : $"postgres:Host=127.0.0.1;Port={_port};Database=postgres;Username=app";

    /// <summary>A store that has its folder and does not run yet.</summary>
    public static async Task<Store> CreateAsync(Bench bench, string kind)
    {
        var store = new Store(bench, kind == "redis");
        if (!store._isRedis)
        {
            await Bench.RunAsync("chmod", "755", bench.Folder);
            await Bench.RunAsync("chown", "postgres", store._folder);
            await Bench.RunAsync("setpriv", [.. AsPostgres, Tool("initdb"), "-D", Path.Combine(store._folder, "data"), "-U", "app", "-A", "trust", "-N"]);
        }

        return store;
    }

    /// <summary>Starts it and waits until it answers.</summary>
    public async Task StartAsync()
    {
        Process = _bench.Start(_isRedis
            ? new ProcessStartInfo("redis-server", ["--port", $"{_port}", "--dir", _folder, "--appendonly", "yes", "--save", ""])
            : new ProcessStartInfo("setpriv", [.. AsPostgres, Tool("postgres"), "-D", Path.Combine(_folder, "data"), "-p", $"{_port}", "-k", _folder, "-h", "127.0.0.1", "-c", "max_connections=200"]));
        await Bench.UntilAsync(AnswersAsync, "the store answers");
    }

    public Task StopAsync() => Process!.StopAsync(_isRedis ? "TERM" : "INT");

    private static string[] AsPostgres => ["--reuid=postgres", "--regid=postgres", "--clear-groups"];

    private static string Tool(string name) => Directory.GetDirectories("/usr/lib/postgresql").Select(folder => Path.Combine(folder, "bin", name)).Last(File.Exists);

    // Redis and PostgreSQL both answer when they accept; PostgreSQL says in words that it is still starting.
    private async Task<bool> AnswersAsync()
    {
        try
        {
            if (_isRedis)
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, _port);
                return true;
            }

            await Bench.RunAsync(Tool("pg_isready"), "-h", "127.0.0.1", "-p", $"{_port}");
            return true;
        }
        catch (Exception error) when (error is SocketException or InvalidOperationException)
        {
            return false;
        }
    }
}
