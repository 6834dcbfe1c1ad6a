using BlazorAuth.Accounts;

namespace BlazorAuth.Stores.Memory;

/// <content>Creating users, and connecting accounts to them.</content>
internal sealed partial class MemoryAccountStore
{
    public Task<UserCreation> CreateAsync(UserRecord user, AccountRecord account, CancellationToken cancellationToken = default)
    {
        (user, account) = (AccountLimits.Normalize(user), AccountLimits.Normalize(account) with { UserId = user.Id });
        return Run(
            () =>
            {
                if (_accounts.ContainsKey((account.Issuer, account.Subject)))
                {
                    return UserCreation.AccountExists;
                }

                if (!_users.TryAdd(user.Id, user))
                {
                    return UserCreation.IdWasUsed;
                }

                _accounts.Add((account.Issuer, account.Subject), account);
                return UserCreation.Created;
            },
            cancellationToken);
    }

    public Task<LinkResult> LinkAsync(AccountRecord account, CancellationToken cancellationToken = default)
    {
        account = AccountLimits.Normalize(account);
        return Run(
            () => FindLive(account.UserId) is null ? LinkResult.UserNotFound
                : _accounts.TryAdd((account.Issuer, account.Subject), account) ? LinkResult.Linked
                : _accounts[(account.Issuer, account.Subject)].UserId == account.UserId ? LinkResult.AlreadyLinked
                : LinkResult.OfSomebodyElse,
            cancellationToken);
    }

    public Task<UnlinkResult> UnlinkAsync(string userId, string issuer, string subject, CancellationToken cancellationToken = default) => Run(
        () =>
        {
            if (!_accounts.TryGetValue((issuer, subject), out var account) || account.UserId != userId)
            {
                return UnlinkResult.NotFound;
            }

            if (AccountsOf(userId).All(other => other == account || other.Issuer == AccountRecord.ImportIssuer))
            {
                return UnlinkResult.LastOne;
            }

            GiveUp(account);
            return UnlinkResult.Unlinked;
        },
        cancellationToken);

    public Task KeepPendingAsync(PendingLink link, CancellationToken cancellationToken = default)
    {
        link = AccountLimits.Normalize(link);
        return Run(
            () =>
            {
                RemovePending(pending => pending.ExpiresAt <= clock.GetUtcNow());
                return _pending[link.Browser] = link;
            },
            cancellationToken);
    }

    public Task<PendingLink?> FindPendingAsync(string browser, CancellationToken cancellationToken = default) =>
        Run(() => _pending.GetValueOrDefault(browser) is { } link && link.ExpiresAt > clock.GetUtcNow() ? link : null, cancellationToken);

    public Task<bool> RemovePendingAsync(string browser, CancellationToken cancellationToken = default) => Run(() => _pending.Remove(browser), cancellationToken);

    private void RemovePending(Func<PendingLink, bool> isOver)
    {
        foreach (var link in _pending.Values.Where(isOver).ToList())
        {
            _pending.Remove(link.Browser);
        }
    }

    private void GiveUp(AccountRecord account)
    {
        _accounts.Remove((account.Issuer, account.Subject));
        _users.TryAdd(account.DefaultUserId, Tombstone(account.DefaultUserId));
    }
}
