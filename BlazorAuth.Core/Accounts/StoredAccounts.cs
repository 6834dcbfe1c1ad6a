using System.Buffers.Text;
using System.Security.Cryptography;
using BlazorAuth.Sync;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Accounts;

/// <summary>The account store decides: the built-in one, or the app's own.</summary>
internal sealed class StoredAccounts(IAccountStore store, AccountOutbox outbox, AccountLoss loss, AccountNews news, AccountState state, IOptions<AuthOptions> options, SharedClock clock) : IAccountAuthority
{
    private const int IdBytes = 16;

    public AccountOutbox Outbox => outbox;

    public AccountLoss Loss => loss;

    /// <summary>Why nobody can sign in, as far as this node's own rounds know; null when they can.</summary>
    public string? Failure => loss.IsLost ? AccountLoss.LostMessage : state.IsSilent ? "The account store does not respond. The log has the cause." : null;

    public async ValueTask<AccountOwner> FindAsync(WayIn way, CancellationToken cancellationToken)
    {
        await loss.CheckAsync(cancellationToken);
        if (await store.FindAsync(way.Issuer, way.Subject, cancellationToken) is { } match)
        {
            return OwnerOf(match.User, isLinked: true);
        }

        var id = way.NamesUser ? way.Subject : AccountRecord.DefaultUserIdOf(way.Issuer, way.Subject);
        var user = await store.FindUserAsync(id, cancellationToken);
        if (user is not null && (way.NamesUser || await BannedAhead.IsAllAsync(store, user, cancellationToken)))
        {
            return OwnerOf(user, isLinked: false);
        }

        return !way.NamesUser && await FindByAddressAsync(way, wasUsed: user is not null, cancellationToken) is { } known ? known
            : user is null ? AccountOwner.Of(id, isNew: true)

            // Someone who signs in with an unlinked account must not become its former owner.
            : AccountOwner.Of(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes)), isNew: true);
    }

    public async ValueTask<bool> SettleAsync(WayIn way, AccountOwner owner, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var account = AccountOf(way, owner.UserId);
        if (owner.User is not { } user)
        {
            var created = AccountProfile.Of(way.User with { Id = owner.UserId }, now);
            if (await state.WriteAsync(() => store.CreateAsync(created, account, cancellationToken)) != UserCreation.Created)
            {
                return false;
            }

            await news.UserCreatedAsync(created, account, way.Services);
            return true;
        }

        if (!owner.IsLinked && !await LinkAsync(account, way.Services, cancellationToken))
        {
            return false;
        }

        // The app may have changed the profile since it was read: a callback of the sign-in, or an administrator.
        if (AccountProfile.Filled(user, way.User, now) is not null
            && await store.FindUserAsync(user.Id, cancellationToken) is { } current && AccountProfile.Filled(current, way.User, now) is { } filled)
        {
            await store.UpdateProfileAsync(filled, cancellationToken);
        }

        outbox.Add(new AccountUse(user.Id, now, way.Issuer, way.Subject));
        return true;
    }

    public async ValueTask<AuthErrorReason?> LinkAsync(WayIn way, string userId, CancellationToken cancellationToken)
    {
        await loss.CheckAsync(cancellationToken);
        var user = await store.FindUserAsync(userId, cancellationToken);
        if (user is null or { DeletedAt: not null } || user.IsBanned(clock.GetUtcNow()))
        {
            return user is { DeletedAt: null } ? AuthErrorReason.Banned : AuthErrorReason.OtherPerson;
        }

        return await LinkAsync(AccountOf(way, userId), way.Services, cancellationToken) ? null : AuthErrorReason.AccountOfSomebodyElse;
    }

    public async ValueTask<AuthErrorReason?> ConfirmAsync(WayIn way, string userId, CancellationToken cancellationToken)
    {
        var match = await store.FindAsync(way.Issuer, way.Subject, cancellationToken);
        var user = match?.User ?? (way.NamesUser ? await store.FindUserAsync(userId, cancellationToken) : null);
        return user is null ? way.NamesUser ? null : AuthErrorReason.None
            : user.DeletedAt is not null || user.Id != userId ? AuthErrorReason.None
            : user.IsBanned(clock.GetUtcNow()) ? AuthErrorReason.Banned
            : null;
    }

    /// <summary>
    /// What becomes of an account that nobody has, whose verified address a user here has verified too. Never theirs without their word, which they give after they
    /// have signed in the way they did before; except where the app trusts the provider with it and one user is meant.
    /// </summary>
    /// <param name="way">The account.</param>
    /// <param name="wasUsed">Whether a user had it before. Perhaps they disconnected it because it was stolen: it is not joined to them again unless they confirm it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    private async ValueTask<AccountOwner?> FindByAddressAsync(WayIn way, bool wasUsed, CancellationToken cancellationToken)
    {
        var email = way.ComparableEmail;
        var users = email is null
            ? []
            : (await store.FindVerifiedAsync(email, cancellationToken)).Where(user => AccountLimits.ComparableEmail(user.Email) == email).ToList();
        return users.Count == 0 ? null
            : users.Count == 1 && options.Value.Accounts.Linking.Contains(way.Provider) && !wasUsed ? OwnerOf(users[0], isLinked: false)
            : AccountOwner.Refused(AuthErrorReason.ConfirmToLink, users.Count == 1 ? users[0] : null);
    }

    private AccountRecord AccountOf(WayIn way, string userId)
    {
        var now = clock.GetUtcNow();
        return new() { Issuer = way.Issuer, Subject = way.Subject, Provider = way.Provider, UserId = userId, LinkedAt = now, LastUsedAt = now };
    }

    private async ValueTask<bool> LinkAsync(AccountRecord account, IServiceProvider services, CancellationToken cancellationToken)
    {
        if (await BannedAhead.IsOfAnotherAsync(store, account, cancellationToken))
        {
            return false;
        }

        var result = await state.WriteAsync(() => store.LinkAsync(account, news, services, cancellationToken));
        return result is LinkResult.Linked or LinkResult.AlreadyLinked;
    }

    private AccountOwner OwnerOf(UserRecord user, bool isLinked) =>
        user.DeletedAt is not null ? AccountOwner.RefusedUser(AuthErrorReason.None, user.Id)
        : user.IsBanned(clock.GetUtcNow()) ? AccountOwner.RefusedUser(AuthErrorReason.Banned, user.Id)
        : AccountOwner.Of(user, isLinked);
}
