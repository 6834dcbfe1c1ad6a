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

    /// <summary>Whether a user with these accounts has never signed in here. One whose ID comes from an account that they gave up always has another one.</summary>
    public static bool IsAll(IReadOnlyList<AccountRecord> accounts) => accounts is [{ Issuer: AccountRecord.ImportIssuer, Provider: Provider }];
}
