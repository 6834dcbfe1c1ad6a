namespace BlazorAuth;

/// <summary>
/// For a session store that also keeps the Data Protection keys beside the sessions, so that a node that shares the store, or the same node after a restart,
/// can finish a sign-in that was begun before. The values arrive encrypted under <c>AUTH_SECRET</c>. No request waits for these calls: BlazorAuth keeps
/// what it read in memory, asks again every <see cref="AuthSessionOptions.ReconcileInterval"/>, and writes back what the store has lost. Members throw
/// <see cref="SessionStoreException"/> when the store cannot be used.
/// </summary>
public interface IProtectionKeyStore
{
    /// <summary>Returns all keys, in the order in which they were stored.</summary>
    Task<IReadOnlyCollection<string>> ReadKeysAsync(CancellationToken cancellationToken = default);

    /// <summary>Adds a key under a name; a name that exists is left as it is.</summary>
    Task AddKeyAsync(string name, string value, CancellationToken cancellationToken = default);
}
