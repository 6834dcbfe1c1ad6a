namespace BlazorAuth.Sync;

/// <content>What the store has lost: found here or by another node, noted in the store, said in the log of each node.</content>
internal sealed partial class StoreWatch
{
    // Nodes note the same loss when they get to it, which a busy one does late.
    private static readonly TimeSpan CountsOnceFor = TimeSpan.FromMinutes(1);

    /// <summary>Whether the store knows what this node wrote at its last look, and all the numbers that it has seen.</summary>
    private void Compare(StoreLook look, long number)
    {
        var isOlder = (_acknowledged > 0 && (look.Own?.Sequence ?? 0) < _acknowledged) || look.Number < number;

        // A look that was not answered may have left its mark after the store went back: such a mark vouches for nothing, nor does a second look at the same loss.
        var isUnanswered = look.Own?.Sequence > _acknowledged;
        _acknowledged = _sequence;
        if (isOlder)
        {
            var left = look.Own ?? look.Last;
            var from = Math.Min(left?.Number ?? 0, look.Number);
            var isVouched = left is { } mark && mark.At >= _changes.Horizon && !isUnanswered && _found is not { IsVouched: false };
            _found = new Found(
                Math.Min(from, _found?.From ?? from), Math.Max(number, Math.Max(look.Number, _found?.To ?? 0)), isVouched, _clock.GetUtcNow(), _clock.GetTimestamp());
        }
    }

    /// <summary>Takes over what other nodes found out, and gives back what the store has lost of it. Whether there was something.</summary>
    private async Task<bool> LearnAsync(StoreLook look, bool isOther, CancellationToken cancellationToken)
    {
        _acknowledged = _sequence;
        if (look.Losses == _state.Losses.Text)
        {
            return false;
        }

        var (told, before) = (StoreLosses.Parse(look.Losses), _state.Losses);
        _state.Losses = isOther ? told : told.And(_state.Losses, _clock.GetUtcNow(), Kept);
        if (_state.Losses != told)
        {
            // If another node is faster, the next look shows it.
            await _store!.NoteLossAsync(told.Text, _state.Losses.Text, _state.Losses.Last, cancellationToken);
        }

        Say(before);
        if (_found is { } found && told.Covers(found.From, found.To, found.At - _options.ReconcileInterval - _options.ReconcileInterval))
        {
            _found = null;
        }

        return _state.HasBegun;
    }

    private async Task ReportAsync(bool isLoss, bool isOther, CancellationToken cancellationToken)
    {
        if (_found is { } found && _store is not null)
        {
            _state.Lost();

            // A node that does not have all revocations waits for one round of the others, however soon its own next one comes.
            if (found.IsVouched || _clock.GetElapsedTime(found.Timestamp) >= _options.ReconcileInterval)
            {
                _found = await NoteAsync(_store, found, cancellationToken) ? null : found;
            }
        }
        else if (isOther || ((isLoss || _isUnsaid) && !_wasTold))
        {
            // Where rows are missing, another node may be about to say more of it: the next round shows it.
            _isUnsaid = !isOther && _store is not null && !_isUnsaid;
            _state.Lost();
            if (!_isUnsaid)
            {
                _logger.StoreLostData();
            }
        }
        else
        {
            _isUnsaid = false;
        }

        _wasTold = false;
    }

    private async Task<bool> NoteAsync(IWatchedStore store, Found found, CancellationToken cancellationToken)
    {
        var before = _state.Losses;
        var losses = before.With(found.From, found.To, found.IsVouched ? StoreLossKind.Vouched : StoreLossKind.Unvouched, _clock.GetUtcNow(), Kept);
        if (!await store.NoteLossAsync(before.Text, losses.Text, losses.Last, cancellationToken))
        {
            // Another node was faster; the next look shows it.
            return false;
        }

        _state.Losses = losses;
        Say(before);
        return true;
    }

    // Whoever found it: the health of each node refers to its own log.
    private void Say(StoreLosses before)
    {
        foreach (var loss in _state.Losses.NewsTo(before, _clock.GetUtcNow() - StoreState.LossIsReportedFor, CountsOnceFor + _options.ReconcileInterval))
        {
            if (loss.Kind == StoreLossKind.Setting)
            {
                _state.Refuses(loss.At);
                _logger.SessionsBeforeRefused(loss.At);
                continue;
            }

            _state.Lost();
            (_wasTold, _isUnsaid) = (true, false);
            if (loss.IsVouched)
            {
                _logger.StoreWentBack();
            }
            else
            {
                _logger.StoreWentBackTooFar();
            }
        }
    }

    /// <summary>A loss that is to be noted.</summary>
    private sealed record Found(long From, long To, bool IsVouched, DateTimeOffset At, long Timestamp);
}
