namespace BlazorAuth;

/// <summary>Why a session was revoked. The values are stored: they are never changed, and new ones are added at the end.</summary>
public enum RevocationReason
{
    /// <summary>Its owner signed out of this session, or everywhere.</summary>
    SignedOut = 0,

    /// <summary>Its owner or an administrator ended it from elsewhere, or the app's token callback ended it.</summary>
    Revoked = 1,

    /// <summary>Another sign-in in the same browser replaced it: someone else's, or the person's own.</summary>
    Replaced = 2,

    /// <summary>The person had more sessions than <see cref="AuthSessionOptions.MostPerUser"/>, and this one was the least recently used.</summary>
    TooMany = 3,

    /// <summary>The person was banned: <see cref="SessionManager.RevokeUserAsync(string, CancellationToken)"/>.</summary>
    Banned = 4,
}

/// <summary>How a session is revoked.</summary>
/// <param name="Reason">Why.</param>
/// <param name="RememberUntil">The store keeps the revoked session at least until then, even if it expires earlier.</param>
public readonly record struct SessionRevocation(RevocationReason Reason, DateTimeOffset RememberUntil);

/// <summary>The result of revoking a session.</summary>
public enum RevokeResult
{
    /// <summary>The user has no such session; it may belong to someone else.</summary>
    NotFound,

    /// <summary>The session was live and is now revoked.</summary>
    Revoked,

    /// <summary>The session was already revoked.</summary>
    AlreadyRevoked,
}
