using BlazorAuth.Stores;
using BlazorAuth.Sync;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Startup;

/// <summary>Makes the account store: the one that <c>AUTH_ACCOUNTS</c> names, or the users in the database of the sessions.</summary>
internal sealed class AccountStoreFactory(ISessionStore sessions, IOptions<AuthOptions> options, StoreSchemes schemes, SharedClock clock)
{
    public const string Setting = StoreSchemes.AccountSetting;

    public IAccountStore Create()
    {
        if (options.Value.Accounts.Store is not { } text)
        {
            return sessions is IAccountStoreSource source
                ? source.Accounts
                : throw new AuthSetupException(
                    $"The session store keeps no users. Set {Setting} to sqlite:<path> or postgres:<connection string>, or register your own store with AddAccounts, "
                    + $"or set {Setting}=off: then users cannot be banned, nor accounts linked. A store that can lose data, such as Redis, keeps no users: if it lost a linked account or a ban, the wrong person could get in.");
        }

        return schemes.TryParse(text, out var address, out var error, Setting)
            ? address.Factory.CreateAccountStore(address.Value, clock) ?? throw new AuthSetupException(StoreSchemes.KeepsNoUsers(address.Factory.Scheme))
            : throw new AuthSetupException(error);
    }
}
