namespace BlazorAuth.Tests.FrontEnd;

/// <summary>A running server of the real <c>@auth/core</c> with our secret: the Next.js app next door.</summary>
internal sealed class AuthJsServer : IAsyncDisposable
{
    private readonly ServerProcess _process;

    private AuthJsServer(ServerProcess process, Uri address) => (_process, Origin) = (process, address.GetLeftPart(UriPartial.Authority));

    public string Origin { get; }

    public static async Task<AuthJsServer> StartAsync(string secret)
    {
        var process = ServerProcess.Start(await Npm.ScriptAsync("auth-server.mjs", secret));
        return new AuthJsServer(process, await process.ListenAsync());
    }

    /// <summary>The script of a client there.</summary>
    public Browser CreateClient() =>
        new(new Uri(Origin), new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, TimeProvider.System) { SendsFetchHeaders = false };

    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
