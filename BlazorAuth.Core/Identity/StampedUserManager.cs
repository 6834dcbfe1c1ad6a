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

    public override async Task<IdentityResult> DeleteAsync(TUser user)
    {
        var id = await GetUserIdAsync(user);
        var result = await base.DeleteAsync(user);
        if (result.Succeeded)
        {
            await Sessions.UserDeletedAsync(id);
        }

        return result;
    }

    // Everything that changes a user ends here.
    protected override async Task<IdentityResult> UpdateUserAsync(TUser user)
    {
        var result = await base.UpdateUserAsync(user);
        if (result.Succeeded && SupportsUserSecurityStamp)
        {
            await Sessions.StampChangedAsync(await GetUserIdAsync(user), await GetSecurityStampAsync(user));
        }

        return result;
    }

    private IdentitySessions Sessions => _services.GetRequiredService<IdentitySessions>();
}
