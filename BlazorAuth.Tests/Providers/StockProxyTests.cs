using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace BlazorAuth.Tests.Providers;

/// <summary>nginx as every guide sets it up: 4 KB for all headers of an answer, 8 KB for a header of a request.</summary>
public sealed class StockProxyTests
{
    [Fact]
    public async Task ABigProfileALongReturnAddressAndManyAbandonedSignInsPassThrough()
    {
        var random = Convert.ToHexStringLower(System.Security.Cryptography.SHA512.HashData("seed"u8)) + string.Concat(
            Enumerable.Range(0, 30).Select(i => Convert.ToBase64String(System.Security.Cryptography.SHA512.HashData(BitConverter.GetBytes(i))).Replace('+', '-').Replace('/', '_').TrimEnd('=')));
        var fake = new OpenIdFake
        {
            Claims = new() { ["sub"] = "42", ["name"] = "Ada Lovelace", ["picture"] = "https://p.example/" + random[..1000], ["email"] = new string('e', 300) + "@example.com" },
        };
        using var folder = new TempFolder();
        await using var app = await fake.StartAsync(setup =>
        {
            setup.Kestrel = true;
            setup.Settings["AUTH_KNOWN_PROXIES"] = "127.0.0.1,::1";
        });
        var address = new Uri($"http://localhost:{ServerProcess.FreePort()}");
        await using var nginx = await StartAsync(folder.Path, address.Port, app.Address.Port);
        using var browser = new Browser(address, new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, MaxResponseHeadersLength = 64 }, app.Clock);
        Page start = await browser.PostAsync("/api/auth/signin/work", [new("callbackUrl", "/page?q=" + random[..1900])]);
        for (var i = 0; i < 40; i++)
        {
            start = await browser.PostAsync("/api/auth/signin/work", [new("callbackUrl", "/page?q=" + random[i..(1800 + i)])]);
            Assert.Equal(HttpStatusCode.Found, start.Status);
        }

        var end = await browser.ArriveAsync(fake.Answer(start.Location!));
        Assert.Equal(("/page", "Ada Lovelace"), (end.Address.AbsolutePath, end.Text));
        Assert.Equal(fake.Claims["picture"]!.GetValue<string>(), (string)JsonNode.Parse(await browser.SessionAsync())!["user"]!["image"]!);
        Assert.Equal(HttpStatusCode.Found, (await browser.PostAsync("/api/auth/signout")).Status);
        Assert.Equal("null", await browser.SessionAsync());
    }

    private static async Task<ServerProcess> StartAsync(string folder, int port, int target)
    {
        var file = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(
            file,
            $$"""
            daemon off; pid {{folder}}/pid; error_log {{folder}}/error.log; events {}
            http {
              access_log off; client_body_temp_path {{folder}}/b; proxy_temp_path {{folder}}/p; fastcgi_temp_path {{folder}}/f; uwsgi_temp_path {{folder}}/u; scgi_temp_path {{folder}}/s;
              server {
                listen 127.0.0.1:{{port}};
                location / {
                  proxy_pass http://127.0.0.1:{{target}}; proxy_http_version 1.1; proxy_set_header Host $http_host;
                  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; proxy_set_header X-Forwarded-Proto $scheme;
                }
              }
            }
            """,
            TestContext.Current.CancellationToken);
        return await ServerProcess.StartAsync(new ProcessStartInfo(Needs.Tool("nginx"), ["-c", file, "-e", Path.Combine(folder, "error.log")]), async () =>
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
                return true;
            }
            catch (SocketException)
            {
                return false;
            }
        });
    }
}
