namespace BlazorAuth;

/// <summary>Why a session was revoked. The values are kept in stores: none is ever changed, new ones come last.</summary>
public enum RevocationReason
{
    /// <summary>Its owner signed out, of this session or everywhere.</summary>
    SignedOut = 0,

    /// <summary>Its owner or an administrator ended it from elsewhere, or the app's token callback said no.</summary>
    Revoked = 1,

    /// <summary>Another sign-in in the same browser took its place: somebody else's, or the person's own.</summary>
    Replaced = 2,

    /// <summary>The person had more sessions than <see cref="AuthSessionOptions.MostPerUser"/>, and used this one least recently.</summary>
    TooMany = 3,

    /// <summary>The person was banned: <see cref="SessionManager.RevokeUserAsync(string, CancellationToken)"/>.</summary>
    Banned = 4,
}

/// <summary>How a session is revoked.</summary>
/// <param name="Reason">Why.</param>
/// <param name="RememberUntil">Until when the store remembers the revoked session at least, should it expire earlier.</param>
public readonly record struct SessionRevocation(RevocationReason Reason, DateTimeOffset RememberUntil);

/// <summary>What became of a request to revoke a session.</summary>
public enum RevokeResult
{
    /// <summary>The user has no such session; perhaps somebody else has.</summary>
    NotFound,

    /// <summary>The session was live and is now revoked.</summary>
    Revoked,

    /// <summary>The session had been revoked before.</summary>
    AlreadyRevoked,
}
