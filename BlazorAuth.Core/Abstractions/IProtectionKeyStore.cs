namespace BlazorAuth;

/// <summary>
/// For a session store that also keeps the Data Protection keys beside the sessions, so that a node that shares the store, or the same node after a restart,
/// can finish a sign-in that was begun before. The values arrive encrypted under <c>AUTH_SECRET</c>.
/// </summary>
public interface IProtectionKeyStore
{
    /// <summary>Returns all keys, in the order in which they were stored.</summary>
    IReadOnlyCollection<string> ReadKeys();

    /// <summary>Adds a key under a name; a name that exists is left as it is.</summary>
    void AddKey(string name, string value);
}
