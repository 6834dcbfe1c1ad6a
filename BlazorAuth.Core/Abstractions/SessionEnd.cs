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

/// <summary>The end of a session under an open page.</summary>
/// <param name="Reason">Why it ended.</param>
/// <param name="UserId">Whose session it was: the same person can continue where they were.</param>
/// <param name="Provider">The provider that signed the person in, by its id.</param>
public sealed record SessionEnd(SessionEndReason Reason, string UserId, string Provider);
