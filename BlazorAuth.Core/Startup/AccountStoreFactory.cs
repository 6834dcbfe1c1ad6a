using BlazorAuth.Accounts;
using BlazorAuth.Stores;
using BlazorAuth.Stores.Memory;
using BlazorAuth.Stores.Postgres;
using BlazorAuth.Stores.Sqlite;
using BlazorAuth.Sync;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Startup;

/// <summary>Makes the account store: the one that <c>AUTH_ACCOUNTS</c> names, or the users in the database of the sessions.</summary>
internal sealed class AccountStoreFactory(ISessionStore sessions, IOptions<AuthOptions> options, IHostEnvironment host, SharedClock clock)
{
    public const string Setting = "AUTH_ACCOUNTS";

    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(5);

    public IAccountStore Create()
    {
        if (options.Value.Accounts.Store is not { } text)
        {
            return sessions is IAccountStoreSource source
                ? source.Accounts
                : throw new AuthSetupException(
                    $"The session store keeps no users. Set {Setting} to sqlite:<path> or postgres:<connection string>, or register your own store with AddAccounts, "
                    + $"or set {Setting}=off: then nobody can be banned or linked. Redis keeps no users: if it lost a linked account or a ban, the wrong person could get in.");
        }

        if (!StoreAddress.TryParse(text, out var address, out var error, Setting))
        {
            throw new AuthSetupException(error);
        }

        return address.Kind switch
        {
            StoreKind.Memory => new MemoryAccountStore(clock),
            StoreKind.Sqlite => new SqliteAccountStore(new SqliteDatabase(Path.Combine(host.ContentRootPath, address.Value), LockTimeout), clock),
            StoreKind.Postgres => new PostgresAccountStore(new PostgresDatabase(address.Value), clock),
            _ => throw new AuthSetupException($"{Setting} names Redis, which keeps no users: if it lost a linked account or a ban, the wrong person could get in. Set it to sqlite:<path> or postgres:<connection string>."),
        };
    }
}
