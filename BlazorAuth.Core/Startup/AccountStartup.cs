using BlazorAuth.Accounts;
using BlazorAuth.Stores.Memory;
using BlazorAuth.Stores.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Startup;

/// <summary>Checks at start that one alone decides on users' ids, and prepares the account store.</summary>
internal sealed class AccountStartup(
    IServiceProvider services, ISessionStore sessions, AccountState state, IOptions<AuthOptions> options, IHostEnvironment host, ILogger<AccountStartup> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        CheckChoice();
        if (services.GetRequiredService<IAccountAuthority>() is not StoredAccounts accounts)
        {
            return;
        }

        var store = services.GetRequiredService<IAccountStore>();
        if (store is MemoryAccountStore && sessions is not MemorySessionStore && !host.IsDevelopment())
        {
            logger.UsersForgotten();
        }

        try
        {
            await PrepareAsync(store, cancellationToken);
            await accounts.Loss.LookAsync(cancellationToken);
        }
        catch (SessionStoreException exception)
        {
            // A server becomes available again by itself, like that of the sessions.
            state.IsSilent = true;
            logger.AccountsUnreachableAtStart(exception);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task PrepareAsync(IAccountStore store, CancellationToken cancellationToken)
    {
        try
        {
            await store.InitializeAsync(cancellationToken);
        }
        catch (SessionStoreException exception) when (store is SqliteAccountStore)
        {
            // A file that cannot be used is a configuration error.
            throw new AuthSetupException(exception.Message, exception);
        }
    }

    private void CheckChoice()
    {
        using var scope = services.CreateScope();
        var choices = services.GetServices<OwnAccounts>().Select(own => own.Call).Distinct(StringComparer.Ordinal).ToList();
        if (scope.ServiceProvider.GetRequiredService<AuthCallbacks>().DecidesOnAccounts)
        {
            choices.Add("the account callback (AuthCallbacks.OnAccount)");
        }

        if (choices.Count > 0 && options.Value.Accounts is { Store: not null } or { Enabled: false })
        {
            choices.Add($"{AccountStoreFactory.Setting} or AuthOptions.Accounts");
        }

        if (choices.Count > 1)
        {
            throw new AuthSetupException($"User IDs are decided in more than one place: {string.Join(" and ", choices)}. Remove all but one.");
        }
    }
}
