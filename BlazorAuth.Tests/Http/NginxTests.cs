using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;

namespace BlazorAuth.Tests.Http;

/// <summary>Behind a real nginx with the buffers that it has by itself: an answer whose headers it cannot hold is a 502.</summary>
public sealed class NginxTests
{
    // Over http, and with Auth.js's name, another site of the domain can set as many cookies of the session's name as it likes.
    [Fact]
    public async Task NinetyNineCookiesOfANeighbourBreakNeitherReadingNorSigningInNorSigningOut()
    {
        var nginx = Needs.Tool("nginx");
        await using var app = await AuthApp.StartAsync(setup =>
        {
            (setup.Kestrel, setup.StandIns) = (true, false);
            setup.Providers = builder => builder.AddCredentials("password", _ => ValueTask.FromResult(CredentialsResult.Accept(new SessionUser { Id = "ada", Name = "Ada" })));
        });
        using var folder = new TempFolder();
        var port = ServerProcess.FreePort();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "nginx.conf"), Configuration(folder.Path, port, app.Address), TestContext.Current.CancellationToken);
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await using var proxy = await ServerProcess.StartAsync(
            new ProcessStartInfo(nginx, ["-p", folder.Path, "-c", "nginx.conf", "-e", "stderr", "-g", "daemon off; master_process off;"]), () => AnswersAsync(client));

        foreach (var prefix in (string[])["authjs.session-token", "authjs.callback-url", "authjs.csrf-token", "authjs.browser"])
        {
            var cookies = string.Join("; ", Enumerable.Range(0, 99).Select(number => $"{prefix}.{number}=x").Prepend("authjs.session-token=x"));
            foreach (var (method, path) in new[] { ("GET", "/session"), ("GET", "/signin"), ("POST", "/callback/password"), ("POST", "/signout") })
            {
                using var message = new HttpRequestMessage(new HttpMethod(method), "/api/auth" + path);
                message.Headers.Add("Cookie", cookies);
                message.Headers.Add("Sec-Fetch-Site", "same-origin");
                message.Content = method == "POST" ? new ByteArrayContent([]) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-www-form-urlencoded") } } : null;
                using var answer = await client.SendAsync(message, TestContext.Current.CancellationToken);
                Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Found, $"{prefix} {method} {path}: {(int)answer.StatusCode} {proxy.Output}");
            }
        }
    }

    private static async Task<bool> AnswersAsync(HttpClient client)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri("/api/auth/csrf", UriKind.Relative), TestContext.Current.CancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static string Configuration(string folder, int port, Uri app) =>
        $$"""
        pid {{folder}}/nginx.pid;
        events {}
        http {
          access_log off;
          client_body_temp_path {{folder}}/body; proxy_temp_path {{folder}}/proxy; fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi; scgi_temp_path {{folder}}/scgi;
          server {
            listen 127.0.0.1:{{port}};
            location / { proxy_pass http://{{app.Authority}}; proxy_set_header Host $http_host; }
          }
        }
        """;
}
