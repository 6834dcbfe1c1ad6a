using BlazorAuth;
using BlazorAuth.Accounts;
using BlazorAuth.Sync;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

internal static class AccountServices
{
    /// <summary>Users and their accounts, and who decides on their ids.</summary>
    public static void AddAuthAccounts(this IServiceCollection services)
    {
        services.AddSingleton<AccountNews>();
        services.AddSingleton<AccountOutbox>();
        services.AddSingleton<AccountLoss>();
        services.AddSingleton<AccountState>();
        services.AddSingleton<AccountDoor>();
        services.AddSingleton<UnconfirmedLinks>();
        services.AddSingleton<NoAccounts>();
        services.AddSingleton<CallbackAccounts>();
        services.AddSingleton<StoredAccounts>();
        services.TryAddSingleton(AuthorityOf);
        services.AddSingleton(ManagerOf);
        services.AddHealthChecks().AddCheck<AccountHealth>("blazorauth-accounts");
        services.AddHostedService<AccountUpkeep>();
    }

    private static AccountManager ManagerOf(IServiceProvider services) => services.GetRequiredService<IAccountAuthority>() is StoredAccounts
        ? new AccountManager(
            services.GetRequiredService<IAccountStore>(), services.GetRequiredService<SessionManager>(), services.GetRequiredService<AccountNews>(),
            services.GetRequiredService<AccountLoss>(), services.GetRequiredService<AccountState>(), services.GetRequiredService<IServiceScopeFactory>(),
            services.GetRequiredService<SharedClock>(), services.GetRequiredService<ILogger<AccountManager>>())
        : throw new AuthSetupException(
            "AccountManager needs the account store, which this app does not use: its account callback decides, or AuthOptions.Accounts.Enabled is false. Remove that, or manage users in the app.");

    private static IAccountAuthority AuthorityOf(IServiceProvider services)
    {
        using var scope = services.CreateScope();
        return scope.ServiceProvider.GetRequiredService<AuthCallbacks>().DecidesOnAccounts ? services.GetRequiredService<CallbackAccounts>()
            : services.GetRequiredService<IOptions<AuthOptions>>().Value.Accounts.Enabled ? services.GetRequiredService<StoredAccounts>()
            : services.GetRequiredService<NoAccounts>();
    }
}
