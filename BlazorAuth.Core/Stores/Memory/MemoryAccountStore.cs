using BlazorAuth.Accounts;

namespace BlazorAuth.Stores.Memory;

/// <summary>Remembers users in this process only, for tests and <c>AUTH_STORE=memory</c>: a restart forgets them, and their bans.</summary>
internal sealed class MemoryAccountStore(TimeProvider clock) : IAccountStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, UserRecord> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Issuer, string Subject), AccountRecord> _accounts = [];
    private readonly Dictionary<string, PendingLink> _pending = new(StringComparer.Ordinal);

    public Task InitializeAsync(CancellationToken cancellationToken = default) => Run(() => true, cancellationToken);

    public Task<bool> IsEmptyAsync(CancellationToken cancellationToken = default) => Run(() => _users.Count == 0, cancellationToken);

    public Task<AccountMatch?> FindAsync(string issuer, string subject, CancellationToken cancellationToken = default) => Run(
        () => _accounts.TryGetValue((issuer, subject), out var account) ? new AccountMatch(account, _users[account.UserId]) : null, cancellationToken);

    public Task<UserRecord?> FindUserAsync(string userId, CancellationToken cancellationToken = default) =>
        Run(() => _users.GetValueOrDefault(userId), cancellationToken);

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

            if (_accounts.Values.Count(other => other.UserId == userId) == 1)
            {
                return UnlinkResult.LastOne;
            }

            GiveUp(account);
            return UnlinkResult.Unlinked;
        },
        cancellationToken);

    public Task<IReadOnlyList<AccountRecord>> ListAccountsAsync(string userId, CancellationToken cancellationToken = default) =>
        Run<IReadOnlyList<AccountRecord>>(
            () => [.. AccountsOf(userId).OrderBy(account => account.LinkedAt).ThenBy(account => account.Issuer, StringComparer.Ordinal)
                .ThenBy(account => account.Subject, StringComparer.Ordinal).Take(IAccountStore.MostAtOnce)],
            cancellationToken);

    public Task<IReadOnlyList<UserRecord>> SearchAsync(
        string prefix, int count, string? afterUserId = null, CancellationToken cancellationToken = default)
    {
        AccountLimits.CheckCount(count);
        var key = AccountLimits.SearchKey(prefix)!;
        return Run<IReadOnlyList<UserRecord>>(
            () => [.. _users.Values.Where(user => user.DeletedAt is null && string.CompareOrdinal(user.Id, afterUserId) > 0)
                .Where(user => key.Length == 0 || Begins(user.Name, key) || Begins(user.Email, key))
                .OrderBy(user => user.Id, StringComparer.Ordinal).Take(count)],
            cancellationToken);
    }

    public Task<IReadOnlyList<UserRecord>> FindVerifiedAsync(string email, CancellationToken cancellationToken = default) =>
        Run<IReadOnlyList<UserRecord>>(
            () => [.. _users.Values.Where(user => user.EmailVerifiedAt is not null && AccountLimits.SearchKey(user.Email) == email)
                .OrderBy(user => user.Id, StringComparer.Ordinal).Take(2)],
            cancellationToken);

    public Task KeepPendingAsync(PendingLink link, CancellationToken cancellationToken = default)
    {
        link = AccountLimits.Normalize(link);
        return Run(
            () =>
            {
                foreach (var expired in _pending.Values.Where(pending => pending.ExpiresAt <= clock.GetUtcNow()).ToList())
                {
                    _pending.Remove(expired.Browser);
                }

                return _pending[link.Browser] = link;
            },
            cancellationToken);
    }

    public Task<PendingLink?> FindPendingAsync(string browser, CancellationToken cancellationToken = default) =>
        Run(() => _pending.GetValueOrDefault(browser) is { } link && link.ExpiresAt > clock.GetUtcNow() ? link : null, cancellationToken);

    public Task<bool> RemovePendingAsync(string browser, CancellationToken cancellationToken = default) => Run(() => _pending.Remove(browser), cancellationToken);

    public Task<bool> UpdateProfileAsync(UserRecord user, CancellationToken cancellationToken = default)
    {
        var given = AccountLimits.Normalize(user);
        return Change(
            given.Id, known => known with { Name = given.Name, Email = given.Email, EmailVerifiedAt = given.EmailVerifiedAt, Image = given.Image }, cancellationToken);
    }

    public Task<bool> BanAsync(string userId, DateTimeOffset? until, string? reason, CancellationToken cancellationToken = default)
    {
        AccountLimits.Check(reason, nameof(reason));
        return Change(userId, known => known with { BannedUntil = AccountLimits.ToMilliseconds(until), BanReason = until is null ? null : reason }, cancellationToken);
    }

    public Task<bool> DeleteAsync(string userId, CancellationToken cancellationToken = default) => Run(
        () =>
        {
            if (FindLive(userId) is not { } user)
            {
                return false;
            }

            foreach (var account in AccountsOf(userId).ToList())
            {
                GiveUp(account);
            }

            _users[userId] = Tombstone(userId) with { CreatedAt = user.CreatedAt, LastSeenAt = user.LastSeenAt };
            return true;
        },
        cancellationToken);

    public Task TouchAsync(IReadOnlyCollection<AccountUse> uses, CancellationToken cancellationToken = default) => Run(
        () =>
        {
            foreach (var use in uses)
            {
                var at = AccountLimits.ToMilliseconds(use.At)!.Value;
                if (FindLive(use.UserId) is { } user && user.LastSeenAt < at)
                {
                    _users[user.Id] = user with { LastSeenAt = at };
                }

                if (use is { Issuer: { } issuer, Subject: { } subject } && _accounts.TryGetValue((issuer, subject), out var account)
                    && account.UserId == use.UserId && account.LastUsedAt < at)
                {
                    _accounts[(issuer, subject)] = account with { LastUsedAt = at };
                }
            }

            return true;
        },
        cancellationToken);

    private Task<bool> Change(string userId, Func<UserRecord, UserRecord> change, CancellationToken cancellationToken) => Run(
        () =>
        {
            if (FindLive(userId) is not { } user)
            {
                return false;
            }

            _users[userId] = change(user);
            return true;
        },
        cancellationToken);

    private Task<T> Run<T>(Func<T> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        lock (_gate)
        {
            return Task.FromResult(work());
        }
    }

    private UserRecord? FindLive(string userId) => _users.GetValueOrDefault(userId) is { DeletedAt: null } user ? user : null;

    private IEnumerable<AccountRecord> AccountsOf(string userId) => _accounts.Values.Where(account => account.UserId == userId);

    private void GiveUp(AccountRecord account)
    {
        _accounts.Remove((account.Issuer, account.Subject));
        _users.TryAdd(account.DefaultUserId, Tombstone(account.DefaultUserId));
    }

    private UserRecord Tombstone(string userId)
    {
        var now = AccountLimits.ToMilliseconds(clock.GetUtcNow())!.Value;
        return new UserRecord { Id = userId, CreatedAt = now, LastSeenAt = now, DeletedAt = now };
    }

    private static bool Begins(string? text, string key) => AccountLimits.SearchKey(text)?.StartsWith(key, StringComparison.Ordinal) == true;
}
