using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace BlazorAuth.Bench.Endpoints;

/// <summary>A server under measurement: where it listens, and the cookie of somebody who is signed in.</summary>
internal sealed record Server(string Url, string Cookie);

/// <summary>Starts the servers on the first core and ends them afterwards.</summary>
internal sealed class ServerProcesses : IAsyncDisposable
{
    private readonly Dictionary<string, (Process Process, Server Server)> _running = [];

    public async Task<Server> StartAsync(string name)
    {
        if (_running.TryGetValue(name, out var known))
        {
            return known.Server;
        }

        var url = $"http://127.0.0.1:{FreePort()}";
        var process = Process.Start(name == "authjs" ? Node(url) : Self(name, url))!;
        var server = new Server(url, await SignInAsync(url));
        _running[name] = (process, server);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var (process, _) in _running.Values)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    private static ProcessStartInfo Self(string name, string url) =>
        new("taskset", ["-c", "0", "dotnet", typeof(ServerProcesses).Assembly.Location, "serve", name, url]);

    private static ProcessStartInfo Node(string url)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "authjs");
        if (!Directory.Exists(Path.Combine(folder, "node_modules")))
        {
            using var install = Process.Start(new ProcessStartInfo("npm", ["ci", "--silent"]) { WorkingDirectory = folder })!;
            install.WaitForExit();
        }

        return new("taskset", ["-c", "0", "node", "server.mjs", url]) { WorkingDirectory = folder };
    }

    private static async Task<string> SignInAsync(string url)
    {
        using var client = new HttpClient();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                using var answer = await client.GetAsync(url + "/signin");
                var cookies = answer.Headers.TryGetValues("Set-Cookie", out var values) ? values : [];
                return string.Join("; ", cookies.Select(cookie => cookie.Split(';')[0]));
            }
            catch (HttpRequestException) when (attempt < 100)
            {
                await Task.Delay(100);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
