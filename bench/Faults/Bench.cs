using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace BlazorAuth.Bench.Faults;

/// <summary>Something that <c>docs/reliability.md</c> says is not so.</summary>
internal sealed class BrokenPromiseException(string message) : Exception(message);

/// <summary>A folder and the processes of one trial. They end with it, each by its id.</summary>
internal sealed class Bench : IAsyncDisposable
{
    private readonly List<Child> _children = [];

    public string Folder { get; } = Directory.CreateTempSubdirectory("blazorauth-faults-").FullName;

    public static void Check(bool isSo, string promise)
    {
        if (!isSo)
        {
            throw new BrokenPromiseException(promise);
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits until something is so, and returns how long that took.</summary>
    public static async Task<TimeSpan> UntilAsync(Func<Task<bool>> isSo, string what, int seconds = 30)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await isSo())
        {
            Check(Stopwatch.GetElapsedTime(began).TotalSeconds < seconds, $"not within {seconds} seconds: {what}");
            await Task.Delay(10);
        }

        return Stopwatch.GetElapsedTime(began);
    }

    public static async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {await output}{await errors}");
        }
    }

    public Child Start(ProcessStartInfo start)
    {
        var child = new Child(start);
        _children.Add(child);
        return child;
    }

    /// <summary>Starts a node and waits until it is there, whatever its health.</summary>
    public async Task<Node> StartNodeAsync(string store, params (string Name, string Value)[] settings)
    {
        var node = StartNode(FreePort(), store, settings);
        await UntilAsync(node.IsThereAsync, "the node answers");
        return node;
    }

    public Node StartNode(int port, string store, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Bench).Assembly.Location, "serve"]) { WorkingDirectory = Folder };
        (string, string)[] all =
        [
            ("ASPNETCORE_ENVIRONMENT", "Production"), ("ASPNETCORE_URLS", $"http://127.0.0.1:{port}"), ("AUTH_URL", "http://localhost"), ("AUTH_STORE", store),
            ("AUTH_SECRET", "a secret of the trials that is long enough"), .. store.StartsWith("redis:", StringComparison.Ordinal) ? [("AUTH_ACCOUNTS", "off")] : Array.Empty<(string, string)>(),
            .. settings,
        ];
        foreach (var (name, value) in all)
        {
            start.Environment[name] = value;
        }

        return new Node(Start(start), port);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var child in Enumerable.Reverse(_children))
        {
            await child.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }
}
