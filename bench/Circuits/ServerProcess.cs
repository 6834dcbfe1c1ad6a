using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;

namespace BlazorAuth.Bench.Circuits;

/// <summary>A server in a process of its own, and the circuits that this process holds open on it.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
    private readonly List<CircuitClient> _clients = [];
    private readonly Timer _pings;

    private ServerProcess(Process process, Uri address)
    {
        _process = process;
        Address = address;
        _http.BaseAddress = address;
        _pings = new Timer(_ => PingAll(), null, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
    }

    public Uri Address { get; }

    public IReadOnlyList<CircuitClient> Clients => _clients;

    public static async Task<ServerProcess> StartAsync(string kind)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var address = new Uri($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/");
        listener.Stop();
        var process = Process.Start(new ProcessStartInfo("dotnet", [typeof(ServerProcess).Assembly.Location, "serve", kind, address.AbsoluteUri]))!;
        var server = new ServerProcess(process, address);
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await server.CountAsync();
                return server;
            }
            catch (HttpRequestException) when (attempt < 300 && !process.HasExited)
            {
                await Task.Delay(100);
            }
        }
    }

    /// <summary>The cookie of a new session of this user.</summary>
    public async Task<string> EnterAsync(string user)
    {
        using var response = await _http.GetAsync(new Uri("enter/" + user, UriKind.Relative));
        response.EnsureSuccessStatusCode();
        return response.Headers.TryGetValues("Set-Cookie", out var values) ? string.Join("; ", values.Select(value => value.Split(';')[0])) : "";
    }

    /// <summary>Opens the page without its circuit.</summary>
    public async Task VisitAsync(string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("live", UriKind.Relative));
        request.Headers.TryAddWithoutValidation("Cookie", cookie);
        using var response = await _http.SendAsync(request);
        response.EnsureSuccessStatusCode();
    }

    public async Task OpenAsync(IEnumerable<string> cookies)
    {
        foreach (var group in cookies.Chunk(20))
        {
            _clients.AddRange(await Task.WhenAll(group.Select(cookie => CircuitClient.OpenAsync(_http, Address, cookie))));
        }
    }

    public async Task<int> RevokeAsync(string user)
    {
        using var response = await _http.PostAsync(new Uri("revoke/" + user, UriKind.Relative), null);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<int>();
    }

    public async Task<Counted> CountAsync() => (await _http.GetFromJsonAsync<Counted>(new Uri("count", UriKind.Relative)))!;

    public Task<long> MemoryAsync() => _http.GetFromJsonAsync<long>(new Uri("memory", UriKind.Relative));

    /// <summary>Closes all pages, and waits until the server has noticed.</summary>
    public async Task CloseAllAsync()
    {
        foreach (var client in _clients)
        {
            await client.DisposeAsync();
        }

        _clients.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await _pings.DisposeAsync();
        await CloseAllAsync();
        _http.Dispose();
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private void PingAll()
    {
        foreach (var client in _clients.ToArray())
        {
            _ = client.PingAsync();
        }
    }
}
