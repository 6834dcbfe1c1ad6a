using BlazorAuth.Sessions;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Accounts;

/// <summary>Tells log and app what happened to users and their accounts.</summary>
internal sealed class AccountNews(SessionManager sessions, ILogger<AccountNews> logger)
{
    public ValueTask UserCreatedAsync(UserRecord user, AccountRecord account, IServiceProvider services)
    {
        logger.UserCreated(user.Id, account.Provider);
        return AuthEventRunner.RunAsync(
            services, events => events.UserCreatedAsync(new UserCreatedContext { User = user, Account = account, Services = services }));
    }

    public async ValueTask AccountLinkedAsync(AccountRecord account, IServiceProvider services)
    {
        logger.AccountLinked(account.Provider, account.UserId);
        await ShowAsync(account.UserId);
        await AuthEventRunner.RunAsync(
            services, events => events.AccountLinkedAsync(new AccountChangedContext { Account = account, Services = services }));
    }

    public async ValueTask AccountUnlinkedAsync(AccountRecord account, IServiceProvider services)
    {
        logger.AccountUnlinked(account.Provider, account.UserId);
        await ShowAsync(account.UserId);
        await AuthEventRunner.RunAsync(
            services, events => events.AccountUnlinkedAsync(new AccountChangedContext { Account = account, Services = services }));
    }

    public ValueTask UserBannedAsync(string userId, DateTimeOffset until, string? reason, IServiceProvider services)
    {
        logger.UserBanned(userId, until);
        return AuthEventRunner.RunAsync(
            services, events => events.UserBannedAsync(new UserBannedContext { UserId = userId, Until = until, Reason = reason, Services = services }));
    }

    public ValueTask UserDeletedAsync(string userId, IServiceProvider services)
    {
        logger.UserDeleted(userId);
        return AuthEventRunner.RunAsync(services, events => events.UserDeletedAsync(new UserDeletedContext { UserId = userId, Services = services }));
    }

    /// <summary>Has the user's open pages, on every node, show what changed.</summary>
    public async ValueTask ShowAsync(string userId)
    {
        try
        {
            await sessions.TellAsync(userId, CancellationToken.None);
        }
        catch (SessionStoreException exception)
        {
            // The change itself was saved: pages show it when they are reloaded.
            logger.PagesNotTold(exception, userId);
        }
    }
}
