using BlazorAuth.Tokens;

namespace BlazorAuth.Accounts;

/// <summary>What of a way in goes into a user's row.</summary>
internal static class AccountProfile
{
    /// <summary>The row of a user who is new.</summary>
    public static UserRecord Of(SessionUser user, DateTimeOffset now) => new()
    {
        Id = user.Id,
        Name = Kept(user.Name, AccountLimits.NameLength),
        Email = Kept(user.Email, AccountLimits.NameLength),
        EmailVerifiedAt = user is { EmailVerified: true, Email: not null } ? now : null,
        Image = Kept(user.Image, AccountLimits.ImageLength),
        CreatedAt = now,
        LastSeenAt = now,
    };

    /// <summary>
    /// The row with what it lacked; null when it lacks nothing that this way in knows. What the row has stays, whether the app or the person wrote it, and an address
    /// that was verified is not replaced by one that another provider has.
    /// </summary>
    public static UserRecord? Filled(UserRecord user, SessionUser seen, DateTimeOffset now)
    {
        var fresh = Of(seen, now);
        var filled = user with { Name = user.Name ?? fresh.Name, Email = user.Email ?? fresh.Email, Image = user.Image ?? fresh.Image };
        filled = filled with { EmailVerifiedAt = user.EmailVerifiedAt ?? (filled.Email is not null && filled.Email == fresh.Email ? fresh.EmailVerifiedAt : null) };
        return filled == user ? null : filled;
    }

    // A picture that the store cannot hold must not prevent a sign-in.
    private static string? Kept(string? text, int longest) => text?.Length <= longest && StoredText.CanBeKept(text) ? text : null;
}
