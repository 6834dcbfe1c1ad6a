using BlazorAuth.Scheme;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Startup;

/// <summary>Warns in Development when another scheme has become the default: nobody would ever seem to be signed in. A scheme that only forwards may well lead here.</summary>
internal sealed class DefaultSchemeStartup(IAuthenticationSchemeProvider schemes, IHostEnvironment host, ILogger<DefaultSchemeStartup> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (host.IsDevelopment() && await schemes.GetDefaultAuthenticateSchemeAsync() is { } used
            && used.HandlerType != typeof(SessionHandler) && used.HandlerType != typeof(PolicySchemeHandler))
        {
            logger.DefaultSchemeReplaced(used.Name);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
