using BlazorAuth.Accounts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace BlazorAuth.Identity;

/// <summary>Makes users of people whom Identity does not know yet, and writes each down together with the login, or not at all.</summary>
internal sealed class NewUsers<TUser>(IServiceScopeFactory scopes, IOptions<IdentityOptions> identity, ILogger<NewUsers<TUser>> logger)
    where TUser : class
{
    /// <summary>The user that somebody would be; not written down yet.</summary>
    public async Task<TUser> OfAsync(WayIn way)
    {
        var user = Activator.CreateInstance<TUser>();
        var verified = way.User.EmailVerified ? way.User.Email : null;
        var store = way.Services.GetRequiredService<IUserStore<TUser>>();
        await store.SetUserNameAsync(user, verified is not null && CanBeUserName(verified) ? verified : await NameOfAsync(way), CancellationToken.None);
        if (verified is not null && store is IUserEmailStore<TUser> emails)
        {
            await emails.SetEmailAsync(user, verified, CancellationToken.None);
            await emails.SetEmailConfirmedAsync(user, true, CancellationToken.None);
        }

        return user;
    }

    /// <summary>Writes the user and their login down. False when somebody got the name or the login a moment earlier.</summary>
    public async Task<bool> WriteAsync(TUser user, UserLoginInfo login)
    {
        // In a scope of its own: a database context in which a statement failed repeats that statement.
        await using var scope = scopes.CreateAsyncScope();
        var users = Users(scope);
        var name = await users.GetUserNameAsync(user);
        if (!await IsDoneAsync(() => users.CreateAsync(user), others => others.FindByNameAsync(name!)))
        {
            return false;
        }

        var isLinked = false;
        try
        {
            return isLinked = await IsDoneAsync(() => users.AddLoginAsync(user, login), others => others.FindByLoginAsync(login.LoginProvider, login.ProviderKey));
        }
        finally
        {
            if (!isLinked)
            {
                await RemoveAsync(await users.GetUserIdAsync(user));
            }
        }
    }

    private static UserManager<TUser> Users(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<UserManager<TUser>>();

    /// <summary>False when somebody was faster. Identity says so; of two at the same instant, the database refuses one.</summary>
    private async Task<bool> IsDoneAsync(Func<Task<IdentityResult>> write, Func<UserManager<TUser>, Task<TUser?>> findOther)
    {
        IdentityResult result;
        try
        {
            result = await write();
        }
        catch
        {
            await using var scope = scopes.CreateAsyncScope();
            if (await findOther(Users(scope)) is null)
            {
                throw;
            }

            return false;
        }

        var codes = result.Errors.Select(error => error.Code).ToList();
        if (!result.Succeeded && !codes.All(IsTaken))
        {
            throw new InvalidOperationException($"Identity refused the new user: {string.Join(", ", codes)}.");
        }

        return result.Succeeded;
    }

    private static bool IsTaken(string code) =>
        code is nameof(IdentityErrorDescriber.DuplicateUserName) or nameof(IdentityErrorDescriber.DuplicateEmail) or nameof(IdentityErrorDescriber.LoginAlreadyAssociated);

    // With an address but no login, nobody could sign in as this user, and the address would be taken.
    private async Task RemoveAsync(string userId)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var users = Users(scope);
            if (await users.FindAsync(userId) is { } left && !(await users.DeleteAsync(left)).Succeeded)
            {
                logger.NewUserLeft(null, userId);
            }
        }
        catch (Exception exception)
        {
            logger.NewUserLeft(exception, userId);
        }
    }

    // A former user who unlinked this account may still have the name.
    private static async Task<string> NameOfAsync(WayIn way)
    {
        var name = $"user-{way.User.Id}";
        return await way.Services.GetRequiredService<UserManager<TUser>>().FindByNameAsync(name) is null ? name : $"user-{Guid.NewGuid():N}";
    }

    private bool CanBeUserName(string text) =>
        identity.Value.User.AllowedUserNameCharacters is not { Length: > 0 } allowed || text.All(character => allowed.Contains(character, StringComparison.Ordinal));
}
