using System.Diagnostics;

namespace BlazorAuth.Tests.Nodes;

/// <summary>BlazorAuth.App as a process of its own, as an operator runs it.</summary>
internal sealed class AppNode : IAsyncDisposable
{
    private readonly ServerProcess _process;

    private AppNode(ServerProcess process, Uri address)
    {
        _process = process;
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };
    }

    /// <summary>Straight to this node, past the proxy.</summary>
    public HttpClient Client { get; }

    public string Output => _process.Output;

    public static Task<AppNode> StartAsync(string store, string publicAddress, params (string Name, string Value)[] settings) =>
        StartAsync(store, publicAddress, AppContext.BaseDirectory, "/healthz/ready", settings);

    /// <summary>Starts the app in a folder, and waits until an address answers with success.</summary>
    public static async Task<AppNode> StartAsync(
        string store, string publicAddress, string folder, string ready, params (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : Needs.Tool("dotnet"), [Path.Combine(AppContext.BaseDirectory, "BlazorAuth.App.dll")])
        {
            WorkingDirectory = folder,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["ASPNETCORE_URLS"] = "http://127.0.0.1:0",
                ["AUTH_SECRET"] = AuthApp.Secret,
                ["AUTH_STORE"] = store,
                ["AUTH_ACCOUNTS"] = store.StartsWith("redis:", StringComparison.Ordinal) ? "off" : null,
                ["AUTH_URL"] = publicAddress,
            },
        };
        foreach (var (name, value) in settings)
        {
            start.Environment[name] = value;
        }

        // Its own choice of port: one that was free before it starts may not be when it listens, a second later.
        var process = ServerProcess.Start(start);
        try
        {
            var node = new AppNode(process, await process.ListenAsync());
            using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
            while (!await AnswersAsync(node.Client, ready))
            {
                await pace.WaitForNextTickAsync(limit.Token);
            }

            return node;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks the app to end, and waits until it has.</summary>
    public Task StopAsync() => _process.StopAsync();

    /// <summary><c>kill -9</c>.</summary>
    public Task KillAsync() => _process.KillAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
    }

    private static async Task<bool> AnswersAsync(HttpClient client, string ready)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(ready, UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
