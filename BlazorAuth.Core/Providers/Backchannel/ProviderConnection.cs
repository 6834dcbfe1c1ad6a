namespace BlazorAuth.Providers.Backchannel;

/// <summary>
/// The network. A redirect is followed where something is read; a form with a secret or a code goes to the address that is set and nowhere else, whatever the
/// server there says (307 would have it sent on).
/// </summary>
internal sealed class ProviderConnection : HttpMessageHandler
{
    private readonly HttpMessageInvoker _reads = new(new SocketsHttpHandler { UseCookies = false });
    private readonly HttpMessageInvoker _sends = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        (request.Method == HttpMethod.Get ? _reads : _sends).SendAsync(request, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _reads.Dispose();
            _sends.Dispose();
        }

        base.Dispose(disposing);
    }
}
