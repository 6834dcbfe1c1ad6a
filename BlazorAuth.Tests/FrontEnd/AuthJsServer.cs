using System.Diagnostics;
using System.Globalization;

namespace BlazorAuth.Tests.FrontEnd;

/// <summary>A running server of the real <c>@auth/core</c> with our secret: the Next.js app next door.</summary>
internal sealed class AuthJsServer : IAsyncDisposable
{
    private readonly Process _process;

    private AuthJsServer(Process process, int port)
    {
        _process = process;
        Origin = $"http://localhost:{port}";
    }

    public string Origin { get; }

    public static async Task<AuthJsServer> StartAsync(string secret)
    {
        var process = new Process
        {
            StartInfo = new(Needs.Tool("node"), ["auth-server.mjs", secret])
            {
                WorkingDirectory = ClientPages.Folder, RedirectStandardOutput = true, RedirectStandardError = true,
            },
        };
        process.ErrorDataReceived += (_, _) => { };
        process.Start();
        process.BeginErrorReadLine();
        var line = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        return new AuthJsServer(process, int.Parse(line ?? throw new InvalidOperationException("@auth/core did not start."), CultureInfo.InvariantCulture));
    }

    /// <summary>The script of a client there.</summary>
    public Browser CreateClient() =>
        new(new Uri(Origin), new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, TimeProvider.System) { SendsFetchHeaders = false };

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }
}
