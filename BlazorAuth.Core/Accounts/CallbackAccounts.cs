using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Accounts;

/// <summary>The app's account callback decides, and keeps its users itself.</summary>
internal sealed class CallbackAccounts(AccountNews news, ILogger<CallbackAccounts> logger) : IAccountAuthority
{
    public ValueTask<AccountOwner> FindAsync(WayIn way, CancellationToken cancellationToken) => AskAsync(way, connectingUserId: null, cancellationToken);

    public async ValueTask<AuthErrorReason?> LinkAsync(WayIn way, string userId, CancellationToken cancellationToken)
    {
        var owner = await AskAsync(way, userId, cancellationToken);
        if (owner.Refusal is null && owner.UserId == userId)
        {
            await news.ShowAsync(userId);
            return null;
        }

        return owner.Refusal ?? AuthErrorReason.AccountOfSomebodyElse;
    }

    public ValueTask<bool> SettleAsync(WayIn way, AccountOwner owner, CancellationToken cancellationToken) => ValueTask.FromResult(true);

    public ValueTask<AuthErrorReason?> ConfirmAsync(WayIn way, string userId, CancellationToken cancellationToken) => ValueTask.FromResult<AuthErrorReason?>(null);

    private async ValueTask<AccountOwner> AskAsync(WayIn way, string? connectingUserId, CancellationToken cancellationToken)
    {
        var context = new AccountContext
        {
            Issuer = way.Issuer, Subject = way.Subject, Provider = way.Provider, User = way.User, ConnectingUserId = connectingUserId, Profile = way.Profile,
            Services = way.Services, CancellationToken = cancellationToken,
        };
        AccountDecision decision;
        try
        {
            decision = await way.Services.GetRequiredService<AuthCallbacks>().AccountAsync(context);
            AccountLimits.Check(decision.UserId, nameof(decision.UserId));
        }
        catch (Exception exception) when (exception is not SessionStoreException && (exception is not OperationCanceledException || !cancellationToken.IsCancellationRequested))
        {
            // A callback that throws has not identified the user.
            logger.AccountCallbackFailed(exception, way.Provider);
            return AccountOwner.Failed(exception);
        }

        return decision.UserId is { } id ? AccountOwner.Of(id, decision.IsNewUser) : AccountOwner.Refused(decision.Reason);
    }
}
