namespace BlazorAuth.Sync;

/// <summary>What a node asks of one of our stores beside the sessions, to know whether it still is the store that it was.</summary>
internal interface IWatchedStore
{
    /// <summary>Called with the mark of a node that the store's signal brought; a store without a signal calls nobody.</summary>
    Action<string> Heard { get; set; }

    /// <summary>Writes this node's mark, sends it as a signal, and returns what stood in the store before. It costs a write: what cannot be written shows here.</summary>
    Task<StoreLook> LookAsync(NodeMark mark, CancellationToken cancellationToken = default);

    /// <summary>
    /// Replaces the list of losses while it is still the one that is expected, and lets numbers go on above <paramref name="number"/>. False when another
    /// node was faster.
    /// </summary>
    Task<bool> NoteLossAsync(string expected, string losses, long number, CancellationToken cancellationToken = default);
}

/// <summary>What a node writes into the store at every look.</summary>
/// <param name="Node">The node: another one at every start.</param>
/// <param name="Sequence">Counts its looks.</param>
/// <param name="StartedAt">When it started, by the store's time.</param>
internal readonly record struct NodeMark(string Node, long Sequence, DateTimeOffset StartedAt)
{
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Node} {Sequence}");
}

/// <summary>A mark as the store had it.</summary>
/// <param name="Sequence">The look.</param>
/// <param name="Number">The store's last number at that moment.</param>
/// <param name="At">The moment.</param>
internal readonly record struct PastLook(long Sequence, long Number, DateTimeOffset At);

/// <summary>What a look at the store found.</summary>
/// <param name="StoreId">The store's id.</param>
/// <param name="Number">Its last number.</param>
/// <param name="Losses">The losses that nodes took note of: <see cref="StoreLosses"/>.</param>
/// <param name="Time">The store's own time; null where its clock is that of the machine.</param>
/// <param name="Own">What this node wrote the last time, if it is still there.</param>
/// <param name="Last">The youngest mark from before this node started.</param>
internal readonly record struct StoreLook(string StoreId, long Number, string Losses, DateTimeOffset? Time, PastLook? Own, PastLook? Last);
