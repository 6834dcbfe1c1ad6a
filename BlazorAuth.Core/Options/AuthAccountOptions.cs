namespace BlazorAuth;

/// <summary>The users of the app, and their accounts at providers.</summary>
public sealed class AuthAccountOptions
{
    /// <summary>
    /// Whether BlazorAuth keeps users, with names and addresses that outlive their sessions. Default: true, unless the app decides on IDs itself
    /// (<see cref="AuthCallbacks.OnAccount"/>, <c>AddAccounts</c>). Without it, a user's ID is derived from the provider's response, and users cannot
    /// be banned, nor accounts linked.
    /// </summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Where users are stored: <c>sqlite:&lt;path&gt;</c>, <c>postgres:&lt;connection string&gt;</c> or <c>memory</c>; <c>off</c> is the same as
    /// <see cref="Enabled"/> = false. Default: <c>AUTH_ACCOUNTS</c>, otherwise the database of the sessions. Redis keeps no users: if it lost a linked account or
    /// a ban, the wrong person could get in.
    /// </summary>
    [SettingName("ACCOUNTS"), Restriction]
    public string? Store { get; set; }

    /// <summary>
    /// Whether people can delete their account on the account page. Default: true. Your app has to delete its own data about them when
    /// <see cref="AuthEvents.OnUserDeleted"/> is raised; set this to false if people have to ask you.
    /// </summary>
    public bool AllowDeletion { get; set; } = true;

    /// <summary>The providers whose verified addresses link by themselves.</summary>
    internal HashSet<string> Linking { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Links an account of these providers to the one user who has verified the same address, without asking. Default: none. Only for a provider of your own
    /// organization that never gives an address to someone else later: anyone who controls it can become any user with such an address.
    /// </summary>
    /// <param name="providers">The providers' IDs.</param>
    public void LinkVerifiedEmail(params ReadOnlySpan<string> providers)
    {
        foreach (var provider in providers)
        {
            Linking.Add(provider);
        }
    }
}
