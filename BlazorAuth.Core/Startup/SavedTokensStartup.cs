using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Startup;

/// <summary>Warns in Development of <see cref="RemoteAuthenticationOptions.SaveTokens"/>, which does nothing here: a session keeps no tokens of the provider.</summary>
internal sealed class SavedTokensStartup(AuthProviderRegistry providers, IHostEnvironment host, ILogger<SavedTokensStartup> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (!host.IsDevelopment())
        {
            return;
        }

        foreach (var provider in (await providers.AllAsync()).Where(provider => provider.Options?.SaveTokens == true))
        {
            logger.TokensNotSaved(provider.Id);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
