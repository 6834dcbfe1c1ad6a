using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAuth.Accounts;

/// <summary>The app's account callback decides, and keeps its users itself.</summary>
internal sealed class CallbackAccounts(ILogger<CallbackAccounts> logger) : IAccountAuthority
{
    public async ValueTask<AccountOwner> FindAsync(WayIn way, CancellationToken cancellationToken)
    {
        var context = new AccountContext
        {
            Issuer = way.Issuer, Subject = way.Subject, Provider = way.Provider, User = way.User, Profile = way.Profile, Services = way.Services,
            CancellationToken = cancellationToken,
        };
        AccountDecision decision;
        try
        {
            decision = await way.Services.GetRequiredService<AuthCallbacks>().AccountAsync(context);
        }
        catch (Exception exception) when (exception is not OperationCanceledException and not SessionStoreException)
        {
            // A callback that throws has not said who it is.
            logger.AccountCallbackFailed(exception, way.Provider);
            return AccountOwner.Refused(AuthErrorReason.None);
        }

        return decision.UserId is { } id ? AccountOwner.Of(id, decision.IsNewUser) : AccountOwner.Refused(decision.Reason);
    }

    public ValueTask<bool> SettleAsync(WayIn way, AccountOwner owner, CancellationToken cancellationToken) => ValueTask.FromResult(true);

    public ValueTask<AuthErrorReason?> ConfirmAsync(WayIn way, string userId, CancellationToken cancellationToken) => ValueTask.FromResult<AuthErrorReason?>(null);
}
