namespace BlazorAuth;

/// <summary>
/// Callbacks for the app's own decisions. Set the delegates, or derive a class, override the methods and register it with <c>AddCallbacks&lt;T&gt;()</c>, where
/// it can inject services. Callbacks are awaited; one that throws stops the operation.
/// </summary>
public class AuthCallbacks
{
    /// <summary>Decides whether a person may sign in. Default: everyone may.</summary>
    public Func<SignInContext, ValueTask<SignInDecision>>? OnSignIn { get; set; }

    /// <summary>
    /// Decides whose account it is, by the app's own user ID, or that the person may not sign in. The app then keeps its own users, and BlazorAuth keeps none. Called
    /// before <see cref="OnSignIn"/> for every way to start a session: provider, credentials, <c>HttpContext.SignInAsync</c>, a token from Auth.js.
    /// If it throws, the sign-in fails. Default: the account store decides (<see cref="AuthOptions.Accounts"/>).
    /// </summary>
    public Func<AccountContext, ValueTask<AccountDecision>>? OnAccount { get; set; }

    /// <summary>
    /// Changes the claims of the token, at sign-in, on every update and on every read of <c>GET /session</c>; Auth.js's <c>jwt</c>. Returning
    /// false ends the session. Default: nothing is changed.
    /// </summary>
    public Func<TokenContext, ValueTask<bool>>? OnToken { get; set; }

    /// <summary>Changes what <c>GET /session</c> shows a browser; Auth.js's <c>session</c>. Default: name, e-mail and image.</summary>
    public Func<SessionContext, ValueTask>? OnSession { get; set; }

    /// <summary>
    /// Decides where a person is sent; Auth.js's <c>redirect</c>. Default: addresses of the app and of the allowed origins are followed, all others
    /// lead to the app's home page.
    /// </summary>
    public Func<ReturnUrlContext, ValueTask<string>>? OnRedirect { get; set; }

    /// <summary>Whether the app decides on IDs.</summary>
    internal bool DecidesOnAccounts =>
        OnAccount is not null || ((Func<AccountContext, ValueTask<AccountDecision>>)AccountAsync).Method.DeclaringType != typeof(AuthCallbacks);

    /// <summary>Whether the app has a token callback. Sessions are read often, and most apps have none.</summary>
    internal bool ChangesToken => OnToken is not null || GetType() != typeof(AuthCallbacks);

    /// <summary>Whether the app has a session callback.</summary>
    internal bool ChangesSession => OnSession is not null || GetType() != typeof(AuthCallbacks);

    /// <summary>Decides whether a person may sign in.</summary>
    public virtual ValueTask<SignInDecision> SignInAsync(SignInContext context) =>
        OnSignIn is null ? ValueTask.FromResult(SignInDecision.Allow) : OnSignIn(context);

    /// <summary>Decides whose account it is.</summary>
    public virtual ValueTask<AccountDecision> AccountAsync(AccountContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return OnAccount is null ? ValueTask.FromResult(AccountDecision.User(context.User.Id)) : OnAccount(context);
    }

    /// <summary>Changes the claims of the token; false ends the session.</summary>
    public virtual ValueTask<bool> TokenAsync(TokenContext context) =>
        OnToken is null ? ValueTask.FromResult(true) : OnToken(context);

    /// <summary>Changes what <c>GET /session</c> shows a browser.</summary>
    public virtual ValueTask SessionAsync(SessionContext context) =>
        OnSession is null ? ValueTask.CompletedTask : OnSession(context);

    /// <summary>Decides where a person is sent.</summary>
    public virtual ValueTask<string> RedirectAsync(ReturnUrlContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        return OnRedirect is null ? ValueTask.FromResult(context.Default) : OnRedirect(context);
    }
}
