using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace BlazorAuth.Tests.Circuits;

/// <summary>A stranger's connection to a hub: negotiated with no cookie, and used without a browser, in the platform's own protocols.</summary>
internal static partial class StrangersConnection
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<string> NegotiateAsync(HttpClient client, string hub)
    {
        using var answer = await client.PostAsync(hub + "/negotiate?negotiateVersion=1", null, Token);
        return await AddressAsync(answer, hub);
    }

    public static async Task<string> AddressAsync(HttpResponseMessage negotiated, string hub)
    {
        Assert.Equal(HttpStatusCode.OK, negotiated.StatusCode);
        return $"{hub}?id={JsonNode.Parse(await negotiated.Content.ReadAsStringAsync(Token))!["connectionToken"]}";
    }

    public static Task CallAsync(HttpClient client, string hub, string method) => SendAsync(
        client, hub, Encoding.UTF8.GetBytes($"{{\"protocol\":\"json\",\"version\":1}}\u001e{{\"type\":1,\"target\":\"{method}\",\"arguments\":[]}}\u001e"));

    public static async Task<string> ComponentsAsync(HttpClient client, string page)
    {
        var markers = Markers().Matches(await client.GetStringAsync(page, Token)).Select(match => match.Groups[1].Value);
        return $"[{string.Join(',', markers.Where(json => json.Contains("\"descriptor\"", StringComparison.Ordinal)))}]";
    }

    public static Task OpenCircuitAsync(HttpClient client, string hub, Uri page, string components) => SendAsync(
        client, hub, [.. "{\"protocol\":\"blazorpack\",\"version\":1}\u001e"u8, .. Invocation("StartCircuit", page.GetLeftPart(UriPartial.Authority) + "/", page.ToString(), components, "")]);

    private static async Task SendAsync(HttpClient client, string hub, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        using var answer = await client.PostAsync(hub, content, Token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    public static async Task<string> ReadAsync(HttpClient client, string hub, string until)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Token);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        var all = new StringBuilder();
        while (!all.ToString().Contains(until, StringComparison.Ordinal))
        {
            all.Append(Encoding.UTF8.GetString(await client.GetByteArrayAsync(hub, limit.Token)));
        }

        return all.ToString();
    }

    // One message of Blazor's binary protocol: [1, {}, "0", target, [arguments], []], behind its length.
    private static byte[] Invocation(string target, params string[] arguments)
    {
        List<byte> body = [0x96, 0x01, 0x80];
        Append(body, "0");
        Append(body, target);
        body.Add((byte)(0x90 | arguments.Length));
        foreach (var argument in arguments)
        {
            Append(body, argument);
        }

        body.Add(0x90);
        List<byte> length = [];
        for (var rest = body.Count; rest > 0; rest >>= 7)
        {
            length.Add((byte)((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0)));
        }

        return [.. length, .. body];
    }

    private static void Append(List<byte> body, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        body.Add(0xdb);
        body.AddRange(length);
        body.AddRange(bytes);
    }

    [GeneratedRegex("<!--Blazor:({.*?})-->", RegexOptions.Singleline)]
    private static partial Regex Markers();
}
