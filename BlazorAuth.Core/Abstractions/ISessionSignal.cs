namespace BlazorAuth;

/// <summary>
/// How a shared store notifies each node of changes at once. A store implements it in addition to <see cref="ISessionStore"/>; one
/// that does not is only polled every <see cref="AuthSessionOptions.ReconcileInterval"/>. Signals may get lost; the store is authoritative.
/// </summary>
public interface ISessionSignal
{
    /// <summary>
    /// Listens until it is cancelled, and reconnects when the connection is lost.
    /// </summary>
    /// <param name="onChange">Called for every session that was revoked or updated, including by this node. Must not throw.</param>
    /// <param name="onListening">
    /// Awaited each time the subscription is established, including the first time: earlier changes were missed and are read from the store.
    /// Throws <see cref="SessionStoreException"/> if that fails; the implementation then has to subscribe again.
    /// </param>
    /// <param name="cancellationToken">Stops listening.</param>
    Task ListenAsync(Action<SessionChange> onChange, Func<Task> onListening, CancellationToken cancellationToken);
}
