using Microsoft.AspNetCore.Identity;

namespace BlazorAuth.Identity;

internal static class UserLookup
{
    /// <summary>The user with an id. Null also for an id that no user can have: stores whose ids are numbers or GUIDs throw at another text.</summary>
    public static async Task<TUser?> FindAsync<TUser>(this UserManager<TUser> users, string id)
        where TUser : class
    {
        try
        {
            return await users.FindByIdAsync(id);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            return null;
        }
    }
}
