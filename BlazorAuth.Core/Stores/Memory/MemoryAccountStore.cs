using BlazorAuth.Accounts;

namespace BlazorAuth.Stores.Memory;

/// <summary>Remembers users in this process only, for tests and <c>AUTH_STORE=memory</c>: a restart forgets them, and their bans.</summary>
internal sealed partial class MemoryAccountStore(TimeProvider clock) : IAccountStore
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

            var email = AccountLimits.SearchKey(user.Email);
            RemovePending(pending => pending.Email == email);
            _users[userId] = Tombstone(userId) with { CreatedAt = user.CreatedAt, LastSeenAt = user.LastSeenAt };
            return true;
        },
        cancellationToken);

    public Task TouchAsync(IReadOnlyCollection<AccountUse> uses, CancellationToken cancellationToken = default) => Run(
        () =>
        {
            RemovePending(pending => pending.ExpiresAt <= clock.GetUtcNow());
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

    private UserRecord Tombstone(string userId)
    {
        var now = AccountLimits.ToMilliseconds(clock.GetUtcNow())!.Value;
        return new UserRecord { Id = userId, CreatedAt = now, LastSeenAt = now, DeletedAt = now };
    }

    private static bool Begins(string? text, string key) => AccountLimits.SearchKey(text)?.StartsWith(key, StringComparison.Ordinal) == true;
}
