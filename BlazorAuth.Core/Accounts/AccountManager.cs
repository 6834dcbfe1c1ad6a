using BlazorAuth.Accounts;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace BlazorAuth;

/// <summary>
/// Finds, changes, bans and deletes users of the account store. It does not check the caller's permissions: it is for the app and its administrators. All methods throw
/// <see cref="SessionStoreException"/> if a store cannot be reached.
/// </summary>
public sealed partial class AccountManager
{
    /// <summary>How many users a search returns.</summary>
    internal const int PageSize = 100;

    private readonly IAccountStore _store;
    private readonly SessionManager _sessions;
    private readonly AccountNews _news;
    private readonly AccountLoss _loss;
    private readonly AccountState _state;
    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _clock;
    private readonly ILogger<AccountManager> _logger;

    internal AccountManager(
        IAccountStore store, SessionManager sessions, AccountNews news, AccountLoss loss, AccountState state,
        IServiceScopeFactory scopes, TimeProvider clock, ILogger<AccountManager> logger)
    {
        _store = store;
        _sessions = sessions;
        _news = news;
        _loss = loss;
        _state = state;
        _scopes = scopes;
        _clock = clock;
        _logger = logger;
    }

    /// <summary>The user with an ID; <see langword="null"/> if there is none.</summary>
    public async Task<UserRecord?> FindAsync(string userId, CancellationToken cancellationToken = default) =>
        await _store.FindUserAsync(userId, cancellationToken) is { DeletedAt: null } user ? user : null;

    /// <summary>The user who has an account at a provider; <see langword="null"/> if there is none.</summary>
    public async Task<UserRecord?> FindAsync(string issuer, string subject, CancellationToken cancellationToken = default) =>
        (await _store.FindAsync(issuer, subject, cancellationToken))?.User is { DeletedAt: null } user ? user : null;

    /// <summary>Up to a hundred users whose name or e-mail address begins with a text, ignoring case, ordered by ID. An empty text finds all.</summary>
    /// <param name="prefix">The prefix of the name or the address.</param>
    /// <param name="after">The last user of the previous page; <see langword="null"/> for the first page.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<IReadOnlyList<UserRecord>> SearchAsync(string prefix, UserRecord? after = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        return _store.SearchAsync(prefix, PageSize, after?.Id, cancellationToken);
    }

    /// <summary>The accounts that a user can sign in with, oldest first.</summary>
    public async Task<IReadOnlyList<AccountRecord>> ListAccountsAsync(string userId, CancellationToken cancellationToken = default) =>
        [.. (await _store.ListAccountsAsync(userId, cancellationToken)).Where(account => account.Issuer != AccountRecord.ImportIssuer)];

    /// <summary>
    /// Replaces a user's name, e-mail address and picture; false if there is no such user. Another address is not verified, and <see cref="UserRecord.EmailVerifiedAt"/> only takes
    /// away: <see cref="SetVerifiedEmailAsync"/> says that an address is verified. Running sessions keep what their provider sent:
    /// <see cref="SessionManager.UpdateUserClaimsAsync"/> changes them.
    /// </summary>
    public async Task<bool> UpdateAsync(UserRecord user, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(user);
        if (user.EmailVerifiedAt is null)
        {
            return await _store.UpdateProfileAsync(user, cancellationToken);
        }

        var verified = await _store.FindUserAsync(user.Id, cancellationToken) is { } stored && IsSameAddress(stored.Email, user.Email) ? stored.EmailVerifiedAt : null;
        return await _store.UpdateProfileAsync(user with { EmailVerifiedAt = verified }, cancellationToken);
    }

    /// <summary>
    /// Gives a user an e-mail address that the app has verified now, such as by a link that it sent there; false if there is no such user. A provider that verified the
    /// same address, and that <see cref="AuthAccountOptions.LinkVerifiedEmail"/> trusts, signs in as this user from then on.
    /// </summary>
    public async Task<bool> SetVerifiedEmailAsync(string userId, string email, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(email);
        return await FindAsync(userId, cancellationToken) is { } user
            && await _store.UpdateProfileAsync(user with { Email = email, EmailVerifiedAt = _clock.GetUtcNow() }, cancellationToken);
    }

    /// <summary>Links another account to a user. Anyone who can sign in at the provider as this subject can sign in as the user: make sure that the account is theirs.</summary>
    public async Task<LinkResult> LinkAsync(AccountRecord account, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(account);
        await using var scope = _scopes.CreateAsyncScope();
        return await _store.LinkAsync(account, _news, scope.ServiceProvider, cancellationToken);
    }

    /// <summary>
    /// Unlinks an account from a user, unless it is the only one, and ends the sessions that began with it. Anyone who signs in with it later is a new user with
    /// an ID that was never used; but what the app itself says who somebody is, a credentials provider or <c>HttpContext.SignInAsync</c>, links it to them again at the
    /// next sign-in: remove the password, too. If it fails halfway, call it again.
    /// </summary>
    /// <param name="userId">The user's ID.</param>
    /// <param name="issuer">The account's issuer.</param>
    /// <param name="subject">The account's subject.</param>
    /// <param name="keptSessionId">A session that stays even if it began with the account, usually the current one.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<UnlinkResult> UnlinkAsync(
        string userId, string issuer, string subject, string? keptSessionId = null, CancellationToken cancellationToken = default)
    {
        var account = (await _store.FindAsync(issuer, subject, cancellationToken))?.Account;
        var others = account?.UserId == userId ? (await ListAccountsAsync(userId, cancellationToken)).Where(other => (other.Issuer, other.Subject) != (issuer, subject)).ToList() : [];
        if (others.Count > 0)
        {
            // Before the account is removed: as long as it may have sessions left, it is listed and can be unlinked.
            await RevokeAsync(cancellationToken);
        }

        var result = await _store.UnlinkAsync(userId, issuer, subject, cancellationToken);
        try
        {
            if (result == UnlinkResult.Unlinked || (result == UnlinkResult.NotFound && account is null))
            {
                // And the sessions that began in the meantime, even if the caller has gone. Also if the account was already gone: the call that unlinked it may have failed here.
                await RevokeAsync(CancellationToken.None);
            }
        }
        finally
        {
            if (result == UnlinkResult.Unlinked && account is not null)
            {
                await TellAsync(services => _news.AccountUnlinkedAsync(account, services));
            }
        }

        return result;

        Task RevokeAsync(CancellationToken token) => _sessions.RevokeThoseOfAsync(
            userId, account?.Provider, subject, [.. others.Where(other => other.Subject == subject).Select(other => other.Provider)], keptSessionId, token);
    }

    /// <summary>
    /// Bans a user until a point in time: every session ends, on every node within a second, and the user cannot sign in until then. False if no such user was stored. The ban counts
    /// even so: it is kept for this ID, because sessions can be older than the account store, or begun by an Auth.js. Also false for a deleted user.
    /// </summary>
    /// <param name="userId">The user.</param>
    /// <param name="until">When the ban ends; <see cref="DateTimeOffset.MaxValue"/> for never.</param>
    /// <param name="reason">Why, for administrators. The user does not see it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<bool> BanAsync(string userId, DateTimeOffset until, string? reason = null, CancellationToken cancellationToken = default)
    {
        var (wasThere, isBanned) = await BanAndRevokeAsync(userId, until, reason, cancellationToken);
        if (isBanned)
        {
            await TellAsync(services => _news.UserBannedAsync(userId, until, reason, services));
        }

        return wasThere;
    }

    /// <summary>Lifts a ban; false if there is no such user.</summary>
    public async Task<bool> UnbanAsync(string userId, CancellationToken cancellationToken = default)
    {
        var isThere = await _store.BanAsync(userId, until: null, reason: null, cancellationToken);
        if (isThere)
        {
            _logger.UserUnbanned(userId);
        }

        return isThere;
    }

    /// <summary>
    /// Deletes a user: bans them, ends every session, removes the user and their accounts, and clears what is left of their sessions. IDs are kept,
    /// so that nobody else ever gets them. If it fails halfway, call it again: each step can be repeated. False if no such user was stored; the ID is retired even so.
    /// </summary>
    public async Task<bool> DeleteAsync(string userId, CancellationToken cancellationToken = default)
    {
        var wasThere = await _store.FindUserAsync(userId, cancellationToken) is not null;
        try
        {
            await BanAndRevokeAsync(userId, DateTimeOffset.MaxValue, reason: null, cancellationToken);
            await _store.DeleteAsync(userId, CancellationToken.None);
            await _sessions.EraseAsync(userId, CancellationToken.None);
        }
        catch (SessionStoreException exception)
        {
            // They can no longer sign in to request the rest.
            _logger.DeletionCutOff(exception, userId);
            throw;
        }

        await TellAsync(services => _news.UserDeletedAsync(userId, services));
        return wasThere;
    }

    private async Task<(bool WasThere, bool IsBanned)> BanAndRevokeAsync(string userId, DateTimeOffset until, string? reason, CancellationToken cancellationToken)
    {
        // The order matters: a sign-in in the meantime is caught by one of the two. A ban is always completed: a user must not stay signed in because the caller has gone.
        var wasThere = await _store.BanAsync(userId, until, reason, cancellationToken);
        try
        {
            return (wasThere, wasThere || await BanAheadAsync(userId, until, reason));
        }
        finally
        {
            await _sessions.RevokeUserAsync(userId, RevocationReason.Banned, CancellationToken.None);
        }
    }

    /// <summary>Bans someone without a row; false if they were deleted.</summary>
    /// <exception cref="SessionStoreException">The store cannot be reached, or has lost its users: it must not look like one that has some.</exception>
    private async Task<bool> BanAheadAsync(string userId, DateTimeOffset until, string? reason)
    {
        await _loss.CheckAsync(CancellationToken.None);
        var now = _clock.GetUtcNow();
        var (user, placeholder) = (BannedAhead.UserOf(userId, until, reason, now), BannedAhead.PlaceholderOf(userId, now));
        return await _state.WriteAsync(() => _store.CreateAsync(user, placeholder, CancellationToken.None)) == UserCreation.Created
            || await _store.BanAsync(userId, until, reason, CancellationToken.None);
    }

    private static bool IsSameAddress(string? before, string? after) =>
        before == after || (AccountLimits.ComparableEmail(before) is { } comparable && comparable == AccountLimits.ComparableEmail(after));

    private async Task TellAsync(Func<IServiceProvider, ValueTask> tell)
    {
        await using var scope = _scopes.CreateAsyncScope();
        await tell(scope.ServiceProvider);
    }
}
