namespace BlazorAuth.Accounts;

/// <summary>
/// The row of someone who was banned before they had one: a session is older than the store, an Auth.js with the same secret began it, or the app knows the ID from
/// elsewhere. A placeholder keeps the ID until its owner signs in, when the ban is over.
/// </summary>
internal static class BannedAhead
{
    private const string Provider = "ban";

    public static UserRecord UserOf(string userId, DateTimeOffset until, string? reason, DateTimeOffset now) =>
        new() { Id = userId, BannedUntil = until, BanReason = reason, CreatedAt = now, LastSeenAt = now };

    public static AccountRecord PlaceholderOf(string userId, DateTimeOffset now) =>
        new() { Issuer = AccountRecord.ImportIssuer, Subject = userId, Provider = Provider, UserId = userId, LinkedAt = now, LastUsedAt = now };

    /// <summary>Whether such a row is all that is known of a user. One whose ID comes from an account that they gave up always has another account.</summary>
    public static async ValueTask<bool> IsAllAsync(IAccountStore store, UserRecord user, CancellationToken cancellationToken) =>
        user.DeletedAt is null && await store.ListAccountsAsync(user.Id, cancellationToken) is [{ Issuer: AccountRecord.ImportIssuer, Provider: Provider }];

    /// <summary>Whether an account that nobody has is that of someone who was banned ahead, and so no other user's.</summary>
    public static async ValueTask<bool> IsOfAnotherAsync(IAccountStore store, AccountRecord account, CancellationToken cancellationToken) =>
        await store.FindUserAsync(account.DefaultUserId, cancellationToken) is { } owner && owner.Id != account.UserId && await IsAllAsync(store, owner, cancellationToken);
}
