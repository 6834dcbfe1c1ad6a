namespace BlazorAuth;

/// <summary>
/// For a session store that can revert to an older state (from a backup, a snapshot or a replica), or that has its own clock. Every few seconds, each
/// node writes a mark to the store. If a node's mark is missing, the store has reverted: the node writes back the revocations in its memory, and if
/// no node has them, everyone has to sign in again. A store that does not implement this interface is only checked by its ID and its numbers
/// (<see cref="SessionChangeSet"/>), and uses the node's clock.
/// </summary>
public interface IWatchedStore
{
    /// <summary>
    /// Called with the text of a mark (<see cref="NodeMark.ToString"/>) that arrived as a signal. BlazorAuth sets it before it uses the store. A store without
    /// <see cref="ISessionSignal"/> never calls it.
    /// </summary>
    Action<string> OnMarkReceived { get; set; }

    /// <summary>
    /// Writes the mark of this node, sends it as a signal if the store has one, and returns what was in the store before. It has to write: this is
    /// how a store that has become read-only is detected.
    /// </summary>
    Task<StoreLook> LookAsync(NodeMark mark, CancellationToken cancellationToken = default);

    /// <summary>
    /// Replaces <see cref="StoreLook.Losses"/> if it is still <paramref name="expected"/>, and makes all later numbers higher than
    /// <paramref name="number"/>, in one transaction. Returns whether it was replaced.
    /// </summary>
    Task<bool> NoteLossAsync(string expected, string losses, long number, CancellationToken cancellationToken = default);
}

/// <summary>What a node writes to the store at each look.</summary>
/// <param name="Node">The node: random, and different after each start.</param>
/// <param name="Sequence">How many times the node has looked: 1 at the first look.</param>
/// <param name="StartedAt">When the node started, by the store's clock; far in the future at the first look.</param>
public readonly record struct NodeMark(string Node, long Sequence, DateTimeOffset StartedAt)
{
    /// <summary>The mark as the text of a signal.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Node} {Sequence}");
}

/// <summary>An earlier mark in the store.</summary>
/// <param name="Sequence">The number of the look that wrote it.</param>
/// <param name="Number">The highest write number at that time.</param>
/// <param name="At">When it was written, by the store's clock.</param>
public readonly record struct PastLook(long Sequence, long Number, DateTimeOffset At);

/// <summary>What a look at the store found.</summary>
/// <param name="StoreId">The store's ID: <see cref="SessionChangeSet.StoreId"/>.</param>
/// <param name="Number">The highest write number so far.</param>
/// <param name="Losses">What BlazorAuth wrote with <see cref="IWatchedStore.NoteLossAsync"/>; empty in a new store.</param>
/// <param name="Time">The time by the store's own clock; <see langword="null"/> if it has none.</param>
/// <param name="Own">The mark of this node that was in the store before; <see langword="null"/> if there was none.</param>
/// <param name="Last">The latest mark of another node from before this node started; <see langword="null"/> if there is none.</param>
public readonly record struct StoreLook(string StoreId, long Number, string Losses, DateTimeOffset? Time, PastLook? Own, PastLook? Last);
