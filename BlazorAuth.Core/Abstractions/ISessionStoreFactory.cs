namespace BlazorAuth;

/// <summary>
/// Creates the session store that <c>AUTH_STORE</c> names: its value is a scheme, a colon and an address. Register a factory with
/// <c>AddSessionStore&lt;TFactory&gt;()</c>; its constructor can have services injected, but not <see cref="AuthOptions"/>.
/// </summary>
public interface ISessionStoreFactory
{
    /// <summary>The part before the colon, in lower case: <c>redis</c>. Of two factories with the same scheme, the one registered last is used.</summary>
    string Scheme { get; }

    /// <summary>
    /// An example address without the scheme, for error messages: <c>cache:6379,password=…</c>. Empty if the store has no address.
    /// </summary>
    string Example { get; }

    /// <summary>
    /// Checks an address when the app starts, without connecting. Returns what is wrong with it and how to write it, in a sentence that never repeats the address,
    /// which may contain a password; <see langword="null"/> if it can be used. An empty address is rejected beforehand, unless <see cref="Example"/> is empty.
    /// </summary>
    string? Check(string address);

    /// <summary>Creates the store. The store must not connect before its first call: the app starts even if the server does not answer.</summary>
    /// <param name="address">An address that passed <see cref="Check"/>.</param>
    /// <param name="clock">The clock that all nodes share. The store uses it to decide what is live, and <see cref="StoreClock"/> to decide what has expired.</param>
    ISessionStore Create(string address, TimeProvider clock);

    /// <summary>
    /// Creates a store for users at an address, for <c>AUTH_ACCOUNTS</c>; <see langword="null"/> if this kind of store keeps no users. A session store that
    /// keeps users in the same database also implements <see cref="IAccountStoreSource"/>.
    /// </summary>
    /// <param name="address">An address that passed <see cref="Check"/>.</param>
    /// <param name="clock">The clock that all nodes share.</param>
    IAccountStore? CreateAccountStore(string address, TimeProvider clock) => null;
}
