using System.Buffers.Text;
using System.Security.Cryptography;

namespace BlazorAuth.Accounts;

/// <summary>The account store decides: the built-in one, or the app's own.</summary>
internal sealed class StoredAccounts(IAccountStore store, AccountOutbox outbox, AccountLoss loss, AccountNews news, TimeProvider clock) : IAccountAuthority
{
    private const int IdBytes = 16;

    public AccountOutbox Outbox => outbox;

    public AccountLoss Loss => loss;

    public async ValueTask<AccountOwner> FindAsync(WayIn way, CancellationToken cancellationToken)
    {
        loss.Check();
        if (await store.FindAsync(way.Issuer, way.Subject, cancellationToken) is { } match)
        {
            return OwnerOf(match.User, isLinked: true);
        }

        var id = way.NamesUser ? way.Subject : AccountRecord.DefaultUserIdOf(way.Issuer, way.Subject);
        var user = await store.FindUserAsync(id, cancellationToken);
        return user switch
        {
            null => AccountOwner.Of(id, isNew: true),
            { DeletedAt: not null } when way.NamesUser => AccountOwner.Refused(AuthErrorReason.None),
            _ when way.NamesUser => OwnerOf(user, isLinked: false),

            // Whoever comes with an account that was given up must not become the person whose it was.
            _ => AccountOwner.Of(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(IdBytes)), isNew: true),
        };
    }

    public async ValueTask<bool> SettleAsync(WayIn way, AccountOwner owner, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var account = new AccountRecord
        {
            Issuer = way.Issuer, Subject = way.Subject, Provider = way.Provider, UserId = owner.UserId, LinkedAt = now, LastUsedAt = now,
        };
        if (owner.User is not { } user)
        {
            var created = AccountProfile.Of(way.User with { Id = owner.UserId }, now);
            if (await store.CreateAsync(created, account, cancellationToken) != UserCreation.Created)
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

        if (AccountProfile.Filled(user, way.User, now) is { } filled)
        {
            await store.UpdateProfileAsync(filled, cancellationToken);
        }

        outbox.Add(new AccountUse(user.Id, now, way.Issuer, way.Subject));
        return true;
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

    private async ValueTask<bool> LinkAsync(AccountRecord account, IServiceProvider services, CancellationToken cancellationToken)
    {
        var result = await store.LinkAsync(account, cancellationToken);
        if (result == LinkResult.Linked)
        {
            await news.AccountLinkedAsync(account, services);
        }

        return result is LinkResult.Linked or LinkResult.AlreadyLinked;
    }

    private AccountOwner OwnerOf(UserRecord user, bool isLinked) =>
        user.IsBanned(clock.GetUtcNow()) ? AccountOwner.Refused(AuthErrorReason.Banned) : AccountOwner.Of(user, isLinked);
}
