namespace BlazorAuth.Accounts;

/// <summary>No users are kept: each account at a provider is a user of its own.</summary>
internal sealed class NoAccounts : IAccountAuthority
{
    public ValueTask<AccountOwner> FindAsync(WayIn way, CancellationToken cancellationToken) => ValueTask.FromResult(AccountOwner.Of(way.User.Id));

    public ValueTask<bool> SettleAsync(WayIn way, AccountOwner owner, CancellationToken cancellationToken) => ValueTask.FromResult(true);

    public ValueTask<AuthErrorReason?> LinkAsync(WayIn way, string userId, CancellationToken cancellationToken) =>
        ValueTask.FromResult<AuthErrorReason?>(AuthErrorReason.AccountOfSomebodyElse);

    public ValueTask<AuthErrorReason?> ConfirmAsync(WayIn way, string userId, CancellationToken cancellationToken) => ValueTask.FromResult<AuthErrorReason?>(null);
}
