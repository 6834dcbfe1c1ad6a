using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Tests.Nodes;

/// <summary>A reverse proxy without stickiness: each request goes to the next node.</summary>
internal sealed class TurnTakingProxy : IAsyncDisposable
{
    private static readonly HashSet<string> Hop = new(["Transfer-Encoding", "Connection", "Host"], StringComparer.OrdinalIgnoreCase);

    private readonly WebApplication _app;
    private int _turn = -1;

    private TurnTakingProxy(WebApplication app, string address)
    {
        _app = app;
        Address = address;
        app.Run(ForwardAsync);
    }

    public string Address { get; }

    public IReadOnlyList<HttpClient> Nodes { get; set; } = [];

    /// <summary>The node that answered last.</summary>
    public int Last => Math.Max(_turn, 0) % Nodes.Count;

    public static async Task<TurnTakingProxy> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var address = $"http://127.0.0.1:{ServerProcess.FreePort()}";
        builder.WebHost.UseUrls(address);
        var proxy = new TurnTakingProxy(builder.Build(), address);
        await proxy._app.StartAsync();
        return proxy;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task ForwardAsync(HttpContext http)
    {
        var node = Nodes[Interlocked.Increment(ref _turn) % Nodes.Count];
        using var request = new HttpRequestMessage(new HttpMethod(http.Request.Method), http.Request.Path + http.Request.QueryString);
        request.Content = http.Request.ContentLength > 0 ? new StreamContent(http.Request.Body) : null;
        foreach (var (name, values) in http.Request.Headers.Where(header => !Hop.Contains(header.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        using var answer = await node.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, http.RequestAborted);
        http.Response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers).Where(header => !Hop.Contains(header.Key)))
        {
            http.Response.Headers[name] = values.ToArray();
        }

        await answer.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }
}
