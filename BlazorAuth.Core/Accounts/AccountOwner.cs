using System.Text.Json.Nodes;
using BlazorAuth.Http;
using BlazorAuth.Tokens;

namespace BlazorAuth.Accounts;

/// <summary>Whose account a way in is, as the authority says.</summary>
internal sealed record AccountOwner
{
    private AccountOwner()
    {
    }

    /// <summary>The user's id; empty when the person may not sign in.</summary>
    public string UserId { get; private set; } = "";

    /// <summary>Why the person may not sign in; null when they may.</summary>
    public AuthErrorReason? Refusal { get; private init; }

    /// <summary>What kept the app from saying who the person is; null when it has said so, or that they may not sign in.</summary>
    public Exception? Failure { get; private init; }

    /// <summary>The user, also if they may not sign in; null if unknown.</summary>
    public string? KnownUserId => UserId.Length > 0 ? UserId : RefusedUserId;

    /// <summary>Who may not sign in; null where nobody is known.</summary>
    private string? RefusedUserId { get; init; }

    /// <summary>Whether nobody is there yet.</summary>
    public bool IsNewUser { get; private init; }

    /// <summary>The user, where one is stored.</summary>
    public UserRecord? User { get; private init; }

    /// <summary>Whether the account is stored as this user's.</summary>
    public bool IsLinked { get; private init; }

    /// <summary>The new user, as whoever decides keeps them; not written down yet.</summary>
    public object? Person { get; init; }

    /// <summary>What the session of this user is made of; null where that is what the way in says.</summary>
    public Func<CancellationToken, ValueTask<OwnerDescription>>? Describe { get; init; }

    /// <summary>What the person has to do before they are signed in; null when it is nothing.</summary>
    public FirstStep? First { get; init; }

    /// <summary>The id that a new user got when they were written down.</summary>
    public void Became(string userId) => UserId = userId;

    public static AccountOwner Of(string userId, bool isNew = false) => new() { UserId = userId, IsNewUser = isNew };

    public static AccountOwner Of(UserRecord user, bool isLinked) => new() { UserId = user.Id, User = user, IsLinked = isLinked };

    /// <summary>The account is that of a user who may not sign in.</summary>
    public static AccountOwner RefusedUser(AuthErrorReason reason, string userId) => new() { Refusal = reason, RefusedUserId = userId };

    /// <summary>The app could not say who it is, so nobody signs in.</summary>
    public static AccountOwner Failed(Exception failure) => new() { Refusal = AuthErrorReason.None, Failure = failure };

    /// <param name="reason">Why.</param>
    /// <param name="user">Who it would be; null where nobody is known, or several are.</param>
    public static AccountOwner Refused(AuthErrorReason reason, UserRecord? user = null) => new() { Refusal = reason, User = user };
}

/// <summary>What a person may have to do before they have a session: their second factor. Whoever can send nobody to a page has to refuse instead.</summary>
/// <param name="IsDueAsync">Whether they have to.</param>
/// <param name="BeginAsync">Returns the address of the page, which then leads to the return address.</param>
internal sealed record FirstStep(Func<ValueTask<bool>> IsDueAsync, Func<AuthRequest, ReturnUrl, ValueTask<string>> BeginAsync);

/// <summary>What the session of a user is made of, if the account decision provides more than the way in does.</summary>
internal sealed record OwnerDescription(SessionUser User, JsonObject Claims, UserStamp? Stamp);
