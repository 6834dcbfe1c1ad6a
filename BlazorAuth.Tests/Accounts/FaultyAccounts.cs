namespace BlazorAuth.Tests.Accounts;

/// <summary>An account store of an app that can be switched off, or does something at every call.</summary>
internal class FaultyAccounts(IAccountStore inner) : IAccountStore
{
    public bool IsDown
    {
        get => Fault is not null;
        set => Fault = value ? new SessionStoreException("The account store is switched off.") : null;
    }

    /// <summary>What every call fails with.</summary>
    public Exception? Fault { get; set; }

    private IAccountStore Inner
    {
        get
        {
            OnCall();
            return Fault is { } fault ? throw fault : inner;
        }
    }

    public Task InitializeAsync(CancellationToken cancellationToken = default) => Inner.InitializeAsync(cancellationToken);

    public Task<bool> IsEmptyAsync(CancellationToken cancellationToken = default) => Inner.IsEmptyAsync(cancellationToken);

    public Task<AccountMatch?> FindAsync(string issuer, string subject, CancellationToken cancellationToken = default) => Inner.FindAsync(issuer, subject, cancellationToken);

    public Task<UserRecord?> FindUserAsync(string userId, CancellationToken cancellationToken = default) => Inner.FindUserAsync(userId, cancellationToken);

    public Task<UserCreation> CreateAsync(UserRecord user, AccountRecord account, CancellationToken cancellationToken = default) =>
        Inner.CreateAsync(user, account, cancellationToken);

    public Task<LinkResult> LinkAsync(AccountRecord account, CancellationToken cancellationToken = default) => Inner.LinkAsync(account, cancellationToken);

    public Task<UnlinkResult> UnlinkAsync(string userId, string issuer, string subject, CancellationToken cancellationToken = default) =>
        Inner.UnlinkAsync(userId, issuer, subject, cancellationToken);

    public Task<IReadOnlyList<AccountRecord>> ListAccountsAsync(string userId, CancellationToken cancellationToken = default) =>
        Inner.ListAccountsAsync(userId, cancellationToken);

    public Task<IReadOnlyList<UserRecord>> SearchAsync(string prefix, int count, string? afterUserId = null, CancellationToken cancellationToken = default) =>
        Inner.SearchAsync(prefix, count, afterUserId, cancellationToken);

    public Task<IReadOnlyList<UserRecord>> FindVerifiedAsync(string email, CancellationToken cancellationToken = default) => Inner.FindVerifiedAsync(email, cancellationToken);

    public Task KeepPendingAsync(PendingLink link, CancellationToken cancellationToken = default) => Inner.KeepPendingAsync(link, cancellationToken);

    public Task<PendingLink?> FindPendingAsync(string browser, CancellationToken cancellationToken = default) => Inner.FindPendingAsync(browser, cancellationToken);

    public Task<bool> RemovePendingAsync(string browser, CancellationToken cancellationToken = default) => Inner.RemovePendingAsync(browser, cancellationToken);

    public Task<bool> UpdateProfileAsync(UserRecord user, CancellationToken cancellationToken = default) => Inner.UpdateProfileAsync(user, cancellationToken);

    public Task<bool> BanAsync(string userId, DateTimeOffset? until, string? reason, CancellationToken cancellationToken = default) =>
        Inner.BanAsync(userId, until, reason, cancellationToken);

    public Task<bool> DeleteAsync(string userId, CancellationToken cancellationToken = default) => Inner.DeleteAsync(userId, cancellationToken);

    public virtual Task TouchAsync(IReadOnlyCollection<AccountUse> uses, CancellationToken cancellationToken = default) => Inner.TouchAsync(uses, cancellationToken);

    private protected virtual void OnCall()
    {
    }
}
