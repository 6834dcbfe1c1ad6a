namespace BlazorAuth;

/// <summary>
/// Notifies the app of what has happened. Set the delegates, or derive a class, override the methods and register it with <c>AddEvents&lt;T&gt;()</c>.
/// An exception in an event is logged, and does not undo what happened. The events about users and accounts come with the account store: they are not raised if
/// <see cref="AuthCallbacks.OnAccount"/> decides, or ASP.NET Core Identity keeps the users.
/// </summary>
public class AuthEvents
{
    /// <summary>A person signed in.</summary>
    public Func<SignedInContext, ValueTask>? OnSignedIn { get; set; }

    /// <summary>A person signed out.</summary>
    public Func<SignedOutContext, ValueTask>? OnSignedOut { get; set; }

    /// <summary>
    /// A session ended early, other than by signing out of it: its owner or an administrator revoked it, the token callback ended it, someone else
    /// signed in, or the user had too many sessions. <see cref="SessionRevokedContext.Reason"/> says which.
    /// </summary>
    public Func<SessionRevokedContext, ValueTask>? OnSessionRevoked { get; set; }

    /// <summary>A user was created. Raised once per user, even if their first session could not be created.</summary>
    public Func<UserCreatedContext, ValueTask>? OnUserCreated { get; set; }

    /// <summary>A user connected another way to sign in.</summary>
    public Func<AccountChangedContext, ValueTask>? OnAccountLinked { get; set; }

    /// <summary>A user's way to sign in was disconnected.</summary>
    public Func<AccountChangedContext, ValueTask>? OnAccountUnlinked { get; set; }

    /// <summary>A user was banned; their sessions are over.</summary>
    public Func<UserBannedContext, ValueTask>? OnUserBanned { get; set; }

    /// <summary>A user was deleted. Raised again if the deletion is repeated, for example after a crash.</summary>
    public Func<UserDeletedContext, ValueTask>? OnUserDeleted { get; set; }

    /// <summary>
    /// A signed-in person signed in again, or confirmed who they are: a new session replaced the previous one, which ends within half a
    /// minute. <see cref="OnSignedIn"/> is raised as well, <see cref="OnSessionRevoked"/> is not.
    /// </summary>
    public Func<SessionReplacedContext, ValueTask>? OnSessionReplaced { get; set; }

    /// <summary>A session was read by <c>GET /session</c>.</summary>
    public Func<SessionContext, ValueTask>? OnSessionRead { get; set; }

    /// <summary>Whether the app wants to be notified of every read.</summary>
    internal bool HearsReads => OnSessionRead is not null || GetType() != typeof(AuthEvents);

    /// <summary>A person signed in.</summary>
    public virtual ValueTask SignedInAsync(SignedInContext context) => OnSignedIn?.Invoke(context) ?? ValueTask.CompletedTask;

    /// <summary>A person signed out.</summary>
    public virtual ValueTask SignedOutAsync(SignedOutContext context) => OnSignedOut?.Invoke(context) ?? ValueTask.CompletedTask;

    /// <summary>A session was revoked.</summary>
    public virtual ValueTask SessionRevokedAsync(SessionRevokedContext context) => OnSessionRevoked?.Invoke(context) ?? ValueTask.CompletedTask;

    /// <summary>A user was created.</summary>
    public virtual ValueTask UserCreatedAsync(UserCreatedContext context) => OnUserCreated?.Invoke(context) ?? ValueTask.CompletedTask;

    /// <summary>A user connected another way to sign in.</summary>
    public virtual ValueTask AccountLinkedAsync(AccountChangedContext context) => OnAccountLinked?.Invoke(context) ?? ValueTask.CompletedTask;

    /// <summary>A user's way to sign in was disconnected.</summary>
    public virtual ValueTask AccountUnlinkedAsync(AccountChangedContext context) => OnAccountUnlinked?.Invoke(context) ?? ValueTask.CompletedTask;

    /// <summary>A user was banned.</summary>
    public virtual ValueTask UserBannedAsync(UserBannedContext context) => OnUserBanned?.Invoke(context) ?? ValueTask.CompletedTask;

    /// <summary>A user was deleted.</summary>
    public virtual ValueTask UserDeletedAsync(UserDeletedContext context) => OnUserDeleted?.Invoke(context) ?? ValueTask.CompletedTask;

    /// <summary>A session replaced another session of the same user.</summary>
    public virtual ValueTask SessionReplacedAsync(SessionReplacedContext context) => OnSessionReplaced?.Invoke(context) ?? ValueTask.CompletedTask;

    /// <summary>A session was read.</summary>
    public virtual ValueTask SessionReadAsync(SessionContext context) => OnSessionRead?.Invoke(context) ?? ValueTask.CompletedTask;
}

/// <summary>A person signed in.</summary>
public sealed class SignedInContext
{
    /// <summary>The new session.</summary>
    public required Session Session { get; init; }

    /// <summary>The account at the provider.</summary>
    public required AuthAccount Account { get; init; }

    /// <summary>The services of the request.</summary>
    public required IServiceProvider Services { get; init; }
}

/// <summary>A person signed out.</summary>
public sealed class SignedOutContext
{
    /// <summary>The session that ended.</summary>
    public required Session Session { get; init; }

    /// <summary>The services of the request.</summary>
    public required IServiceProvider Services { get; init; }
}

/// <summary>A session was revoked.</summary>
public sealed class SessionRevokedContext
{
    /// <summary>The user's ID.</summary>
    public required string UserId { get; init; }

    /// <summary>The session that ended.</summary>
    public required string SessionId { get; init; }

    /// <summary>Why it ended.</summary>
    public required RevocationReason Reason { get; init; }

    /// <summary>Services from a scope that lasts for the duration of the event.</summary>
    public required IServiceProvider Services { get; init; }
}

/// <summary>A session replaced another session of the same user.</summary>
public sealed class SessionReplacedContext
{
    /// <summary>The user's ID.</summary>
    public required string UserId { get; init; }

    /// <summary>The session that was replaced.</summary>
    public required string OldSessionId { get; init; }

    /// <summary>The new session.</summary>
    public required Session Session { get; init; }

    /// <summary>Services from a scope that lasts for the duration of the event.</summary>
    public required IServiceProvider Services { get; init; }
}
