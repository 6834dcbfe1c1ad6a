namespace BlazorAuth.Tests.FrontEnd;

/// <summary>A running server of the real <c>@auth/core</c> with our secret: the Next.js app next door.</summary>
internal sealed class AuthJsServer : IAsyncDisposable
{
    private readonly ServerProcess _process;

    private readonly Uri _address;

    private AuthJsServer(ServerProcess process, Uri address, bool isSecure)
    {
        _process = process;
        _address = isSecure ? new UriBuilder(address) { Scheme = Uri.UriSchemeHttps }.Uri : address;
    }

    /// <summary>Starts it; with a name for its session cookie, or <c>its-own</c>, as if behind a proxy that speaks https.</summary>
    public static async Task<AuthJsServer> StartAsync(string secret, string? cookie = null)
    {
        var process = ServerProcess.Start(await Npm.ScriptAsync("auth-server.mjs", cookie is null ? [secret] : [secret, cookie]));
        return new AuthJsServer(process, await process.ListenAsync(), isSecure: cookie is not null);
    }

    /// <summary>The script of a client there.</summary>
    public Browser CreateClient() =>
        new(_address, new Proxy(), TimeProvider.System) { SendsFetchHeaders = false };

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    /// <summary>Ends TLS in front of a server that has none.</summary>
    private sealed class Proxy() : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new UriBuilder(request.RequestUri!) { Scheme = Uri.UriSchemeHttp }.Uri;
            return base.SendAsync(request, cancellationToken);
        }
    }
}
