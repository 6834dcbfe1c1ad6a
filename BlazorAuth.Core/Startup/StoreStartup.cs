using BlazorAuth.Configuration;
using BlazorAuth.Stores.Memory;
using BlazorAuth.Stores.Sqlite;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Startup;

/// <summary>
/// Opens the session file before anything else starts. A folder without write access is a set-up mistake, and is reported once, in one
/// sentence; otherwise the platform's key ring would run into it first and report another error.
/// </summary>
internal sealed class StoreStartup(ISessionStore store, IHostEnvironment host, ILogger<StoreStartup> logger) : LifecycleService
{
    public override async Task StartingAsync(CancellationToken cancellationToken)
    {
        if (store is MemorySessionStore && !host.IsDevelopment())
        {
            logger.StoreForgets();
        }

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
}
