using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Identity;

/// <summary>Identity's manager, which tells sessions at once when a stamp changed or a user was deleted.</summary>
internal sealed class StampedUserManager<TUser>(
    IUserStore<TUser> store, IOptions<IdentityOptions> options, IPasswordHasher<TUser> hasher, IEnumerable<IUserValidator<TUser>> userValidators,
    IEnumerable<IPasswordValidator<TUser>> passwordValidators, ILookupNormalizer normalizer, IdentityErrorDescriber errors, IServiceProvider services,
    ILogger<UserManager<TUser>> logger)
    : UserManager<TUser>(store, options, hasher, userValidators, passwordValidators, normalizer, errors, services, logger)
    where TUser : class
{
    private readonly IServiceProvider _services = services;

    // What the users had who were found here: none of their updates has to ask the database.
    private readonly ConditionalWeakTable<TUser, string> _stamps = [];

    public override async Task<TUser?> FindByIdAsync(string userId) => await RememberAsync(await base.FindByIdAsync(userId));

    public override async Task<TUser?> FindByNameAsync(string userName) => await RememberAsync(await base.FindByNameAsync(userName));

    public override async Task<TUser?> FindByEmailAsync(string email) => await RememberAsync(await base.FindByEmailAsync(email));

    public override async Task<TUser?> FindByLoginAsync(string loginProvider, string providerKey) => await RememberAsync(await base.FindByLoginAsync(loginProvider, providerKey));

    public override async Task<bool> CheckPasswordAsync(TUser user, string password) => await NoteAsync(user, await base.CheckPasswordAsync(user, password));

    // A link in a mail, or a code, by which an app's own page signs people in. One that proves an address says whose that is, not who sits here.
    public override async Task<bool> VerifyUserTokenAsync(TUser user, string tokenProvider, string purpose, string token)
    {
        var isRight = await base.VerifyUserTokenAsync(user, tokenProvider, purpose, token);
        return ProvesAddress(purpose) ? isRight : await NoteAsync(user, isRight);
    }

    public override async Task<bool> VerifyTwoFactorTokenAsync(TUser user, string tokenProvider, string token)
    {
        var isRight = await base.VerifyTwoFactorTokenAsync(user, tokenProvider, token);
        return await IsBeingSetUpAsync(user, tokenProvider) ? isRight : await NoteAsync(user, isRight);
    }

    public override async Task<IdentityResult> CreateAsync(TUser user)
    {
        var result = await base.CreateAsync(user);
        if (result.Succeeded)
        {
            await RememberAsync(user);
        }

        return result;
    }

    public override async Task<IdentityResult> DeleteAsync(TUser user)
    {
        var id = await GetUserIdAsync(user);
        var result = await base.DeleteAsync(user);
        if (result.Succeeded)
        {
            await TellAsync(sessions => sessions.UserDeletedAsync(id), id);
        }

        return result;
    }

    // Every change of a user ends up here.
    protected override async Task<IdentityResult> UpdateUserAsync(TUser user)
    {
        if (!SupportsUserSecurityStamp)
        {
            return await base.UpdateUserAsync(user);
        }

        var id = await GetUserIdAsync(user);
        var earlier = await EarlierStampAsync(id);
        if (await IsNewStampAsync(user, id, earlier))
        {
            // Before the change: a sign-in that is completed in between has the earlier stamp, and ends by it.
            await TellAsync(sessions => sessions.EndSignInsAsync(id), id);
        }

        var result = await base.UpdateUserAsync(user);
        if (result.Succeeded)
        {
            var stamp = await GetSecurityStampAsync(user);
            _stamps.AddOrUpdate(user, stamp);
            await TellAsync(sessions => sessions.EndOtherStampsAsync(id, stamp, earlier), id);
        }

        return result;
    }

    // Somebody at an unlocked device may have entered one of their own.
    private static bool ProvesAddress(string purpose) =>
        purpose == ConfirmEmailTokenPurpose || purpose.StartsWith(ChangePhoneNumberTokenPurpose, StringComparison.Ordinal) || purpose.StartsWith("ChangeEmail:", StringComparison.Ordinal);

    // The page has just shown the key of the authenticator to whoever sits here.
    private async Task<bool> IsBeingSetUpAsync(TUser user, string tokenProvider) =>
        tokenProvider == Options.Tokens.AuthenticatorTokenProvider && SupportsUserTwoFactor && !await GetTwoFactorEnabledAsync(user);

    /// <summary>Takes note in the request that a user has shown who they are: the page may sign them in without saying so.</summary>
    private async Task<bool> NoteAsync(TUser user, bool isRight)
    {
        var id = isRight ? await GetUserIdAsync(user) : null;
        if (id is not null && _services.GetRequiredService<IHttpContextAccessor>().HttpContext is { } http)
        {
            http.Features.Set(new SecretShown(id));
        }

        return isRight;
    }

    /// <summary>Whether an update is about to write another stamp; also when nobody knows.</summary>
    private async Task<bool> IsNewStampAsync(TUser user, string id, string? earlier)
    {
        if (id.Length == 0 || Store is not IUserSecurityStampStore<TUser> stamps || await stamps.GetSecurityStampAsync(user, CancellationToken) is not { } stamp)
        {
            return false;
        }

        // A user who comes from a query or a list was not found here.
        return (_stamps.TryGetValue(user, out var found) ? found : earlier ?? await _services.GetRequiredService<IStoredStamps>().FindAsync(id, CancellationToken)) != stamp;
    }

    private async Task<TUser?> RememberAsync(TUser? user)
    {
        // A user who is found again may have been changed in memory meanwhile.
        if (user is not null && Store is IUserSecurityStampStore<TUser> stamps && !_stamps.TryGetValue(user, out _)
            && await stamps.GetSecurityStampAsync(user, CancellationToken) is { } stamp)
        {
            _stamps.AddOrUpdate(user, stamp);
        }

        return user;
    }

    private async Task<string?> EarlierStampAsync(string userId)
    {
        try
        {
            return userId.Length == 0 ? null : await _services.GetRequiredService<IdentitySessions>().StoredStampAsync(userId);
        }
        catch (SessionStoreException exception)
        {
            Logger.EarlierStampUnknown(exception, userId);
            return null;
        }
    }

    // The user is changed whether or not the session store responds; before the app starts, it has no tables. It is told later, and what a node that stops takes with it
    // is found out within the validation interval.
    private async Task TellAsync(Func<IdentitySessions, Task> tell, string userId)
    {
        try
        {
            await tell(_services.GetRequiredService<IdentitySessions>());
        }
        catch (SessionStoreException exception)
        {
            Logger.SessionsNotTold(exception, userId);
        }
    }
}

/// <summary>A user has shown a password, or a token that was sent to them, in this request.</summary>
internal sealed record SecretShown(string UserId);
