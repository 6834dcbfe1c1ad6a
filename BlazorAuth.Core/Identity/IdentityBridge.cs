using BlazorAuth.Circuits;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace BlazorAuth.Identity;

/// <summary>Says that Identity's users are the app's users, and checks at start what no order of calls may change.</summary>
internal sealed class IdentityBridge(IServiceScopeFactory scopes) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (scope.ServiceProvider.GetRequiredService<AuthenticationStateProvider>() is { } used and not SessionStateProvider)
        {
            throw new AuthSetupException(
                $"Pages would not notice when a session ends: {used.GetType().Name} was registered as AuthenticationStateProvider after AddIdentityAccounts. "
                + $"Remove the line builder.Services.AddScoped<AuthenticationStateProvider, {used.GetType().Name}>().");
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
