namespace BlazorAuth.Sync;

/// <summary>Reads the store into this node's <see cref="KnownChanges"/>, and gives it back what it does not know any more.</summary>
internal sealed class ChangeReader(ISessionStore store, KnownChanges changes, StoreState state, RevocationRecovery lost) : IDisposable
{
    private readonly SemaphoreSlim _reading = new(1);
    private long _cursor;
    private bool _isBehind;
    private volatile bool _hasLost;

    /// <summary>Reads what changed since the last time; everything, while it was never read.</summary>
    public Task ReadNewAsync(CancellationToken cancellationToken) => ReadAsync(all: !state.IsLoaded, cancellationToken);

    /// <summary>
    /// Reads everything again, after a connection was lost: the server may have been restarted from a snapshot, and its numbers may have grown
    /// past the known one with other changes.
    /// </summary>
    public Task ReadAllAsync(CancellationToken cancellationToken) => ReadAsync(all: true, cancellationToken);

    /// <summary>Whether a read, whoever asked for it, has found that the store lost something; the next call asks about the time since.</summary>
    public bool TakeLoss()
    {
        var hasLost = _hasLost;
        _hasLost = false;
        return hasLost;
    }

    public void Dispose() => _reading.Dispose();

    private async Task ReadAsync(bool all, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            all |= _isBehind;
            // Old changes are of no use to a node, but none after the cursor is skipped, regardless of the clock of the node that made it.
            var horizon = changes.Horizon;
            var (id, number) = (state.StoreId, state.Number);
            var read = await store.ReadChangesAsync(all ? 0 : _cursor, all ? horizon : DateTimeOffset.MinValue, cancellationToken);
            var isLoss = id is not null && (id != read.StoreId || read.Number < number || read.Cursor < _cursor);
            _hasLost |= isLoss;
            See(read, isLoss || id is null);

            // What cannot be finished now is done at the next tick.
            _isBehind = all || isLoss;
            if (isLoss && !all)
            {
                read = await store.ReadChangesAsync(0, horizon, cancellationToken);
            }

            Take(read, horizon);
            _hasLost |= _isBehind && await lost.WriteBackAsync(read.Items, cancellationToken);
            _isBehind = false;
        }
        finally
        {
            _reading.Release();
        }
    }

    private void See(SessionChangeSet read, bool isAnother)
    {
        if (isAnother)
        {
            state.Is(read.StoreId, read.Number);
        }
        else
        {
            state.Wrote(read.Number);
        }
    }

    private void Take(SessionChangeSet read, DateTimeOffset horizon)
    {
        foreach (var change in read.Items)
        {
            changes.Apply(change);
        }

        _cursor = read.Cursor;
        if (!state.IsLoaded)
        {
            changes.Loaded(horizon);
            state.Loaded();
        }
    }
}
