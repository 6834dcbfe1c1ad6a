namespace BlazorAuth;

/// <summary>
/// For a session store that also keeps the Data Protection keys, so that another node with the same store, or the same node after a restart,
/// can finish a sign-in that was started before. The values are already encrypted with <c>AUTH_SECRET</c>. No request waits for these calls: BlazorAuth
/// keeps the keys in memory, reads them again every <see cref="AuthSessionOptions.ReconcileInterval"/>, and writes back keys that the store has lost.
/// Members throw <see cref="SessionStoreException"/> when the store cannot be used.
/// </summary>
public interface IProtectionKeyStore
{
    /// <summary>Returns all keys, in the order in which they were stored.</summary>
    Task<IReadOnlyCollection<string>> ReadKeysAsync(CancellationToken cancellationToken = default);

    /// <summary>Adds a key under a name; does nothing if the name exists.</summary>
    Task AddKeyAsync(string name, string value, CancellationToken cancellationToken = default);
}
