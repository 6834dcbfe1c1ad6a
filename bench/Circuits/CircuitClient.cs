using System.Diagnostics;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using System.Text.RegularExpressions;

namespace BlazorAuth.Bench.Circuits;

/// <summary>One open page, without the browser: a WebSocket that begins a circuit and answers its render batches.</summary>
internal sealed partial class CircuitClient : IAsyncDisposable
{
    private static readonly byte[] AnonymousText = Encoding.UTF8.GetBytes("nobody-is-here");
    private static readonly byte[] AnyText = Encoding.UTF8.GetBytes("signed-in as");

    private readonly ClientWebSocket _socket = new();
    private readonly TaskCompletionSource _rendered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<long> _anonymous = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _sending = new(1);
    private Task _reading = Task.CompletedTask;
    private Task _answering = Task.CompletedTask;

    /// <summary>When the batch that shows nobody arrived, as a timestamp.</summary>
    public Task<long> Anonymous => _anonymous.Task;

    /// <summary>Gets the page as this person, begins its circuit, and waits until the page is rendered.</summary>
    public static async Task<CircuitClient> OpenAsync(HttpClient http, Uri address, string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, "live"));
        request.Headers.TryAddWithoutValidation("Cookie", cookie);
        using var response = await http.SendAsync(request);
        var html = await response.Content.ReadAsStringAsync();
        var markers = string.Join(',', Marker().Matches(html).Select(match => WebUtility.HtmlDecode(match.Groups[1].Value)));
        var client = new CircuitClient();
        client._socket.Options.SetRequestHeader("Cookie", cookie.Length > 0 ? cookie : null);
        await client._socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = "/_blazor" }.Uri, CancellationToken.None);
        await client.SendAsync(BlazorPack.Handshake);
        client._reading = client.ReadAsync();
        await client.SendAsync(BlazorPack.Call("0", "StartCircuit", address.AbsoluteUri, new Uri(address, "live").AbsoluteUri, $"[{markers}]", ""));
        await client._rendered.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return client;
    }

    /// <summary>Says that it is still there, as a browser does.</summary>
    public Task PingAsync() => SendAsync(BlazorPack.PingMessage);

    public async ValueTask DisposeAsync()
    {
        await _answering;
        _socket.Abort();
        await _reading;
        _socket.Dispose();
        _sending.Dispose();
    }

    private async Task SendAsync(byte[] message)
    {
        await _sending.WaitAsync();
        try
        {
            await _socket.SendAsync(message, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task ReadAsync()
    {
        var buffer = new byte[32 * 1024];
        var (filled, isOpen) = (0, false);
        try
        {
            while (true)
            {
                var read = await _socket.ReceiveAsync(buffer.AsMemory(filled), CancellationToken.None);
                if (read.MessageType == WebSocketMessageType.Close)
                {
                    throw new WebSocketException("The server closed the circuit.");
                }

                filled += read.Count;
                ReadOnlyMemory<byte> received = buffer.AsMemory(0, filled);
                if (!isOpen)
                {
                    // The answer to the handshake is a JSON text that ends with this character.
                    var end = received.Span.IndexOf((byte)0x1e);
                    if (end < 0)
                    {
                        continue;
                    }

                    isOpen = true;
                    received = received[(end + 1)..];
                }

                while (BlazorPack.TryTake(ref received, out var message))
                {
                    Handle(message);
                }

                received.CopyTo(buffer);
                filled = received.Length;
            }
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException or ObjectDisposedException)
        {
            _rendered.TrySetException(exception);
            _anonymous.TrySetException(exception);
            _ = _anonymous.Task.Exception;
            _ = _rendered.Task.Exception;
        }
    }

    private void Handle(ReadOnlyMemory<byte> message)
    {
        var now = Stopwatch.GetTimestamp();
        var (kind, method, number) = BlazorPack.Read(message.Span);
        if (kind == BlazorPack.Invocation && method == "JS.RenderBatch")
        {
            if (message.Span.IndexOf(AnonymousText) >= 0)
            {
                _anonymous.TrySetResult(now);
            }
            else if (message.Span.IndexOf(AnyText) >= 0)
            {
                _rendered.TrySetResult();
            }

            _answering = AnswerAsync(_answering, number);
        }
        else if (method == "JS.Error")
        {
            throw new WebSocketException("The circuit failed: " + Encoding.UTF8.GetString(message.Span));
        }
    }

    // From a network away, as a browser does: these clients share the machine's cores with the server, the answers of real ones would not.
    private async Task AnswerAsync(Task before, long number)
    {
        await Task.WhenAll(before, Task.Delay(TimeSpan.FromMilliseconds(40)));
        if (_socket.State == WebSocketState.Open)
        {
            await SendAsync(BlazorPack.Call(null, "OnRenderCompleted", number, null));
        }
    }

    [GeneratedRegex("<!--Blazor:({.*?\"descriptor\".*?})-->")]
    private static partial Regex Marker();
}
