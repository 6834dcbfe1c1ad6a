namespace BlazorAuth;

/// <summary>
/// For a session store whose database can hold users too: they are kept there unless <c>AUTH_ACCOUNTS</c> names a different store. A store that may lose what was
/// written, like a cache, must not implement it: a lost ban or a lost account would let the wrong person in.
/// </summary>
public interface IAccountStoreSource
{
    /// <summary>The users in the same database.</summary>
    IAccountStore Accounts { get; }
}
