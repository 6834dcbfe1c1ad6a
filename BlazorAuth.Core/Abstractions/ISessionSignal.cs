namespace BlazorAuth;

/// <summary>
/// How a store that several nodes share tells each of them at once what changed. A store implements it beside <see cref="ISessionStore"/>; one
/// that does not is asked every <see cref="AuthSessionOptions.ReconcileInterval"/> only. A signal may get lost: the store is the truth.
/// </summary>
public interface ISessionSignal
{
    /// <summary>
    /// Listens until it is cancelled, and comes back by itself when the connection was lost.
    /// </summary>
    /// <param name="onChange">Called for every session that was revoked or updated, by this node too. Must not throw.</param>
    /// <param name="onListening">
    /// Awaited each time the subscription stands, the first time included: what changed before that moment was not heard and is read from the store.
    /// Throws <see cref="SessionStoreException"/> when that failed; the subscription is then to be made anew.
    /// </param>
    /// <param name="cancellationToken">Ends the listening.</param>
    Task ListenAsync(Action<SessionChange> onChange, Func<Task> onListening, CancellationToken cancellationToken);
}
