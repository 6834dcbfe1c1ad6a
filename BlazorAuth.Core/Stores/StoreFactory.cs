using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BlazorAuth;

/// <summary>Makes the store that <c>AUTH_STORE</c> names.</summary>
internal sealed class StoreFactory(IOptions<AuthOptions> options, IHostEnvironment host, TimeProvider clock)
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
            _ => throw new AuthSetupException($"There is no {address.Kind} store in this version. Set AUTH_STORE to sqlite:<path> or memory."),
        };
    }
}
