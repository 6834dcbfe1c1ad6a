using BlazorAuth.Scheme;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Startup;

/// <summary>Warns in Development when another scheme has become the default: nobody would ever seem to be signed in. A scheme that only forwards may well lead here.</summary>
internal sealed class DefaultSchemeStartup(
    IAuthenticationSchemeProvider schemes, IOptions<AuthenticationOptions> options, IHostEnvironment host, ILogger<DefaultSchemeStartup> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!host.IsDevelopment())
        {
            return;
        }

        var named = options.Value.DefaultAuthenticateScheme ?? options.Value.DefaultScheme;
        var used = await schemes.GetDefaultAuthenticateSchemeAsync();
        if (used is null ? named is not null : used.HandlerType != typeof(SessionHandler) && used.HandlerType != typeof(PolicySchemeHandler))
        {
            logger.DefaultSchemeReplaced(used?.Name ?? named!);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
