using BlazorAuth.Stores;
using BlazorAuth.Stores.Memory;
using BlazorAuth.Stores.Postgres;
using BlazorAuth.Stores.Redis;
using BlazorAuth.Stores.Sqlite;
using BlazorAuth.Sync;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Startup;

/// <summary>Makes the store that <c>AUTH_STORE</c> names.</summary>
internal sealed class StoreFactory(IOptions<AuthOptions> options, IHostEnvironment host, SharedClock clock, ILoggerFactory loggers)
{
    public ISessionStore Create()
    {
        if (!StoreAddress.TryParse(options.Value.Store, out var address, out var error))
        {
            throw new AuthSetupException(error);
        }

        return address.Kind switch
        {
            StoreKind.Memory => new MemorySessionStore(clock),
            StoreKind.Sqlite => new SqliteSessionStore(Path.Combine(host.ContentRootPath, address.Value), clock),
            StoreKind.Postgres => new PostgresSessionStore(address.Value, clock, loggers.CreateLogger<PostgresSessionStore>()),
            StoreKind.Redis => new RedisSessionStore(address.Value, clock, loggers.CreateLogger<RedisSessionStore>()),
            _ => throw new InvalidOperationException($"Unknown kind of store: {address.Kind}."),
        };
    }
}
