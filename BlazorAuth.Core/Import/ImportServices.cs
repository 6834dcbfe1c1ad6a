using BlazorAuth;
using BlazorAuth.Accounts;
using BlazorAuth.Import;
using BlazorAuth.Sync;
using Microsoft.Extensions.Logging;

namespace Microsoft.Extensions.DependencyInjection;

internal static class ImportServices
{
    /// <summary>Bringing users from another library.</summary>
    public static void AddAuthImport(this IServiceCollection services)
    {
        services.AddSingleton<ImportProviders>();
        services.AddSingleton(provider => provider.GetRequiredService<IAccountAuthority>() is StoredAccounts
            ? new AccountImport(
                provider.GetRequiredService<IAccountStore>(), provider.GetRequiredService<AccountManager>(), provider.GetRequiredService<ImportProviders>(), provider.GetRequiredService<SharedClock>(),
                provider.GetRequiredService<ILogger<AccountImport>>())
            : throw new AuthSetupException("AccountImport needs the account store, which this app does not use: it keeps its users itself."));
    }
}
