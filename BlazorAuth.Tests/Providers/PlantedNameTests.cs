using System.Net.Sockets;
using System.Text;

namespace BlazorAuth.Tests.Providers;

/// <summary>Another site of the same domain plants cookies whose names no header of an answer can hold.</summary>
public sealed class PlantedNameTests
{
    [Theory]
    [InlineData(".AspNetCore.Correlation.e")]
    [InlineData(".AspNetCore.Correlation.é")]
    [InlineData("authjs.return.éxxxxxx0.0", "authjs.return.éxxxxxx1.0")]
    [InlineData("authjs.return.xxxxxxx0.é", "authjs.return.xxxxxxx1.é")]
    public async Task NobodyIsKeptFromSigningIn(params string[] planted)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Kestrel = true);
        var cookies = planted is [var prefix]
            ? string.Join("; ", Enumerable.Range(0, 13).Select(i => $"{prefix}{i}=N"))
            : string.Join("; ", planted.Select(name => $"{name}={new string('x', 3000)}"));

        var answer = await SendAsync(app.Address, "POST", "/api/auth/signin/google", cookies, $"callbackUrl=/page?{new string('a', 400)}");

        Assert.StartsWith("HTTP/1.1 302", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("é")]
    [InlineData("\u0001")]
    [InlineData("xxxxxxxx")]
    public async Task NorFromComingBack(string flow)
    {
        await using var app = await AuthApp.StartAsync(setup => setup.Kestrel = true);

        var answer = await SendAsync(app.Address, "GET", $"/api/auth/return?flow={Uri.EscapeDataString(flow)}", $"authjs.return.{flow}.0=x", "");

        Assert.StartsWith("HTTP/1.1 302", answer, StringComparison.Ordinal);
    }

    private static async Task<string> SendAsync(Uri address, string method, string path, string cookies, string body)
    {
        var cancelled = TestContext.Current.CancellationToken;
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(address.Host, address.Port, cancelled);
        await using var stream = tcp.GetStream();
        var request = $"{method} {path} HTTP/1.1\r\nHost: {address.Authority}\r\nSec-Fetch-Site: same-origin\r\nAccept: text/html\r\nCookie: {cookies}\r\n"
            + $"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}";
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request), cancelled);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancelled);
    }
}
