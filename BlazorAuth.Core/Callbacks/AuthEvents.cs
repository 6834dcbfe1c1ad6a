namespace BlazorAuth;

/// <summary>
/// What the app is told, after the fact. Set the delegates, or derive a class, override the methods and register it with <c>AddEvents&lt;T&gt;()</c>.
/// An event that throws is logged; what happened stands.
/// </summary>
public class AuthEvents
{
    /// <summary>A person signed in.</summary>
    public Func<SignedInContext, ValueTask>? OnSignedIn { get; set; }

    /// <summary>A person signed out.</summary>
    public Func<SignedOutContext, ValueTask>? OnSignedOut { get; set; }

    /// <summary>A session was revoked, by its owner or by an administrator.</summary>
    public Func<SessionRevokedContext, ValueTask>? OnSessionRevoked { get; set; }

    /// <summary>A session was read by <c>GET /session</c>.</summary>
    public Func<SessionContext, ValueTask>? OnSessionRead { get; set; }

    /// <summary>Whether the app wants to hear of every read.</summary>
    internal bool HearsReads => OnSessionRead is not null || GetType() != typeof(AuthEvents);

    /// <summary>A person signed in.</summary>
    public virtual ValueTask SignedInAsync(SignedInContext context) => OnSignedIn?.Invoke(context) ?? ValueTask.CompletedTask;

    /// <summary>A person signed out.</summary>
    public virtual ValueTask SignedOutAsync(SignedOutContext context) => OnSignedOut?.Invoke(context) ?? ValueTask.CompletedTask;

    /// <summary>A session was revoked.</summary>
    public virtual ValueTask SessionRevokedAsync(SessionRevokedContext context) => OnSessionRevoked?.Invoke(context) ?? ValueTask.CompletedTask;

    /// <summary>A session was read.</summary>
    public virtual ValueTask SessionReadAsync(SessionContext context) => OnSessionRead?.Invoke(context) ?? ValueTask.CompletedTask;
}

/// <summary>A person signed in.</summary>
/// <param name="Session">The new session.</param>
/// <param name="Account">The account at the provider.</param>
/// <param name="Services">The services of the request.</param>
public sealed record SignedInContext(Session Session, AuthAccount Account, IServiceProvider Services);

/// <summary>A person signed out.</summary>
/// <param name="Session">The session that ended.</param>
/// <param name="Services">The services of the request.</param>
public sealed record SignedOutContext(Session Session, IServiceProvider Services);

/// <summary>A session was revoked.</summary>
/// <param name="UserId">Whose session it was.</param>
/// <param name="SessionId">The session that ended.</param>
public sealed record SessionRevokedContext(string UserId, string SessionId);
