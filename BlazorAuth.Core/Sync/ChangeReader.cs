using Microsoft.Extensions.Logging;

namespace BlazorAuth.Sync;

/// <summary>Reads the store into this node's <see cref="KnownChanges"/>, and notices when the store has lost something.</summary>
internal sealed class ChangeReader(
    ISessionStore store, KnownChanges changes, StoreState state, RevocationRecovery lost, ILogger<ChangeReader> logger) : IDisposable
{
    private readonly SemaphoreSlim _reading = new(1);
    private long _cursor;
    private bool _isBehind;

    /// <summary>Reads everything, for the first time.</summary>
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        await store.InitializeAsync(cancellationToken);
        await ReadAsync(all: true, cancellationToken);
    }

    /// <summary>Reads what changed since the last time; everything, while it was never read.</summary>
    public Task ReadNewAsync(CancellationToken cancellationToken) =>
        state.IsLoaded ? ReadAsync(all: false, cancellationToken) : LoadAsync(cancellationToken);

    /// <summary>
    /// Reads everything again, after a connection was lost: the server may have been restarted from a snapshot, and its numbers may have grown
    /// past ours with other changes.
    /// </summary>
    public Task ReadAllAsync(CancellationToken cancellationToken) =>
        state.IsLoaded ? ReadAsync(all: true, cancellationToken) : LoadAsync(cancellationToken);

    public void Dispose() => _reading.Dispose();

    private async Task ReadAsync(bool all, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            all |= _isBehind;
            // Old changes are of no use to a node; of those after the cursor none is left out, whatever the clock of who made them says.
            var horizon = changes.Horizon;
            var read = await store.ReadChangesAsync(all ? 0 : _cursor, all ? horizon : DateTimeOffset.MinValue, cancellationToken);
            var isLoss = state.Saw(read.StoreId, read.Number) || read.Cursor < _cursor;
            if (isLoss)
            {
                state.Lost();
                logger.StoreLostData();
            }

            // What cannot be finished now is done at the next tick.
            _isBehind = all || isLoss;
            if (isLoss && !all)
            {
                read = await store.ReadChangesAsync(0, horizon, cancellationToken);
            }

            Take(read, horizon);
            if (_isBehind && await lost.WriteBackAsync(read.Items, cancellationToken) && !isLoss)
            {
                state.Lost();
                logger.StoreLostData();
            }

            _isBehind = false;
        }
        finally
        {
            _reading.Release();
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
            logger.StoreLoaded(read.Items.Count);
        }
    }
}
