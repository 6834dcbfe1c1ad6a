namespace BlazorAuth;

/// <summary>
/// For a session store that can come back in an older state, from a backup, a snapshot or a replica, or that has a clock of its own. Every few seconds, each node
/// leaves a mark in the store. A node that misses its mark knows that the store went back: it writes back the revocations that it remembers, and where no node
/// remembers them, everyone signs in again. A store that does not implement it is only known by its id and its numbers
/// (<see cref="SessionChangeSet"/>), and decides by the clock of the node.
/// </summary>
public interface IWatchedStore
{
    /// <summary>
    /// Called with the text of a mark (<see cref="NodeMark.ToString"/>) that arrived as a signal. BlazorAuth sets it before it uses the store. A store without
    /// <see cref="ISessionSignal"/> never calls it.
    /// </summary>
    Action<string> OnMarkReceived { get; set; }

    /// <summary>
    /// Writes the mark of this node, sends it as a signal if the store has one, and returns what was in the store before. It has to write: this is how a store that
    /// can no longer be written to is noticed.
    /// </summary>
    Task<StoreLook> LookAsync(NodeMark mark, CancellationToken cancellationToken = default);

    /// <summary>
    /// Replaces <see cref="StoreLook.Losses"/> if it still is <paramref name="expected"/>, and makes all later numbers higher than <paramref name="number"/>, in one
    /// transaction. Returns whether it did.
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

/// <summary>A mark that was in the store.</summary>
/// <param name="Sequence">The look.</param>
/// <param name="Number">The highest number of a write at that time.</param>
/// <param name="At">When it was written, by the store's clock.</param>
public readonly record struct PastLook(long Sequence, long Number, DateTimeOffset At);

/// <summary>What a look at the store found.</summary>
/// <param name="StoreId">The store's id: <see cref="SessionChangeSet.StoreId"/>.</param>
/// <param name="Number">The highest number of a write so far.</param>
/// <param name="Losses">What BlazorAuth wrote with <see cref="IWatchedStore.NoteLossAsync"/>; empty in a new store.</param>
/// <param name="Time">The time by the store's own clock; <see langword="null"/> if it has none.</param>
/// <param name="Own">The mark of this node that was in the store before; <see langword="null"/> if there was none.</param>
/// <param name="Last">The latest mark of another node from before this node started; <see langword="null"/> if there is none.</param>
public readonly record struct StoreLook(string StoreId, long Number, string Losses, DateTimeOffset? Time, PastLook? Own, PastLook? Last);
