namespace BlazorAuth.Accounts;

/// <summary>Whose account a way in is, as the authority says.</summary>
internal sealed record AccountOwner
{
    private AccountOwner()
    {
    }

    /// <summary>The user's id; empty when the person may not sign in.</summary>
    public string UserId { get; private init; } = "";

    /// <summary>Why the person may not sign in; null when they may.</summary>
    public AuthErrorReason? Refusal { get; private init; }

    /// <summary>Whether nobody is there yet.</summary>
    public bool IsNewUser { get; private init; }

    /// <summary>The user, where one is stored.</summary>
    public UserRecord? User { get; private init; }

    /// <summary>Whether the account is stored as this user's.</summary>
    public bool IsLinked { get; private init; }

    public static AccountOwner Of(string userId, bool isNew = false) => new() { UserId = userId, IsNewUser = isNew };

    public static AccountOwner Of(UserRecord user, bool isLinked) => new() { UserId = user.Id, User = user, IsLinked = isLinked };

    public static AccountOwner Refused(AuthErrorReason reason) => new() { Refusal = reason };
}
