using BlazorAuth.Sync;

namespace BlazorAuth.Accounts;

/// <summary>Links that wait for their owner's word, one for a browser.</summary>
internal sealed class UnconfirmedLinks(IAccountStore store, AccountNews news, SharedClock clock)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    public Task KeepAsync(WayIn way, string browser, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var link = new PendingLink
        {
            Browser = browser, Issuer = way.Issuer, Subject = way.Subject, Provider = way.Provider, Name = way.User.Name, Email = way.ComparableEmail!,
            CreatedAt = now, ExpiresAt = now + Lifetime,
        };
        return store.KeepPendingAsync(link, cancellationToken);
    }

    /// <summary>The link of a browser, if the user is the one that it can be linked to: who has verified its address.</summary>
    public async Task<PendingLink?> FindAsync(string? browser, string userId, CancellationToken cancellationToken)
    {
        var link = browser is null ? null : await store.FindPendingAsync(browser, cancellationToken);
        return link is not null && await IsOfAsync(link, userId, cancellationToken) ? link : null;
    }

    public Task ForgetAsync(PendingLink link, CancellationToken cancellationToken) => store.RemovePendingAsync(link.Browser, cancellationToken);

    /// <summary>Links what was kept, once.</summary>
    public async Task<LinkResult> LinkAsync(PendingLink link, string userId, IServiceProvider services, CancellationToken cancellationToken)
    {
        if (!await store.RemovePendingAsync(link.Browser, cancellationToken))
        {
            return LinkResult.AlreadyLinked;
        }

        var now = clock.GetUtcNow();
        var account = new AccountRecord
        {
            Issuer = link.Issuer, Subject = link.Subject, Provider = link.Provider, UserId = userId, LinkedAt = now, LastUsedAt = now,
        };
        return await BannedAhead.IsOfAnotherAsync(store, account, cancellationToken)
            ? LinkResult.OfSomebodyElse
            : await store.LinkAsync(account, news, services, cancellationToken);
    }

    private async Task<bool> IsOfAsync(PendingLink link, string userId, CancellationToken cancellationToken) =>
        await store.FindUserAsync(userId, cancellationToken) is { DeletedAt: null, EmailVerifiedAt: not null } user
        && !user.IsBanned(clock.GetUtcNow()) && AccountLimits.ComparableEmail(user.Email) == link.Email;
}
