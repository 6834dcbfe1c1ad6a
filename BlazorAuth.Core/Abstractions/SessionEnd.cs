namespace BlazorAuth;

/// <summary>Why a page is no longer signed in.</summary>
public enum SessionEndReason
{
    /// <summary>The session was signed out or revoked, here or elsewhere.</summary>
    SignedOut,

    /// <summary>The session was not used for too long, or reached its absolute lifetime.</summary>
    Expired,

    /// <summary>The browser sent another person's session, or none, when it reconnected.</summary>
    Replaced,
}

/// <summary>The end of a session while one of its pages is open.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="UserId">The user's ID: the same person can continue where they left off.</param>
/// <param name="Provider">The ID of the provider that signed the person in.</param>
public sealed record SessionEnd(SessionEndReason Reason, string UserId, string Provider);
