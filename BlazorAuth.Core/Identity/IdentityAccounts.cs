using BlazorAuth.Accounts;
using BlazorAuth.Http;
using BlazorAuth.Sessions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Identity;

/// <summary>Identity's users are the users: it decides on ids, on lockout and on the second factor.</summary>
internal sealed class IdentityAccounts<TUser>(
    AuthProviderRegistry providers, LoginPage login, NewUsers<TUser> created, AccountNews news, IServiceScopeFactory scopes, IOptions<AuthIdentityOptions> options,
    IOptions<IdentityOptions> identity, ILogger<IdentityAccounts<TUser>> logger) : IAccountAuthority
    where TUser : class
{
    public async ValueTask<AccountOwner> FindAsync(WayIn way, CancellationToken cancellationToken)
    {
        var users = Users(way);
        if (way.NamesUser)
        {
            return await users.FindAsync(way.Subject) is { } named ? await OwnerAsync(way, named) : AccountOwner.Refused(AuthErrorReason.None);
        }

        if (await FindByLoginAsync(way) is { } user)
        {
            return await OwnerAsync(way, user);
        }

        return !options.Value.CreateUsers ? AccountOwner.Refused(AuthErrorReason.None)
            : await IsKnownByAddressAsync(users, way) ? AccountOwner.Refused(AuthErrorReason.ConfirmToLink)
            : MayNotComeYet(way) ? AccountOwner.Refused(AuthErrorReason.EmailNotVerified)
            : await NewAsync(way);
    }

    public async ValueTask<bool> SettleAsync(WayIn way, AccountOwner owner, CancellationToken cancellationToken)
    {
        if (owner is not { IsNewUser: true, Person: TUser user })
        {
            return true;
        }

        if (!await created.WriteAsync(user, await LoginOfAsync(way)))
        {
            return false;
        }

        owner.Became(await Users(way).GetUserIdAsync(user));
        logger.IdentityUserCreated(owner.UserId, way.Provider);
        return true;
    }

    public async ValueTask<AuthErrorReason?> LinkAsync(WayIn way, string userId, CancellationToken cancellationToken)
    {
        var users = Users(way);
        if (await users.FindAsync(userId) is not { } user)
        {
            return AuthErrorReason.OtherPerson;
        }

        if (await RefusalAsync(way, user) is { } refusal)
        {
            return refusal;
        }

        if (await FindByLoginAsync(way) is { } owner)
        {
            return await users.GetUserIdAsync(owner) == userId ? null : AuthErrorReason.AccountOfSomebodyElse;
        }

        if (!(await users.AddLoginAsync(user, await LoginOfAsync(way))).Succeeded)
        {
            return AuthErrorReason.AccountOfSomebodyElse;
        }

        await news.ShowAsync(userId);
        return null;
    }

    public async ValueTask<AuthErrorReason?> ConfirmAsync(WayIn way, string userId, CancellationToken cancellationToken)
    {
        // The request's own manager caches what it has read.
        await using var scope = scopes.CreateAsyncScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<TUser>>();
        return await users.FindAsync(userId) is not { } user ? AuthErrorReason.None
            : !way.IsWordOfApp && users.SupportsUserLockout && await users.IsLockedOutAsync(user) ? AuthErrorReason.Banned
            // A new password ends what began before it, and what has not quite begun.
            : way.Stamp is { } stamp && users.SupportsUserSecurityStamp && await users.GetSecurityStampAsync(user) != stamp.Value ? AuthErrorReason.None
            : null;
    }

    private static UserManager<TUser> Users(WayIn way) => way.Services.GetRequiredService<UserManager<TUser>>();

    private static SignInManager<TUser> SignIns(WayIn way) => way.Services.GetRequiredService<SignInManager<TUser>>();

    private async ValueTask<AccountOwner> OwnerAsync(WayIn way, TUser user)
    {
        var id = await Users(way).GetUserIdAsync(user);
        if (!way.IsWordOfApp && await RefusalAsync(way, user) is { } refusal)
        {
            return AccountOwner.RefusedUser(refusal, id);
        }

        var owner = AccountOwner.Of(id);
        return way.IsWordOfApp ? owner : owner with
        {
            Describe = _ => DescribeAsync(way, user),
            First = new FirstStep(() => IsSecondFactorDueAsync(way, user), (request, returnUrl) => BeginSecondFactorAsync(request, way, user, returnUrl)),
        };
    }

    // A database may ignore the case of letters, or the space at the end: at the provider these are two people.
    private async ValueTask<TUser?> FindByLoginAsync(WayIn way)
    {
        var (users, provider, key) = (Users(way), await LoginProviderAsync(way), KeyOf(way));
        return await users.FindByLoginAsync(provider, key) is { } user
            && (await users.GetLoginsAsync(user)).Any(login => login.ProviderKey == key && string.Equals(login.LoginProvider, provider, StringComparison.OrdinalIgnoreCase))
            ? user
            : null;
    }

    private static async ValueTask<AuthErrorReason?> RefusalAsync(WayIn way, TUser user) =>
        Users(way).SupportsUserLockout && await Users(way).IsLockedOutAsync(user) ? AuthErrorReason.Banned
        : await SignIns(way).CanSignInAsync(user) ? null
        : AuthErrorReason.EmailNotVerified;

    /// <summary>What Identity's own sign-in would put into its cookie.</summary>
    private async ValueTask<OwnerDescription> DescribeAsync(WayIn way, TUser user)
    {
        var (users, types) = (Users(way), identity.Value.ClaimsIdentity);
        var principal = await SignIns(way).CreateUserPrincipalAsync(user);
        var described = IdentityClaims.UserOf(principal, await users.GetUserIdAsync(user), users.SupportsUserEmail && await users.IsEmailConfirmedAsync(user), types);
        described = described with { Name = described.Name ?? way.User.Name, Image = described.Image ?? way.User.Image };
        var claims = IdentityClaims.Of(principal, described, types);
        claims[System.Security.Claims.ClaimTypes.AuthenticationMethod] = await LoginProviderAsync(way);
        var stamp = users.SupportsUserSecurityStamp ? await users.GetSecurityStampAsync(user) : null;
        return new(described, claims, IdentityClaims.StampOf(stamp, claims));
    }

    /// <summary>False when the user has no second factor, or this browser is remembered.</summary>
    private static async ValueTask<bool> IsSecondFactorDueAsync(WayIn way, TUser user) =>
        await SignIns(way).IsTwoFactorEnabledAsync(user) && !await SignIns(way).IsTwoFactorClientRememberedAsync(user);

    private async ValueTask<string> BeginSecondFactorAsync(AuthRequest request, WayIn way, TUser user, ReturnUrl returnUrl)
    {
        await TwoFactorCookie.WriteAsync(request.Http, await Users(way).GetUserIdAsync(user), way.NamesUser ? null : await LoginProviderAsync(way));
        var page = options.Value.TwoFactorPath is { } path ? new LoginPage(path, login.Parameter) : login with { Path = login.Path + "With2fa" };
        return PageAddresses.With(page.Address(request.Address, returnUrl.Text) ?? page.Address(request.Address, "/")!, ("rememberMe", "true"));
    }

    private async ValueTask<AccountOwner> NewAsync(WayIn way)
    {
        var user = await created.OfAsync(way);
        return AccountOwner.Of(await Users(way).GetUserIdAsync(user), isNew: true) with { Person = user, Describe = _ => DescribeAsync(way, user) };
    }

    // Someone whose provider confirms an address must not become the user who has that address here.
    private static async ValueTask<bool> IsKnownByAddressAsync(UserManager<TUser> users, WayIn way) =>
        way.User is { EmailVerified: true, Email: { } email }
        && ((users.SupportsUserEmail && await users.FindByEmailAsync(email) is not null) || await users.FindByNameAsync(email) is not null);

    // RequireUniqueEmail refuses users without an address, and only a verified one becomes theirs.
    private bool MayNotComeYet(WayIn way) =>
        identity.Value is var set && (set.SignIn.RequireConfirmedAccount || set.SignIn.RequireConfirmedEmail || set.User.RequireUniqueEmail) && !way.User.EmailVerified;

    private static string KeyOf(WayIn way) => LoginKey.Of(way.Issuer, way.Subject, way.IsOfManyIssuers);

    private async ValueTask<string> LoginProviderAsync(WayIn way) => (await providers.FindAsync(way.Provider))?.Scheme ?? way.Provider;

    private async ValueTask<UserLoginInfo> LoginOfAsync(WayIn way)
    {
        var provider = await providers.FindAsync(way.Provider);
        return new(provider?.Scheme ?? way.Provider, KeyOf(way), provider?.DisplayName ?? way.Provider);
    }
}
