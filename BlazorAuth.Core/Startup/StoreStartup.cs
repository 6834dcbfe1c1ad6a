using BlazorAuth.Stores.Sqlite;
using Microsoft.Extensions.Hosting;

namespace BlazorAuth.Startup;

/// <summary>
/// Opens the session file before anything else starts. A folder without write access is a set-up mistake, and is reported once, in one
/// sentence; otherwise the platform's key ring would run into it first and report another error.
/// </summary>
internal sealed class StoreStartup(ISessionStore store) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (store is not SqliteSessionStore)
        {
            return;
        }

        try
        {
            await store.InitializeAsync(cancellationToken);
        }
        catch (SessionStoreException exception)
        {
            throw new AuthSetupException(exception.Message, exception);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
