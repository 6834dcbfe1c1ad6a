namespace BlazorAuth;

/// <summary>
/// For a session store that also keeps the Data Protection keys, so that another node with the same store, or the same node after a restart,
/// can finish a sign-in that was started before. The values are already encrypted with <c>AUTH_SECRET</c>.
/// </summary>
public interface IProtectionKeyStore
{
    /// <summary>Returns all keys, in the order in which they were stored.</summary>
    IReadOnlyCollection<string> ReadKeys();

    /// <summary>Adds a key under a name; does nothing if the name exists.</summary>
    void AddKey(string name, string value);
}
